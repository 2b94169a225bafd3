"""Losses with a margin: an answer that is right by enough costs nothing."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from nncore.errors import DataError
from nncore.losses.base import Loss, Problem, Target, register
from nncore.losses.operation import LossOp
from nncore.types import Array, Shape


@register()
class Hinge(Loss):
    """For two classes told by the sign of one number, as in a support vector machine.

    L = mean(max(0, 1 - t y)),  dL/dy = -t / n where t y < 1, else 0

    The targets t are -1 and 1; a batch of zeros and ones is taken for that, as in Keras.

    Source: Cortes and Vapnik, "Support-vector networks" (1995).
    """

    type_name: ClassVar[str] = "hinge"
    needs_classes: ClassVar[bool] = True
    equation: ClassVar[str] = "L = mean max (0, 1 − t y),  t = ±1"

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        if target.classes and (target.classes != 2 or output != (*target.shape, 1)):
            return Problem(
                f"The loss hinge needs two classes and one output, but there are {target.classes} classes and "
                f"{output[-1]} outputs.",
                "Make the last layer a Dense with 1 unit." if target.classes == 2 else "Use another loss.",
            )
        wrong = super().problem(output, activation, target)
        if wrong is None and activation not in ("linear", "tanh"):
            return Problem(
                f"The loss hinge needs outputs on both sides of 0, but the last activation is {activation}.",
                "Use linear in the last layer, or tanh.",
            )
        return wrong

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        encoded = super().encode(y, output, classes, dtype)
        strange = encoded[~np.isin(encoded, (-1, 0, 1))]
        if strange.size:
            raise DataError(
                f"The loss hinge needs targets that are -1 and 1, or 0 and 1, but there is the target {strange[0]:g}.",
                "Use mean_squared_error, or other targets.",
            )
        return encoded

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return HingeOp(output, gradient, target)


class HingeOp(LossOp):
    """Keeps the signs and the margins that are left between the two passes."""

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        super().__init__(output, gradient, target)
        self.signs, self.margin = np.empty_like(output), np.empty_like(output)

    def losses(self) -> Array:
        if ((self.target == 0) | (self.target == 1)).all():
            np.multiply(self.target, 2, out=self.signs)
            self.signs -= 1
        else:
            np.copyto(self.signs, self.target)
        np.multiply(self.signs, self.output, out=self.margin)
        np.subtract(1, self.margin, out=self.margin)
        np.maximum(self.margin, 0, out=self.margin)
        found: Array = self.margin.mean(axis=-1)
        return found

    def slopes(self) -> None:
        np.multiply(self.signs, self.margin > 0, out=self.gradient)
        assert self.gradient is not None
        self.gradient *= -self.share / self.output.shape[-1]
