"""The layer RepeatVector."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Shape


@register
class RepeatVector(Layer):
    """Makes a sequence of n equal steps from one row of numbers: the start of a decoder.

    y_t = x  for t = 1 ... n

    Shapes: x (rows, features), y (rows, n, features). Backward: dx = sum over t of dy_t.
    Source: Cho et al., "Learning phrase representations using RNN encoder-decoder" (2014), where one code feeds each
    step.
    """

    family: ClassVar[str] = "shape"
    equation: ClassVar[str] = "y_t = x"

    n: int = hyper(
        ge=1, le=1_000_000, suggested=10, log=True, key=True, label="Repeats", help="How many steps the sequence has."
    )

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            got = " × ".join(str(size) for size in shape) or "a single number"
            raise ShapeError(
                f"RepeatVector repeats one row of numbers, but gets {got}.",
                "Insert Flatten above it, or switch return_sequences off in the layer above.",
            )
        return (self.n, *shape)

    def compile(self, bind: Binding) -> Op:
        return RepeatVectorOp(self, bind)


class RepeatVectorOp(Op):
    """A copy to every step."""

    def __init__(self, layer: RepeatVector, bind: Binding) -> None:
        self.x, self.dx = bind.x, bind.dx
        shape = (bind.rows, layer.n, bind.x.shape[1])
        self.y = bind.buffer("y", shape)
        self.dy = None if bind.dx is None else bind.buffer("dy", shape)

    def forward(self) -> None:
        np.copyto(self.y, self.x[:, np.newaxis])

    def backward(self) -> None:
        if self.dx is not None and self.dy is not None:
            np.sum(self.dy, axis=1, out=self.dx)
