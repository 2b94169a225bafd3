"""What happened during training, written by one thread while another one reads.

Invariant: numbers are written before the count that tells of them, and are never changed afterwards. A reader takes
the count first and then the array, so it sees only finished entries, without a lock.
"""

from __future__ import annotations

import math

import numpy as np

from nncore.training.changes import Changed, noted
from nncore.training.pace import Pace
from nncore.types import Array

_FIRST_CAPACITY = 1024


class Series:
    """Numbers that are only ever added at the end."""

    def __init__(self, values: Array | None = None) -> None:
        given = np.asarray([] if values is None else values, dtype=np.float64)
        self._values: Array = np.empty(max(_FIRST_CAPACITY, 2 * len(given)))
        self._values[: len(given)] = given
        self._count = len(given)

    def append(self, value: float) -> None:
        """Add one number; only the thread that trains may call it."""
        count = self._count
        if count == len(self._values):
            grown = np.empty(2 * count)
            grown[:count] = self._values
            self._values = grown
        self._values[count] = value
        self._count = count + 1

    def __len__(self) -> int:
        return self._count

    def values(self, start: int = 0) -> Array:
        """Return what has been added from position ``start`` on, as a view that must not be written to."""
        count = self._count
        return self._values[start:count]


class History:
    """The course of one training.

    Attributes:
        metric: name of the metric in ``step_metric``.
        steps_per_epoch: how many steps make an epoch, with the batch size of now.
        pace: where each step lies on the axis of the epochs, whatever the batch size was.
        changes: which settings were changed on the way.
        step_loss, step_metric: one number for each step: of its batch, before the step.
        epochs: for each name (``loss``, ``accuracy``, ``val_loss``, ...) one number for each finished epoch.
        seconds: time spent on training and validation, without pauses.
        samples: how many training samples have been learned.
    """

    def __init__(self, metric: str = "accuracy", steps_per_epoch: int = 1) -> None:
        self.metric = metric
        self.steps_per_epoch = steps_per_epoch
        self.pace = Pace.even(steps_per_epoch)
        self.changes: tuple[Changed, ...] = ()
        self.step_loss = Series()
        self.step_metric = Series()
        self.epochs: dict[str, Series] = {}
        self.seconds = 0.0
        self.samples = 0

    def add_step(self, loss: float, metric: float) -> None:
        """Add what one step saw; the loss last, because readers count the losses."""
        self.step_metric.append(metric)
        self.step_loss.append(loss)

    def add_epoch(self, logs: dict[str, float]) -> None:
        """Add the means of a finished epoch; names that come later are filled up with NaN in front."""
        done = self.epoch_count()
        for name in logs:
            if name not in self.epochs:
                self.epochs = {**self.epochs, name: Series(np.full(done, np.nan))}
        for name, series in reversed(self.epochs.items()):
            series.append(logs.get(name, float("nan")))

    def change_pace(self, epoch: float, left: int, steps_per_epoch: int) -> None:
        """Say that the steps from here on have another size.

        Args:
            epoch: where the training is, with the fraction of the epoch under way.
            left: how many steps of the new size end this epoch.
            steps_per_epoch: how many of them make a whole one.
        """
        step, end = len(self.step_loss), math.floor(epoch) + 1
        self.pace = self.pace.changed(step, epoch, left / (end - epoch)).changed(step + left, end, steps_per_epoch)
        self.steps_per_epoch = steps_per_epoch

    def add_change(self, epoch: float, name: str, before: object, after: object) -> None:
        """Remember that a setting was changed; what one gesture does in many small steps is one change."""
        self.changes = noted(self.changes, Changed(len(self.step_loss), epoch, name, before, after))

    def epoch_count(self) -> int:
        """Return the number of finished epochs."""
        return len(self.epochs["loss"]) if "loss" in self.epochs else 0

    def epoch_values(self, name: str) -> Array:
        """Return one number for each finished epoch; NaN where it was not measured."""
        count = self.epoch_count()
        return self.epochs[name].values()[:count] if name in self.epochs else np.full(count, np.nan)

    def last(self, name: str) -> float | None:
        """Return the number of the last finished epoch, or None."""
        values = self.epoch_values(name)
        return float(values[-1]) if len(values) and np.isfinite(values[-1]) else None

    def copy(self) -> History:
        """Return an independent copy; safe while another thread writes."""
        other = History(self.metric, self.steps_per_epoch)
        count = len(self.step_loss)
        other.step_loss = Series(self.step_loss.values()[:count])
        other.step_metric = Series(self.step_metric.values()[:count])
        done = self.epoch_count()
        other.epochs = {name: Series(series.values()[:done]) for name, series in self.epochs.items()}
        other.seconds, other.samples = self.seconds, self.samples
        other.pace, other.changes = self.pace, self.changes
        return other

    def arrays(self) -> dict[str, Array]:
        """Return all numbers as named arrays, for a file; ``changes``, which have words, are no part of it."""
        named = {f"epoch.{name}": self.epoch_values(name) for name in self.epochs}
        return {
            "step.loss": self.step_loss.values(),
            "step.metric": self.step_metric.values()[: len(self.step_loss)],
            "totals": np.array([self.seconds, self.samples, self.steps_per_epoch], dtype=np.float64),
            **(self.pace.arrays() if self.pace != Pace.even(self.steps_per_epoch) else {}),
            **named,
        }

    @staticmethod
    def from_arrays(metric: str, arrays: dict[str, Array]) -> History:
        """Return the history that ``arrays`` described; raise ``KeyError`` or ``ValueError`` if they do not fit."""
        seconds, samples, steps_per_epoch = (float(value) for value in arrays["totals"])
        history = History(metric, int(steps_per_epoch))
        history.seconds, history.samples = seconds, int(samples)
        if Pace.is_in(arrays):
            history.pace = Pace.from_arrays(arrays)
        history.step_loss, history.step_metric = Series(arrays["step.loss"]), Series(arrays["step.metric"])
        if len(history.step_loss) != len(history.step_metric):
            raise ValueError("losses and metrics of the steps differ in number")
        for key, values in arrays.items():
            if key.startswith("epoch."):
                history.epochs[key.removeprefix("epoch.")] = Series(values)
        if len({len(series) for series in history.epochs.values()}) > 1:
            raise ValueError("the epochs of the measures differ in number")
        return history
