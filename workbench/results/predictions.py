"""Samples beside what the network says of them: one answer for each sample."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.datasets.base import IMAGE, TABLE, TEXT
from nncore.types import Array

_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class Predictions:
    """Samples and what the network makes of them.

    Attributes:
        images_or_rows: (rows, height, width), (rows, height, width, channels) pixels, (rows, time, features) of a
            series, or (rows, features) numbers, as people know them: uint8, or floating-point pixels from 0 to 1;
            tables and series unscaled; tokens for texts.
        truth: (rows,) class numbers, or (rows,) numbers in their own unit.
        output: (rows, classes), (rows, 1) for yes or no and for numbers; None before the first training.
        class_names: one word for each class; empty when a number is predicted.
        feature_names: one word for each column of a table; empty for images.
        step, epoch: the moment the weights are from.
        kind: what a sample is, as in ``Data``; found by the shape where it is empty.
        texts: the samples as people read them; only for texts.
    """

    images_or_rows: Array
    truth: Array
    output: Array | None
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    step: int
    epoch: float
    kind: str = ""
    texts: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.truth)

    @property
    def are_images(self) -> bool:
        """Whether a sample is a picture."""
        return (self.kind or (IMAGE if self.images_or_rows.ndim >= 3 else TABLE)) == IMAGE

    @property
    def are_texts(self) -> bool:
        """Whether a sample is a text."""
        return self.kind == TEXT

    @property
    def are_curves(self) -> bool:
        """Whether a sample is a piece of a series: numbers (time, features)."""
        return not self.are_images and self.images_or_rows.ndim == 3

    @property
    def are_judged(self) -> bool:
        """Whether an answer is right or wrong."""
        return self.are_classes

    @property
    def are_classes(self) -> bool:
        """Whether each sample belongs to a class, and is not a number."""
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
