"""A layer for tests that makes a mask."""

from __future__ import annotations

import numpy as np

from nncore.layers import Binding, Layer, Op


class Masked(Layer):
    """Hands its input (rows, time, features) on; a time step counts if its first feature is positive.

    Never registered.
    """

    def compile(self, bind: Binding) -> Op:
        return MaskedOp(bind)


class MaskedOp(Op):
    """Output and gradient are the buffers below."""

    def __init__(self, bind: Binding) -> None:
        self.x, self.y, self.dy = bind.x, bind.x, bind.dx
        self.mask = bind.buffer("mask", bind.x.shape[:2], np.bool_)

    def forward(self) -> None:
        assert self.mask is not None
        np.greater(self.x[:, :, 0], 0, out=self.mask)

    def backward(self) -> None:
        pass
