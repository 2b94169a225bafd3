"""Samples beside what the network makes of them when it has to give them back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nncore.types import Array
from workbench.results.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Reconstructions(Predictions):
    """Inputs and their reconstructions; ``truth`` is what the data say of a sample, NaN where they say nothing.

    Attributes:
        rebuilt: like ``images_or_rows``; None before the first training.
        errors: (rows,) mean squared error of each sample, of the numbers as the network gets them.
        codes: (rows, 2) what the narrowest layer says of each sample; None where it has not two numbers.
    """

    rebuilt: Array | None = None
    errors: Array = field(default_factory=lambda: np.empty(0))
    codes: Array | None = None

    @property
    def are_judged(self) -> bool:
        return False

    @cached_property
    def answered(self) -> Array:
        if self.rebuilt is None:
            return np.zeros(len(self), dtype=bool)
        finite: Array = np.isfinite(self.errors)
        return finite

    @cached_property
    def badness(self) -> Array:
        """(rows,) the error; -inf if unknown."""
        if self.rebuilt is None:
            return np.full(len(self), -np.inf)
        return np.where(self.answered, self.errors, -np.inf)
