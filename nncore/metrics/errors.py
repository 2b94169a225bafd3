"""Metrics for numbers: how far the output y is from the target t."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.metrics.base import Metric, places, register, rows_of
from nncore.types import Array, Shape


@register("mean_absolute_error", "MAE")
class MeanAbsoluteError(Metric):
    """The mean distance: mean |y - t|, in the unit of the targets."""

    type_name: ClassVar[str] = "mae"
    object_name: ClassVar[str] = "mean_absolute_error"
    title: ClassVar[str] = "mean absolute error"
    label: ClassVar[str] = "Mean absolute error"
    unit_power: ClassVar[int] = 1
    equation: ClassVar[str] = "mean |y − t|"

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        difference = _difference(target, output, mask)
        return np.array([np.abs(difference).sum(dtype=np.float64), difference.size])


@register("mean_squared_error", "MSE")
class MeanSquaredError(Metric):
    """The mean of the squared differences: mean (y - t)^2, in the square of the targets' unit."""

    type_name: ClassVar[str] = "mse"
    object_name: ClassVar[str] = "mean_squared_error"
    title: ClassVar[str] = "mean squared error"
    label: ClassVar[str] = "Mean squared error"
    unit_power: ClassVar[int] = 2
    equation: ClassVar[str] = "mean (y − t)²"

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        return _squares(target, output, mask)


@register("rmse", "RMSE")
class RootMeanSquaredError(Metric):
    """The root of the mean squared difference: sqrt(mean (y - t)^2), in the unit of the targets."""

    type_name: ClassVar[str] = "root_mean_squared_error"
    label: ClassVar[str] = "Root mean squared error"
    unit_power: ClassVar[int] = 1
    equation: ClassVar[str] = "√ mean (y − t)²"

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        return _squares(target, output, mask)

    def result(self, totals: Array) -> float:
        return math.sqrt(super().result(totals))


@register()
class R2Score(Metric):
    """The share of the targets' variation that the outputs explain: 1 is perfect, 0 no better than their mean.

    R^2 = 1 - sum (y - t)^2 / sum (t - mean t)^2,  the mean of this over the numbers of a place

    Where the targets do not vary it is 1 for outputs that are exactly right, and else 0.

    Source: Wright, "Correlation and causation" (1921).
    """

    type_name: ClassVar[str] = "r2_score"
    title: ClassVar[str] = "R² score"
    label: ClassVar[str] = "R²"
    higher_is_better: ClassVar[bool] = True
    equation: ClassVar[str] = "1 − Σ (y − t)² / Σ (t − mean t)²"

    def size(self, output: Shape) -> int:
        return 1 + 3 * output[-1]

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        wanted, flat = places(target, output, mask)
        true = rows_of(wanted, flat).astype(np.float64)
        errors = np.square(flat - true).sum(axis=0)
        return np.concatenate([[len(flat)], errors, true.sum(axis=0), np.square(true).sum(axis=0)])

    def result(self, totals: Array) -> float:
        count = totals[0]
        errors, sums, squares = totals[1:].reshape(3, -1)
        if not count:
            return 0.0
        variation = squares - sums * (sums / count)
        varies = variation > 1e-12 * squares  # less than this is what rounding leaves of a constant
        scores = np.where(varies, 1 - errors / np.where(varies, variation, 1), errors == 0)
        return float(scores.mean())


def _difference(target: Array, output: Array, mask: Array | None) -> Array:
    wanted, flat = places(target, output, mask)
    difference: Array = flat - rows_of(wanted, flat)
    return difference


def _squares(target: Array, output: Array, mask: Array | None) -> Array:
    """Return (sum of the squared differences, their number)."""
    difference = _difference(target, output, mask)
    return np.array([np.square(difference).sum(dtype=np.float64), difference.size])
