"""The operation of Conv1D and Conv2D."""

from __future__ import annotations

import math

import numpy as np

from nncore.layers.base import Binding
from nncore.layers.convolution.operation import Filter, FilterOp, FilterShare
from nncore.layers.convolution.overlay import Spread, spreading
from nncore.layers.convolution.patches import Patches
from nncore.layers.windows import Axes
from nncore.types import Array

_EACH = "gradients of the kernel, one for each row"
_SMALL = (100_000, 1_000_000)
"""Multiply-adds of a matrix product that are worth a call, and up to which OpenBLAS counts it as small."""


class ConvOp(FilterOp):
    """z = P W on pictures (rows, height, width, channels)."""

    def __init__(self, layer: Filter, bind: Binding, axes: Axes) -> None:
        height, width = axes
        kernel = bind.weight("kernel")
        channels, filters = kernel.shape[-2:]
        positions = height.kernel * width.kernel
        outputs = (height.count, width.count, filters)
        super().__init__(layer, bind, outputs, height.count * width.count * positions * channels)
        self.axes = axes
        self.kernel = kernel.reshape(height.kernel, width.kernel, channels, filters)
        self.x = bind.x.reshape(bind.rows, height.size, width.size, channels)
        self.dx: Array | None = None
        if self.dy is not None:
            self.kernel_gradient = bind.gradient("kernel").reshape(-1, filters)
            self.dx = None if bind.dx is None else bind.dx.reshape(self.x.shape)
        self.shares = [ConvShare(self, rows) for rows in self.rows]


class ConvShare(FilterShare):
    """The windows of some rows as a matrix P, and what belongs to it.

    With few channels, the passes for the bias would cost as much as the product. There the bias is a last row of the
    kernel, and what stands for its input a last column of ones in P: z = (P 1) (W; b), and (P 1)^T dz = (dW; db).

    OpenBLAS multiplies small matrices as they lie, and arranges large ones anew first, which costs more than it brings
    where they are narrow. So each row of the batch has a product of its own where that is small, yet not tiny.
    """

    op: ConvOp

    def __init__(self, op: ConvOp, rows: slice) -> None:
        super().__init__(op, rows)
        self.patches = Patches(op.x, op.axes, self.block_rows, self.scratch, ones=op.bias is not None)
        filters = op.kernel.shape[-1]
        kernel = op.kernel.reshape(-1, filters)
        self.windows = math.prod(op.out.shape[1:3])
        self.alone = _SMALL[0] <= self.windows * kernel.size <= _SMALL[1] and kernel.size <= op.numbers
        self.apart = (-1, self.windows) if self.alone else (-1,)
        self.with_bias = self.patches.has_ones
        self.kernel = np.empty((len(kernel) + 1, filters), kernel.dtype) if self.with_bias else kernel
        if self.with_bias:
            self.bias = None
        if self.training:
            self.sums = np.empty_like(self.kernel) if self.with_bias else self.kernel_sum
            if self.with_bias:
                self.kernel_sum, self.bias_sum = self.sums[:-1], self.sums[-1]
            if self.alone:
                self.scratch.reserve(_EACH, self.block_rows * self.kernel.size, kernel.dtype)
            self.spread: Spread | None = None
            if op.dx is not None:
                self.spread = spreading(op.dx, op.axes, op.dz, op.kernel, self.block_rows, self.scratch)

    def forward(self) -> None:
        if self.op.bias is not None and self.with_bias:
            self.kernel[:-1] = self.op.kernel.reshape(-1, self.kernel.shape[-1])
            self.kernel[-1] = self.op.bias
        super().forward()

    def product(self, rows: slice) -> None:
        self.seen = self.patches.matrix(rows)
        np.matmul(self._apart(self.seen), self.kernel, out=self._apart(self.op.z[rows]))

    def backward(self) -> None:
        if self.spread is not None:
            self.spread.take_kernel()
        super().backward()

    def gradients(self, rows: slice, dz: Array) -> None:
        # The matrix of an only block may still be there from ``forward``; to make it again in memory that is in the
        # cache takes no longer than to fetch it from where each layer has its own.
        kept = len(self.blocks) == 1 and self.patches.kept
        patches = self.seen if kept else self.patches.matrix(rows)
        if self.alone:
            each = self.scratch.take(_EACH, None, len(dz) * self.sums.size, dz.dtype).reshape(-1, *self.sums.shape)
            np.matmul(self._apart(patches).transpose(0, 2, 1), self._apart(dz), out=each)
            self.add(rows, each.sum(axis=0), self.sums)
        else:
            self.add_product(rows, patches, self._apart(dz), self.sums)
        if not self.with_bias:
            self.add_bias(rows, dz.reshape(-1, dz.shape[-1]))
        if self.spread is not None:
            self.spread.write(rows)

    def _apart(self, numbers: Array) -> Array:
        """Return a matrix of all windows, or one for each row of the batch."""
        return numbers.reshape(*self.apart, numbers.shape[-1])
