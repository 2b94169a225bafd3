"""The layer Flatten."""

from __future__ import annotations

import math
from typing import ClassVar

from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Shape


@register
class Flatten(Layer):
    """Lays all numbers of a sample in one row.

    y_k = x_ij...  with k counting row by row

    Shapes: x (rows, a, b, ...), y (rows, a * b * ...). Nothing is computed and nothing is copied.
    Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998), before its last layers.
    """

    family: ClassVar[str] = "shape"
    equation: ClassVar[str] = "y = x as one row"

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def keeps_numbers(self) -> bool:
        return True

    def compile(self, bind: Binding) -> Op:
        return FlattenOp(bind, (-1,))


class FlattenOp(Op):
    """Output and gradient are views of the buffers below."""

    def __init__(self, bind: Binding, shape: Shape) -> None:
        self.y = bind.x.reshape(bind.rows, *shape)
        self.dy = None if bind.dx is None else bind.dx.reshape(bind.rows, *shape)

    def forward(self) -> None:
        pass

    def backward(self) -> None:
        pass
