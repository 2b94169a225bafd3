"""What the operations of all convolutions share: y = f(z + b), block by block, in two halves of the batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.layers import common
from nncore.layers.base import Binding, Op, Weight
from nncore.layers.windows import BLOCK, blocks, shares
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


def kept_by_shares(activation: str, outputs: int, weights: Sequence[Weight]) -> int:
    """Return how many numbers are kept of so many outputs, see ``Layer.kept``.

    With copies of the weights: the sums of the second share, and for each share the kernel that spreads numbers.
    """
    return common.with_sums(activation, outputs) + 3 * sum(weight.size for weight in weights)


def lent_to_shares(rows: int, numbers: int, outputs: int) -> int:
    """Return about how many numbers the shares of a batch take from their scratch memory, see ``Layer.lent``.

    Args:
        numbers: how many one row needs beside its ``outputs`` while it is worked on. There is room for them twice: for
            what is read, and for what is written where windows overlap.
    """
    each = max(BLOCK // (numbers + outputs), 1)  # rows of a block
    return 2 * numbers * min(rows, 2 * each)


class FilterOp(Op):
    """The buffers of a whole batch, and the shares in which it is worked on.

    A large batch is divided into two halves, which the team does side by side. Each half has memory and sums of
    gradients of its own; the sums are added in the order of the halves, so the result has the same bits whether one
    thread does both or two do one each.

    Args:
        outputs: (height, width, channels) of z; a sequence has height 1.
        numbers: how many numbers one row needs beside z while it is worked on.

    Attributes:
        numbers: how many one row needs in all.
        rows: the rows of each share.
        shares: those who do the work; set by the subclass.
        kernel_gradient: as a matrix; set by the subclass when training.
    """

    shares: Sequence[FilterShare]
    kernel_gradient: Array

    def __init__(self, layer: Filter, bind: Binding, outputs: Shape, numbers: int) -> None:
        shape = (bind.rows, *layer.output_shape(bind.x.shape[1:]))
        self.team = bind.team
        self.activation = ACTIVATIONS.get(layer.activation)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        self.out = self.y.reshape(bind.rows, *outputs)
        # The sum z is overwritten by y = f(z) unless the derivative needs z itself.
        self.z = bind.buffer("z", self.out.shape) if self.activation.keeps_input else self.out
        self.numbers = numbers + math.prod(outputs)
        self.rows = shares(bind.rows, self.numbers)
        self.bias = bind.weight("bias") if layer.use_bias else None
        self.bias_gradient: Array | None = None
        if self.dy is not None:
            self.dz = self.dy.reshape(self.out.shape)
            if layer.use_bias:
                self.bias_gradient = bind.gradient("bias")

    def forward(self) -> None:
        if len(self.shares) == 1:
            self.shares[0].forward()
        else:
            self.team.run(self.shares[0].forward, self.shares[1].forward)

    def backward(self) -> None:
        if len(self.shares) == 1:
            self.shares[0].backward()
        else:
            self.team.run(self.shares[0].backward, self.shares[1].backward)
        for share in self.shares:
            share.hand_in()


class FilterShare:
    """Bias and activation around the linear part, which a subclass computes for a block of rows at a time.

    A block of z is small enough to stay in the cache while bias and activation pass over it. The memory that a block
    needs beside z does not grow with the plan's capacity, so it is the share's own: a few times ``BLOCK`` numbers,
    which is some 5 MB at most, unless a single row needs more.

    Attributes:
        scratch: memory that the shares of other layers take as well.
        kernel_sum: gradient of the kernel from the rows of this share.
        bias_sum: likewise of the bias; None without bias.
    """

    def __init__(self, op: FilterOp, rows: slice) -> None:
        self.op = op
        self.rows = rows
        self.scratch = op.team.scratch[0 if rows.start == 0 else 1]
        self.blocks = blocks(rows, op.numbers)
        self.block_rows: int = self.blocks[0].stop - self.blocks[0].start
        self.bias = op.bias
        self.training = op.dy is not None
        if self.training:
            self.set_sums()
            # As a matrix product, a sum over rows is several times faster.
            self.ones = self.scratch.ones(self.block_rows * math.prod(op.out.shape[1:3]), op.out.dtype)

    def set_sums(self) -> None:
        """Take the gradients themselves as the sums of the first share, and new arrays for another."""
        first = self.rows.start == 0
        kernel, bias = self.op.kernel_gradient, self.op.bias_gradient
        self.kernel_sum = kernel if first else np.empty_like(kernel)
        self.bias_sum = bias if first or bias is None else np.empty_like(bias)

    def product(self, rows: slice) -> None:
        """Fill a block of ``z``, without bias unless ``bias`` is None."""
        raise NotImplementedError

    def gradients(self, rows: slice, dz: Array) -> None:
        """Add to the sums, and fill a block of dx, from a block of dz."""
        raise NotImplementedError

    def add_product(self, rows: slice, left: Array, right: Array, total: Array) -> None:
        """Add left^T right, from one block, to a sum, which begins with the first block."""
        if rows.start == self.rows.start:
            np.matmul(left.T, right, out=total)
        else:
            total += left.T @ right

    def add(self, rows: slice, part: Array, total: Array) -> None:
        """Add what one block gives to a sum, which begins with the first block."""
        if rows.start == self.rows.start:
            np.copyto(total, part)
        else:
            total += part

    def forward(self) -> None:
        """Fill the rows of y."""
        op = self.op
        for rows in self.blocks:
            self.product(rows)
            z = op.z[rows]
            if self.bias is not None:
                z += self.bias
            op.activation.forward(z, z if op.z is op.out else op.out[rows])

    def backward(self) -> None:
        """Fill the rows of dx, and the sums."""
        op = self.op
        for rows in self.blocks:
            dz = op.dz[rows]
            op.activation.backward(op.z[rows], op.out[rows], dz, dz)
            self.gradients(rows, dz)

    def add_bias(self, rows: slice, flat: Array) -> None:
        """Add the sum over a block of dz, (places, channels), to the sum for the bias."""
        if self.bias_sum is not None:
            self.add_product(rows, self.ones[: len(flat)], flat, self.bias_sum)

    def hand_in(self) -> None:
        """Add the sums to the gradients; those of the first share are the gradients."""
        for total, part in ((self.op.kernel_gradient, self.kernel_sum), (self.op.bias_gradient, self.bias_sum)):
            if total is None or part is None or total is part:
                continue
            if self.rows.start == 0:
                np.copyto(total, part)
            else:
                total += part
