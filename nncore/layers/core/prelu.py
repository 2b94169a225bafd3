"""The layer PReLU."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.initializers import Initializer, Zeros
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.regularizers import Regularizer
from nncore.types import Shape


@register
class PReLU(Layer):
    """Lets positive numbers through, and a learned share of negative ones.

    y = max(x, 0) + a * min(x, 0)

    Shapes: x and y (rows, a, b, ...), a = ``alpha`` (a, b, ...), with 1 in place of every shared axis; axis 1 is the
    first one after the rows.

    Backward: dx = dy where x > 0, else a * dy;  da = sum over rows and shared axes of dy * min(x, 0).
    Source: He et al., "Delving deep into rectifiers" (2015).
    """

    equation: ClassVar[str] = "y = max(x, 0) + α min(x, 0)"
    supports_masking: ClassVar[bool] = True

    alpha_initializer: Initializer = hyper(
        Zeros(), label="Initial slope", advanced=True, help="The share of negative numbers that passes at first."
    )
    alpha_regularizer: Regularizer | None = hyper(
        None, label="Regularizer", advanced=True, help="A penalty on large slopes."
    )
    shared_axes: tuple[int, ...] | None = hyper(
        None, advanced=True, help="Axes along which one slope serves all, such as (1, 2) for height and width."
    )

    def output_shape(self, shape: Shape) -> Shape:
        beyond = [axis for axis in self.shared_axes or () if axis > len(shape)]
        if beyond:
            raise ShapeError(
                f"PReLU: shared_axes names axis {beyond[0]}, but the samples have {len(shape)}.",
                "Leave it out: axis 1 is the first one of a sample.",
            )
        return shape

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        shared = self.shared_axes or ()
        slopes = tuple(1 if axis in shared else size for axis, size in enumerate(shape, start=1))
        return (Weight("alpha", slopes, self.alpha_initializer, self.alpha_regularizer),)

    def kept(self, shape: Shape, rows: int) -> int:
        return 2 * super().kept(shape, rows)  # with the numbers below 0

    def compile(self, bind: Binding) -> Op:
        return PReLUOp(bind)


class PReLUOp(Op):
    """A rectifier with learned slopes."""

    def __init__(self, bind: Binding) -> None:
        self.x, self.dx = bind.x, bind.dx
        self.alpha = bind.weight("alpha")
        self.y = bind.buffer("y", bind.x.shape)
        self.below = bind.buffer("below", bind.x.shape)
        self.dy = None
        if bind.training:
            self.dy = bind.buffer("dy", bind.x.shape)
            self.alpha_gradient = bind.gradient("alpha")
            lengths = (0, *self.alpha.shape)
            self.summed = tuple(axis for axis, length in enumerate(lengths) if axis == 0 or length == 1)

    def forward(self) -> None:
        np.minimum(self.x, 0, out=self.below)
        np.multiply(self.below, self.alpha, out=self.y)
        self.y += np.maximum(self.x, 0)

    def backward(self) -> None:
        assert self.dy is not None
        self.below *= self.dy
        np.sum(self.below, axis=self.summed, out=self.alpha_gradient[None], keepdims=True)
        if self.dx is not None:
            np.greater(self.x, 0, out=self.dx, casting="unsafe")
            self.dx *= 1 - self.alpha
            self.dx += self.alpha
            self.dx *= self.dy
