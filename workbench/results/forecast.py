"""A series and its one-step forecasts, beside those of rules that need no learning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.types import Array

NETWORK, SEASONAL, LAST = "network", "seasonal", "last"


@dataclass(frozen=True, eq=False)
class Forecast:
    """A series and what was forecast of it, each value from those before it.

    Attributes:
        values: (n,) the series in its own unit.
        network: (n,) the network's forecasts; NaN where there is none, throughout before the first training.
        validation, test: place of the first value of that part; n where there is none.
        first: place of the first value that is forecast; those before it are only known.
        period: the steps after which seasons come again; 0 if there are none.
        times: one word for each value; empty if they have no names.
        target_name: what the values are, with their unit.
        step, epoch: the moment the weights are from.
    """

    values: Array
    network: Array
    first: int
    validation: int
    test: int
    period: int
    times: tuple[str, ...]
    target_name: str
    step: int
    epoch: float

    def __len__(self) -> int:
        return len(self.values)

    @property
    def answered(self) -> bool:
        """Whether the network has made a forecast."""
        return bool(np.isfinite(self.network).any())

    @cached_property
    def seasonal(self) -> Array:
        """(n,) the value one season before each; NaN where it is not known."""
        return self._shifted(self.period)

    @cached_property
    def last(self) -> Array:
        """(n,) the value before each."""
        return self._shifted(1)

    def _shifted(self, steps: int) -> Array:
        shifted = np.full(len(self), np.nan)
        if 0 < steps < len(self):
            shifted[steps:] = self.values[:-steps]
        return shifted

    @property
    def judged(self) -> slice:
        """The part by which forecasts are judged: the test part, or else the validation part, or else all."""
        if self.test < len(self):
            return slice(self.test, len(self))
        return slice(self.validation if self.validation < len(self) else self.first, len(self))

    @cached_property
    def errors(self) -> dict[str, float]:
        """Mean absolute error of each forecast on the ``judged`` part; without what makes no forecast there."""
        truth = self.values[self.judged]
        forecasts = {NETWORK: self.network, SEASONAL: self.seasonal, LAST: self.last}
        errors = {name: np.abs(truth - forecast[self.judged]) for name, forecast in forecasts.items()}
        return {name: float(error.mean()) for name, error in errors.items() if len(error) and np.isfinite(error).all()}

    def time(self, place: int) -> str:
        """Return the name of a moment, or its number."""
        return self.times[place] if place < len(self.times) else f"step {place:,}"

    def part(self, place: int) -> str:
        """Return the part that a value belongs to; empty for those that are only known."""
        if place < self.first:
            return ""
        return "test" if place >= self.test else "validation" if place >= self.validation else "training"
