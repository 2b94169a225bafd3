"""Losses for numbers: mean squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.losses.base import Loss, LossOp, register
from nncore.types import Array


@register("mse")
@dataclass(frozen=True)
class MeanSquaredError(Loss):
    """The mean of the squared differences: for numbers.

    L = mean((y - t)^2),  dL/dy = 2 (y - t) / n,  n = number of all entries
    """

    type_name: ClassVar[str] = "mean_squared_error"
    equation: ClassVar[str] = "L = mean (y − t)²"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return MeanSquaredErrorOp(output, gradient, target)


class MeanSquaredErrorOp(LossOp):
    """Keeps the difference between the two passes."""

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        self.output, self.gradient, self.target = output, gradient, target
        self.difference = np.empty_like(output)

    def forward(self) -> float:
        np.subtract(self.output, self.target, out=self.difference)
        flat = self.difference.ravel()
        return float(np.dot(flat, flat)) / flat.size

    def backward(self) -> None:
        if self.gradient is not None:
            np.multiply(self.difference, 2.0 / self.difference.size, out=self.gradient)
