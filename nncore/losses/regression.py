"""Losses for numbers: each is the mean of a function of the difference d = y - t, over the numbers of a place."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.losses.base import Loss, register
from nncore.losses.operation import LossOp
from nncore.types import Array


@register("mse", "MSE")
class MeanSquaredError(Loss):
    """The mean of the squared differences: for predicting numbers.

    L = mean(d^2),  dL/dy = 2 d / n,  n = number of all entries

    Source: Gauss, "Theoria combinationis observationum erroribus minimis obnoxiae" (1823).
    """

    type_name: ClassVar[str] = "mean_squared_error"
    equation: ClassVar[str] = "L = mean (y − t)²"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return MeanSquaredErrorOp(output, gradient, target)


@register("mae", "MAE")
class MeanAbsoluteError(Loss):
    """The mean distance: for predicting numbers with outliers, which pull no more than other samples.

    L = mean |d|,  dL/dy = sign(d) / n

    Source: Laplace, "Théorie analytique des probabilités" (1812), where it leads to the median.
    """

    type_name: ClassVar[str] = "mean_absolute_error"
    equation: ClassVar[str] = "L = mean |y − t|"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return DifferenceOp(output, gradient, target, np.abs, np.sign)


@register()
class Huber(Loss):
    """Squared for small differences, straight for large ones: for predicting numbers with outliers.

    L = mean(d^2 / 2) where |d| <= delta, else mean(delta |d| - delta^2 / 2),  dL/dy = clip(d, -delta, delta) / n

    Source: Huber, "Robust estimation of a location parameter" (1964).
    """

    type_name: ClassVar[str] = "huber"
    equation: ClassVar[str] = "L = mean d²/2 (|d| ≤ δ), δ |d| − δ²/2 (|d| > δ),  d = y − t"

    delta: float = hyper(1.0, gt=0, le=1e6, log=True, label="Delta", help="Where the parabola becomes straight.")

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return DifferenceOp(output, gradient, target, self._loss, self._slope)

    def _slope(self, difference: Array) -> Array:
        return np.clip(difference, -self.delta, self.delta)

    def _loss(self, difference: Array) -> Array:
        slope = self._slope(difference)
        loss: Array = slope * (difference - 0.5 * slope)  # both branches: slope is d, or delta with the sign of d
        return loss


@register("logcosh")
class LogCosh(Loss):
    """Nearly squared for small differences and straight for large ones, without a corner.

    L = mean(log cosh d) = mean(|d| + log(1 + exp(-2 |d|)) - log 2),  dL/dy = tanh(d) / n

    Source: Green, "Bayesian reconstructions from emission tomography data using a modified EM algorithm" (1990).
    """

    type_name: ClassVar[str] = "log_cosh"
    equation: ClassVar[str] = "L = mean log cosh (y − t)"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return DifferenceOp(output, gradient, target, _log_cosh, np.tanh)


def _log_cosh(difference: Array) -> Array:
    size = np.abs(difference)
    loss: Array = size + np.log1p(np.exp(-2 * size)) - math.log(2)
    return loss


class DifferenceOp(LossOp):
    """The mean of a function of the difference; keeps the difference between the two passes.

    Args:
        loss, slope: the function and its derivative, entry by entry.
    """

    def __init__(
        self,
        output: Array,
        gradient: Array | None,
        target: Array,
        loss: Callable[[Array], Array],
        slope: Callable[[Array], Array],
    ) -> None:
        super().__init__(output, gradient, target)
        self.loss, self.slope = loss, slope
        self.difference = np.empty_like(output)

    def losses(self) -> Array:
        np.subtract(self.output, self.target, out=self.difference)
        found: Array = self.loss(self.difference).mean(axis=-1)
        return found

    def slopes(self) -> None:
        np.multiply(self.slope(self.difference), self.share / self.output.shape[-1], out=self.gradient)


class MeanSquaredErrorOp(DifferenceOp):
    """The same, with the mean of all squares as one product where all places count the same."""

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        super().__init__(output, gradient, target, np.square, _doubled)
        self.flat = self.difference.reshape(-1)
        self.factor = np.array(2 / self.flat.size, output.dtype)

    def mean(self) -> float:
        np.subtract(self.output, self.target, self.difference)
        return float(np.dot(self.flat, self.flat)) / self.flat.size

    def slopes(self) -> None:
        np.multiply(self.difference, self.factor, self.gradient)


def _doubled(difference: Array) -> Array:
    return 2 * difference
