"""The layer Dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Shape


@register
class Dropout(Layer):
    """Switches a random part of its inputs off in every training step.

    y = x m / (1 - rate),  m_i = 0 with probability ``rate``, else 1

    Shapes: any. What stays is scaled up, so that the mean is kept and prediction needs no change: there y = x.
    Backward: dx = dy m / (1 - rate).
    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).
    """

    family: ClassVar[str] = "regularisation"
    equation: ClassVar[str] = "y = x m / (1 − rate)"
    supports_masking: ClassVar[bool] = True

    rate: float = hyper(
        ge=0, lt=1, suggested=0.25, key=True, live=True, help="The share of inputs that is switched off in each step."
    )

    def kept(self, shape: Shape, rows: int) -> int:
        return 3 * super().kept(shape, rows) if self.rate > 0 else 0  # with what was drawn, and the factors

    def compile(self, bind: Binding) -> Op:
        return DropoutOp(self.rate, bind, bind.x.shape) if bind.training and self.rate > 0 else IdentityOp(bind)


class DropoutOp(Op):
    """Dropout during training; ``shape`` is that of the mask, with 1 along axes that are dropped as a whole."""

    def __init__(self, rate: float, bind: Binding, shape: Sequence[int]) -> None:
        self.x, self.dx, self.rng = bind.x, bind.dx, bind.rng
        self.rate, self.scale = rate, 1.0 / (1.0 - rate)
        self.y = bind.buffer("y", self.x.shape)
        self.dy = None if self.dx is None else bind.buffer("dy", self.x.shape)
        # Drawn in single precision: half the random bits, and the same mask for every dtype of the network.
        self.draw = bind.buffer("draw", shape, np.float32)
        self.kept = bind.buffer("kept", shape)

    def forward(self) -> None:
        self.rng.random(out=self.draw, dtype=np.float32)
        np.greater_equal(self.draw, self.rate, out=self.kept, casting="unsafe")
        self.kept *= self.scale
        np.multiply(self.x, self.kept, out=self.y)

    def backward(self) -> None:
        if self.dx is not None and self.dy is not None:
            np.multiply(self.dy, self.kept, out=self.dx)


class IdentityOp(Op):
    """A layer that does nothing while predicting: output and gradient are the buffers below."""

    def __init__(self, bind: Binding) -> None:
        self.y, self.dy = bind.x, bind.dx

    def forward(self) -> None:
        pass

    def backward(self) -> None:
        pass
