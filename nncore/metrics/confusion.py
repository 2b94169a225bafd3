"""Metrics that tell apart which kind of mistake was made: precision, recall and F1."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.metrics.base import Metric, classes_of, places, ratio, register, rows_of
from nncore.types import Array, Shape


class _Found(Metric):
    """Counts of what was found and what is there: (right, found, there), for each output."""

    for_classes: ClassVar[bool] = True
    higher_is_better: ClassVar[bool] = True
    percent: ClassVar[bool] = True

    def size(self, output: Shape) -> int:
        return 3 * output[-1]


def _yeses(wanted: Array, flat: Array, threshold: float) -> Array:
    """Return the counts where every output is a yes or no of its own."""
    found, there = flat > threshold, rows_of(wanted, flat) > 0.5
    return np.concatenate([(found & there).sum(axis=0), found.sum(axis=0), there.sum(axis=0)]).astype(np.float64)


def _largest(wanted: Array, flat: Array) -> Array:
    """Return the counts where the largest output is what was found."""
    answer, true = flat.argmax(axis=1), classes_of(wanted).astype(np.intp)
    counts = [np.bincount(classes, minlength=flat.shape[1]) for classes in (answer[answer == true], answer, true)]
    return np.concatenate(counts).astype(np.float64)


class _Thresholded(_Found):
    thresholds: float = hyper(
        0.5, ge=0, le=1, none_as=0.5, label="Threshold", help="Above this, an output means that the class is found."
    )

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        return _yeses(*places(target, output, mask), self.thresholds)


@register()
class Precision(_Thresholded):
    """Of what was found, the share that is right: right / found.

    Every output is a yes or no of its own, and several are counted together, as in Keras.

    Source: van Rijsbergen, "Information Retrieval" (1979), chapter 7.
    """

    type_name: ClassVar[str] = "precision"
    label: ClassVar[str] = "Precision"
    equation: ClassVar[str] = "right / found"

    def result(self, totals: Array) -> float:
        right, found, _ = totals.reshape(3, -1).sum(axis=1)
        return ratio(right, found)


@register()
class Recall(_Thresholded):
    """Of what is there, the share that was found: right / there.

    Every output is a yes or no of its own, and several are counted together, as in Keras.

    Source: van Rijsbergen, "Information Retrieval" (1979), chapter 7.
    """

    type_name: ClassVar[str] = "recall"
    label: ClassVar[str] = "Recall"
    equation: ClassVar[str] = "right / there"

    def result(self, totals: Array) -> float:
        right, _, there = totals.reshape(3, -1).sum(axis=1)
        return ratio(right, there)


@register()
class F1Score(_Found):
    """The harmonic mean of precision and recall: F1 = 2 right / (found + there).

    A single output is compared with the threshold, 0.5 if none is given. Of several outputs the largest is what was
    found, and the value is the mean over the classes (Keras's ``average="macro"``; its own default is a list of one
    value for each class). With a threshold, every output is a yes or no of its own.

    Source: van Rijsbergen, "Information Retrieval" (1979), chapter 7.
    """

    type_name: ClassVar[str] = "f1_score"
    label: ClassVar[str] = "F1"
    equation: ClassVar[str] = "2 right / (found + there)"

    average: str = hyper(
        "macro",
        choices=lambda: ("macro", "micro", "weighted"),
        help="macro: every class counts the same; weighted: by its samples; micro: all counts together.",
    )
    threshold: float | None = hyper(
        None, gt=0, le=1, help="Above this, an output means that the class is found; empty: the largest decides."
    )

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        wanted, flat = places(target, output, mask)
        if self.threshold is None and output.shape[-1] > 1:
            return _largest(wanted, flat)
        return _yeses(wanted, flat, 0.5 if self.threshold is None else self.threshold)

    def result(self, totals: Array) -> float:
        right, found, there = totals.reshape(3, -1)
        if self.average == "micro":
            return ratio(2 * right.sum(), found.sum() + there.sum())
        values = np.array([ratio(2 * a, b) for a, b in zip(right, found + there, strict=True)])
        return ratio((values * there).sum(), there.sum()) if self.average == "weighted" else float(values.mean())
