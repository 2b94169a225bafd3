"""What the operations of all convolutions share: y = f(z + b), block by block."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.layers.base import Binding, Op
from nncore.layers.windows import blocks
from nncore.types import Array, Shape


class Filter(Protocol):
    """What the operation needs to know of a layer."""

    @property
    def activation(self) -> str:
        """Name of the activation."""

    @property
    def use_bias(self) -> bool:
        """Whether a bias is added."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one output sample."""


class FilterOp(Op):
    """Bias and activation around the linear part, which a subclass computes for a block of rows at a time.

    A block of z is small enough to stay in the cache while bias and activation pass over it. The memory that a block
    needs beside z does not grow with the plan's capacity, so it is the operation's own.

    Args:
        outputs: (height, width, channels) of z; a sequence has height 1.
        numbers: how many numbers one row needs beside z while it is worked on.

    Attributes:
        kernel_gradient: as a matrix; set by the subclass.
    """

    kernel_gradient: Array

    def __init__(self, layer: Filter, bind: Binding, outputs: Shape, numbers: int) -> None:
        shape = (bind.rows, *layer.output_shape(bind.x.shape[1:]))
        self.activation = ACTIVATIONS.get(layer.activation)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        self.out = self.y.reshape(bind.rows, *outputs)
        # The sum z is overwritten by y = f(z) unless the derivative needs z itself.
        self.z = bind.buffer("z", self.out.shape) if self.activation.keeps_input else self.out
        self.blocks = blocks(bind.rows, numbers + math.prod(outputs))
        self.bias = bind.weight("bias") if layer.use_bias else None
        self.bias_gradient: Array | None = None
        if self.dy is not None:
            self.dz = self.dy.reshape(self.out.shape)
            if layer.use_bias:
                self.bias_gradient = bind.gradient("bias")
        # As a matrix product, a sum over rows is several times faster.
        largest = self.block_rows * math.prod(outputs[:-1])
        self.ones = np.ones(largest if bind.training else 0, bind.x.dtype)

    @property
    def block_rows(self) -> int:
        """Rows of the largest block."""
        first = self.blocks[0]
        return int(first.stop - first.start)

    def product(self, rows: slice) -> None:
        """Fill a block of ``z``, without bias."""
        raise NotImplementedError

    def gradients(self, rows: slice) -> None:
        """Add to the gradient of the kernel, and fill a block of dx, from a block of ``dz``."""
        raise NotImplementedError

    def add_product(self, rows: slice, left: Array, right: Array) -> None:
        """Add left^T right, from one block, to the gradient of the kernel."""
        if rows.start == 0:
            np.matmul(left.T, right, out=self.kernel_gradient)
        else:
            self.kernel_gradient += left.T @ right

    def forward(self) -> None:
        for rows in self.blocks:
            self.product(rows)
            z = self.z[rows]
            if self.bias is not None:
                z += self.bias
            self.activation.forward(z, z if self.z is self.out else self.out[rows])

    def backward(self) -> None:
        if self.bias_gradient is not None:
            self.bias_gradient.fill(0)
        for rows in self.blocks:
            dz = self.dz[rows]
            self.activation.backward(self.z[rows], self.out[rows], dz, dz)
            if self.bias_gradient is not None:
                flat = dz.reshape(-1, dz.shape[-1])
                self.bias_gradient += self.ones[: len(flat)] @ flat
            self.gradients(rows)
