"""Accuracy in its forms: the share of right answers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.metrics.base import Metric, classes_of, places, register, rows_of
from nncore.types import Array


class _Share(Metric):
    """A share of right answers: right / all."""

    for_classes: ClassVar[bool] = True
    higher_is_better: ClassVar[bool] = True
    percent: ClassVar[bool] = True
    label: ClassVar[str] = "Accuracy"
    equation: ClassVar[str] = "right / all"


@register("acc")
class Accuracy(_Share):
    """The share of right answers.

    Class numbers, or one-hot rows, are compared with the largest output; a single yes-or-no output, with 0.5. This is
    what Keras does for the name ``"accuracy"``.
    """

    type_name: ClassVar[str] = "accuracy"

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        if output.shape[-1] == 1:
            return _sides(target, output, mask, 0.5)
        return _largest(target, output, mask)


@register()
class BinaryAccuracy(_Share):
    """The share of outputs on the right side of the threshold, counted one by one."""

    type_name: ClassVar[str] = "binary_accuracy"
    label: ClassVar[str] = "Binary accuracy"

    threshold: float = hyper(0.5, gt=0, lt=1, help="From where on an output means yes.")

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        return _sides(target, output, mask, self.threshold)


@register()
class CategoricalAccuracy(_Share):
    """The share of places where the largest output is that of the true class; for one-hot rows and class numbers."""

    type_name: ClassVar[str] = "categorical_accuracy"

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        return _largest(target, output, mask)


@register()
class SparseCategoricalAccuracy(CategoricalAccuracy):
    """The share of places where the largest output is that of the true class; for class numbers and one-hot rows."""

    type_name: ClassVar[str] = "sparse_categorical_accuracy"


@register("top_k_accuracy")
class TopKCategoricalAccuracy(_Share):
    """The share of places where fewer than k outputs are larger than that of the true class.

    For one-hot rows and class numbers. Outputs of the same size as the true class's do not count against it.
    """

    type_name: ClassVar[str] = "top_k_categorical_accuracy"
    label: ClassVar[str] = "Top-k accuracy"

    k: int = hyper(5, ge=1, le=1_000_000, help="How many of the largest outputs may be the true class's.")

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        wanted, flat = places(target, output, mask)
        true = np.take_along_axis(flat, classes_of(wanted)[:, None].astype(np.intp), axis=1)
        right = (flat > true).sum(axis=1) < self.k
        return np.array([np.count_nonzero(right), len(flat)], np.float64)


@register("sparse_top_k_accuracy")
class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of places where fewer than k outputs are larger than that of the true class.

    The same as ``TopKCategoricalAccuracy``, under the name that Keras has for class numbers.
    """

    type_name: ClassVar[str] = "sparse_top_k_categorical_accuracy"


def _largest(target: Array, output: Array, mask: Array | None) -> Array:
    """Return (places where the largest output is right, places)."""
    wanted, flat = places(target, output, mask)
    right = np.count_nonzero(flat.argmax(axis=1) == classes_of(wanted))
    return np.array([right, len(flat)], np.float64)


def _sides(target: Array, output: Array, mask: Array | None, threshold: float) -> Array:
    """Return (outputs on the right side of the threshold, outputs)."""
    wanted, flat = places(target, output, mask)
    right = np.count_nonzero((flat > threshold) == (rows_of(wanted, flat) > threshold))
    return np.array([right, flat.size], np.float64)
