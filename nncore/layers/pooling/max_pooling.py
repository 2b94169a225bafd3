"""The layers MaxPooling1D and MaxPooling2D."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.layers.base import Binding, Op, register
from nncore.layers.pooling import settings
from nncore.layers.pooling.base import Pooling1D, Pooling2D, PoolingOp
from nncore.layers.windows import BLOCK, Axes
from nncore.types import Array, Shape


@register
class MaxPooling2D(Pooling2D):
    """Keeps the largest number of each small square, channel by channel.

    y_hwc = max over i, j of x_{s h + i - p, s w + j - q, c}

    with strides s, and p rows and q columns above and left of the picture, which count as minus infinity.

    Shapes: x (rows, height, width, channels), y (rows, pools down, pools across, channels). Pools along an axis of n
    places: floor((n - pool_size) / s) + 1 with padding ``valid``, ceil(n / s) with ``same``.

    Backward: dy goes to the place of the maximum, to the first one, row by row, where several are equal.
    Sources: Weng, Ahuja and Huang, "Cresceptron" (1992); Riesenhuber and Poggio, "Hierarchical models of object
    recognition in cortex" (1999).
    """

    equation: ClassVar[str] = "y_hwc = max_ij x_{s h+i,s w+j,c}"

    pool_size: tuple[int, int] = settings.pool_size(default=(2, 2))

    def kept(self, shape: Shape, rows: int) -> int:
        return kept_of_maxima(self.axes(shape), shape[-1], rows)

    def compile(self, bind: Binding) -> Op:
        return max_pooling(bind, self.axes(bind.x.shape[1:]))


@register
class MaxPooling1D(Pooling1D):
    """Keeps the largest number of each few time steps, channel by channel.

    y_tc = max over k of x_{s t + k - p, c}

    with strides s and p steps before the sequence, which count as minus infinity.

    Shapes: x (rows, steps, channels), y (rows, pools, channels). Pools: floor((steps - pool_size) / s) + 1 with padding
    ``valid``, ceil(steps / s) with ``same``. Backward: as in MaxPooling2D.
    Source: Collobert et al., "Natural language processing (almost) from scratch" (2011).
    """

    equation: ClassVar[str] = "y_tc = max_k x_{s t+k,c}"

    pool_size: int = settings.pool_size(default=2)

    def kept(self, shape: Shape, rows: int) -> int:
        return kept_of_maxima(self.axes(shape), shape[-1], rows)

    def compile(self, bind: Binding) -> Op:
        return max_pooling(bind, self.axes(bind.x.shape[1:]))


def max_pooling(bind: Binding, axes: Axes) -> Op:
    """Return the operation for these pools; in training, one of its own for pools that lie side by side."""
    return TiledMaxPoolingOp(bind, axes) if _tiled(axes) and bind.dx is not None else MaxPoolingOp(bind, axes)


def kept_of_maxima(axes: Axes, channels: int, rows: int) -> int:
    """Return how many numbers are kept, see ``Layer.kept``: with where the maxima are, and a copy of a block."""
    inputs = math.prod(axis.size for axis in axes) * channels
    outputs = math.prod(axis.count for axis in axes) * channels
    noted = inputs if _tiled(axes) else outputs
    block = min(rows, 2 * max(BLOCK // (2 * inputs), 1))  # rows that both shares together work on at once
    return rows * outputs + rows * noted // 4 + block * noted


def _tiled(axes: Axes) -> bool:
    return all(axis.stride == axis.kernel and not axis.padded for axis in axes)


class MaxPoolingOp(PoolingOp):
    """One maximum of whole pictures for each position in the pool.

    In training, ``forward`` also notes which position has won. Position k of n is noted as n - k, so that of several
    equal ones the first has the largest number, and the last position, 1, stands where no other has won.
    """

    def __init__(self, bind: Binding, axes: Axes) -> None:
        super().__init__(bind, axes)
        if self.dx is not None:
            code = np.min_scalar_type(len(self.taps))
            scratch = (self.shares, self.block_rows, *self.out.shape[1:])
            self.winner = bind.buffer("winner", self.out.shape, code)
            self.codes = np.empty(scratch, code)
            self.hits = np.empty(scratch, bool)
            self.parts = np.empty(scratch, bind.x.dtype)

    def pool(self, rows: slice, share: int) -> None:
        x, y = self.x[rows], self.out[rows]
        if self.inside:
            np.copyto(y, x[self.taps[0][1]])
        else:
            y.fill(-np.inf)
        for pools, places in self.taps[self.inside :]:
            np.maximum(y[pools], x[places], out=y[pools])
        if self.dx is None:
            return
        winner, codes, hits = self.winner[rows], self.codes[share, : len(x)], self.hits[share, : len(x)]
        winner.fill(1)
        for code, (pools, places) in zip(range(len(self.taps), 1, -1), self.taps, strict=False):
            np.equal(x[places], y[pools], out=hits[pools])
            np.multiply(hits[pools], winner.dtype.type(code), out=codes[pools])
            np.maximum(winner[pools], codes[pools], out=winner[pools])

    def hand_out(self, rows: slice, share: int) -> None:
        assert self.dx is not None
        winner, dy, dx = self.winner[rows], self.dout[rows], self.dx[rows]
        hits, parts = self.hits[share, : len(dx)], self.parts[share, : len(dx)]
        for code, (pools, places) in zip(range(len(self.taps), 0, -1), self.taps, strict=True):
            np.equal(winner[pools], code, out=hits[pools])
            # Truth values as numbers: a product of numbers and truth values takes three times as long.
            np.copyto(parts[pools], hits[pools])
            if self.apart:
                np.multiply(dy[pools], parts[pools], out=dx[places])
            else:
                parts[pools] *= dy[pools]
                dx[places] += parts[pools]


class TiledMaxPoolingOp(PoolingOp):
    """Maxima of pools that lie side by side, as tiles do; in training, where they have to be found again.

    Copied position by position of the pool, x is a stack of as many arrays as a pool has places. Then each step is a
    single pass over the stack, which suits two threads far better than one for each position.

    Attributes:
        tiles: view of x, (pool height, pool width, rows, pools down, pools across, channels).
        hits: for each row, True where a pool has its maximum, one array for each position.
    """

    def __init__(self, bind: Binding, axes: Axes) -> None:
        super().__init__(bind, axes)
        assert self.dx is not None
        self.tiles, self.tiles_gradient = (_tiles(pictures, axes) for pictures in (self.x, self.dx))
        self.hits = bind.buffer("hits", (bind.rows, self.tiles[:, :, 0].size), bool)
        height, width = axes
        self.stack = np.empty(
            (self.shares, height.kernel, width.kernel, self.block_rows, *self.out.shape[1:]), bind.x.dtype
        )

    def pool(self, rows: slice, share: int) -> None:
        y, tiles = self.out[rows], self.tiles[:, :, rows]
        stack = self.stack[share][:, :, : len(y)]
        np.copyto(stack, tiles)
        np.maximum.reduce(stack, axis=(0, 1), out=y)
        hits = self.hits[rows].reshape(stack.shape)
        np.equal(stack, y, out=hits)
        positions = hits.reshape(-1, *y.shape)
        for number, hit in enumerate(positions[:-1], 1):
            # Of several equal ones, the first: greater is "and not" here.
            np.greater(positions[number:], hit, out=positions[number:])

    def hand_out(self, rows: slice, share: int) -> None:
        dy = self.dout[rows]
        stack = self.stack[share][:, :, : len(dy)]
        # Truth values as numbers: a product of numbers and truth values takes three times as long.
        np.copyto(stack, self.hits[rows].reshape(stack.shape))
        np.multiply(stack, dy, out=stack)
        np.copyto(self.tiles_gradient[:, :, rows], stack)


def _tiles(pictures: Array, axes: Axes) -> Array:
    height, width = axes
    inside = pictures[:, : height.count * height.kernel, : width.count * width.kernel]
    shape = (len(pictures), height.count, height.kernel, width.count, width.kernel, pictures.shape[-1])
    return inside.reshape(shape).transpose(2, 4, 0, 1, 3, 5)
