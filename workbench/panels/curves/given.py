"""What the curves were given, and the table of it.

Invariant: the arrays may grow behind the given views, but what was given does not change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nncore.training.pace import Pace
from nncore.types import Array
from workbench.plotting.series import smooth

MOST_ROWS = 200_000
"""A table of more steps than this holds every second, third, ... of them."""

HEADER = ("epoch", "step", "raw", "smoothed", "train_epoch", "validation_epoch")


@dataclass(frozen=True, eq=False)
class Given:
    """A history as far as it has come.

    Attributes:
        steps: (n,) one value for each step.
        pace: where the steps lie on the axis of the epochs.
        epochs: (m,) numbers of the finished epochs.
        train, validation: (m,) means over these epochs, NaN where there is none.
        total: the epoch at the right end of the axis.
    """

    steps: Array
    pace: Pace
    epochs: Array
    train: Array
    validation: Array
    total: float

    def key(self) -> tuple[object, ...]:
        """Return what differs when there is something new to draw."""
        # As words, because NaN differs from itself.
        newest = (repr(float(values[-1])) if len(values) else "" for values in (self.steps, self.validation))
        return len(self.steps), len(self.epochs), self.pace, self.total, *newest

    @property
    def steps_per_epoch(self) -> float:
        """How many steps make an epoch at the end."""
        return self.pace.per_epoch[-1]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (len(self.steps) or len(self.epochs))

    def rows(self, span: int, scale: float) -> Iterator[list[object]]:
        """Yield rows under ``HEADER``: one for each step, and at the ends of epochs their means.

        Args:
            span: the smoothing, see ``series.smooth``.
            scale: what the values are multiplied by.
        """
        count = len(self.steps)
        at_step = np.round(self.pace.steps_at(self.epochs)).astype(np.int64)
        ends = {int(step): number for number, step in enumerate(at_step)}
        every = -(-count // MOST_ROWS) or 1
        chosen = sorted({*range(every, count + 1, every), *ends})
        measured = [step for step in chosen if 0 < step <= count]
        smoothed = dict(zip(measured, smooth(self.steps, span, np.array(measured)), strict=True))
        for step in chosen:
            values: list[float] = [math.nan] * 4
            if step in smoothed:
                values[:2] = self.steps[step - 1], smoothed[step]
            if step in ends:
                values[2:] = self.train[ends[step]], self.validation[ends[step]]
            cells = [f"{value * scale:.9g}" if math.isfinite(value) else "" for value in values]
            yield [f"{self.pace.epoch(step):.9g}", step, *cells]


def nothing(planned: float) -> Given:
    """Return what is given before a training of so many epochs."""
    return Given(np.empty(0), Pace.even(1), np.empty(0), np.empty(0), np.empty(0), planned)
