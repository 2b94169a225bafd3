"""Sequences with an answer at each of their steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.types import Array


@dataclass(frozen=True, eq=False)
class StepAnswers:
    """Sequences, the true class at each step, and the network's.

    Attributes:
        inputs: for each sequence the words of its steps, as people know them.
        truth: (rows, steps) class numbers.
        output: (rows, steps, classes), or (rows, steps, 1) for yes or no; None before the first training.
        class_names: one word for each class.
        part: which part of the data it is.
        step, epoch: the moment the weights are from.
    """

    inputs: tuple[tuple[str, ...], ...]
    truth: Array
    output: Array | None
    class_names: tuple[str, ...]
    part: str
    step: int
    epoch: float

    def __len__(self) -> int:
        return len(self.truth)

    @cached_property
    def predicted(self) -> Array:
        """(rows, steps) the class with the largest output; -1 without an answer."""
        if self.output is None:
            return np.full(self.truth.shape, -1)
        output = np.asarray(self.output, dtype=np.float64).reshape(*self.truth.shape, -1)
        known: Array = np.logical_and.reduce(np.isfinite(output), axis=-1)
        best = output[..., 0] > 0.5 if output.shape[-1] == 1 else np.where(known[..., None], output, 0).argmax(axis=-1)
        return np.where(known, best, -1).astype(np.int64)

    @property
    def answered(self) -> bool:
        """Whether the network has said anything."""
        return bool((self.predicted >= 0).any())

    @cached_property
    def right(self) -> Array:
        """(rows, steps) whether the answer is the truth."""
        same: Array = self.predicted == self.truth
        return same

    def name(self, number: int) -> str:
        """Return the word of a class."""
        return self.class_names[number] if 0 <= number < len(self.class_names) else str(number)
