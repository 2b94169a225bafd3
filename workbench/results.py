"""What the watching half of the window is given to show: plain, immutable values without Qt.

Invariant: nothing here refers to a training or to a thread; the arrays are read-only for whoever receives them. An
inspector makes these values from a snapshot and a question, a panel shows them, at any later time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.types import Array

_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Predictions:
    """Samples and what the network makes of them.

    Attributes:
        images_or_rows: (rows, height, width), (rows, height, width, channels) pixels, or (rows, features) numbers, as
            people know them: uint8, or floating-point pixels from 0 to 1; tables unscaled.
        truth: (rows,) class numbers, or (rows,) numbers in their own unit.
        output: (rows, classes), (rows, 1) for yes or no and for numbers; None before the first training.
        class_names: one word for each class; empty when a number is predicted.
        feature_names: one word for each column of a table; empty for images.
        step, epoch: the moment the weights are from.
    """

    images_or_rows: Array
    truth: Array
    output: Array | None
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    step: int
    epoch: float

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def are_images(self) -> bool:
        """Whether a sample is a picture."""
        return self.images_or_rows.ndim >= 3

    @property
    def are_classes(self) -> bool:
        """Whether a class is predicted, not a number."""
        return bool(self.class_names)

    @cached_property
    def scores(self) -> Array:
        """(rows, classes) outputs as float64; a single yes-or-no output becomes two. Empty before the training."""
        if self.output is None:
            return np.empty((len(self), 0))
        scores = np.asarray(self.output, dtype=np.float64).reshape(len(self), -1)
        if self.are_classes and scores.shape[1] == 1:
            return np.hstack([1 - scores, scores])
        return scores

    @cached_property
    def are_shares(self) -> bool:
        """Whether the scores can be read as percentages: from 0 to 1. Outputs without an activation cannot."""
        known = self.scores[np.isfinite(self.scores)]
        return bool(known.size) and bool((known >= -_SUM_TOLERANCE).all() and (known <= 1 + _SUM_TOLERANCE).all())

    @cached_property
    def answered(self) -> Array:
        """(rows,) whether there is an answer: none before the training, nor where an output is not a number."""
        if not self.scores.shape[1]:
            return np.zeros(len(self), dtype=bool)
        finite: Array = np.logical_and.reduce(np.isfinite(self.scores), axis=1)
        return finite

    @cached_property
    def predicted(self) -> Array:
        """(rows,) the class with the largest score, or the predicted number; -1 or NaN without an answer."""
        if not self.are_classes:
            return np.where(self.answered, self.scores[:, 0], np.nan) if self.scores.shape[1] else self._full(np.nan)
        if not self.scores.shape[1]:
            return self._full(-1).astype(np.int64)
        return np.where(self.answered, np.where(self.answered[:, None], self.scores, 0).argmax(axis=1), -1)

    @cached_property
    def confidence(self) -> Array:
        """(rows,) the score of the predicted class; NaN without an answer."""
        return self._score_of(self.predicted)

    @cached_property
    def right(self) -> Array:
        """(rows,) whether the predicted class is the true one; False throughout for numbers."""
        if not self.are_classes:
            return np.zeros(len(self), dtype=bool)
        same: Array = self.answered & (self.predicted == self.truth.reshape(-1))
        return same

    @cached_property
    def badness(self) -> Array:
        """(rows,) how bad the answers are: minus the score of the truth, or the distance from it; -inf if unknown."""
        if self.are_classes:
            badness = -self._score_of(self.truth.reshape(-1))
        else:
            badness = np.abs(self.predicted - self.truth.reshape(len(self), -1)[:, 0])
        return np.where(np.isfinite(badness), badness, -np.inf)

    def _score_of(self, classes: Array) -> Array:
        if not (self.are_classes and self.scores.shape[1]):
            return self._full(np.nan)
        inside = np.clip(classes.astype(np.int64), 0, self.scores.shape[1] - 1)
        return np.where(self.answered, self.scores[np.arange(len(self)), inside], np.nan)

    def _full(self, value: float) -> Array:
        return np.full(len(self), value)


@dataclass(frozen=True)
class GridRequest:
    """A question to an inspector: the outputs at ``height`` x ``width`` points spread evenly over a rectangle.

    Attributes:
        x_range, y_range: the first and the last coordinate of the grid, in the unit of the points.
        width, height: numbers of points, both ends included.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: int
    height: int

    def points(self) -> Array:
        """Return the (height * width, 2) points, the lowest row first."""
        x, y = np.meshgrid(np.linspace(*self.x_range, self.width), np.linspace(*self.y_range, self.height))
        return np.column_stack([x.ravel(), y.ravel()])


@dataclass(frozen=True, eq=False)
class Grid:
    """The answer to a ``GridRequest``.

    Attributes:
        values: (height, width, classes or 1) outputs, the lowest row first.
        x_range, y_range: those of the request.
        step, epoch: the moment the weights are from.
    """

    values: Array
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    step: int
    epoch: float
