"""What the pooling layers share: shapes and buffers."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import ClassVar

from nncore.computing.threads import Job
from nncore.layers import sample_kinds
from nncore.layers.base import Binding, Layer, Op
from nncore.layers.pooling import settings
from nncore.layers.windows import ONE, Axes, Axis, blocks, shares, slide, taps, with_steps
from nncore.types import Array, Shape


class Pooling1D(Layer):
    """Base of the pooling layers for sequences (rows, steps, channels)."""

    family: ClassVar[str] = "pooling"

    pool_size: int = settings.pool_size()
    strides: int | None = settings.strides()
    padding: str = settings.padding()

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides or self.pool_size)

    def axes(self, shape: Shape) -> Axes:
        """Return the windows over the time steps; raise ``ShapeError`` when none fits."""
        steps, _ = sample_kinds.sequence(self.type_name, shape)
        axis = slide(steps, self.pool_size, self.strides or self.pool_size, padding=self.padding)
        sample_kinds.check_fit(self.type_name, "pool", (axis,))
        return ONE, axis

    def output_shape(self, shape: Shape) -> Shape:
        return (self.axes(shape)[1].count, shape[-1])

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * self.pool_size


class Pooling2D(Layer):
    """Base of the pooling layers for pictures (rows, height, width, channels)."""

    family: ClassVar[str] = "pooling"

    pool_size: tuple[int, int] = settings.pool_size()
    strides: tuple[int, int] | None = settings.strides()
    padding: str = settings.padding()

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides or self.pool_size)

    def axes(self, shape: Shape) -> Axes:
        """Return the windows down and across; raise ``ShapeError`` when none fits."""
        height, width, _ = sample_kinds.picture(self.type_name, shape)
        stride = self.strides or self.pool_size
        axes = (
            slide(height, self.pool_size[0], stride[0], padding=self.padding),
            slide(width, self.pool_size[1], stride[1], padding=self.padding),
        )
        sample_kinds.check_fit(self.type_name, "pool", axes)
        return axes

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.axes(shape)
        return (height.count, width.count, shape[-1])

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.pool_size)


class PoolingOp(Op):
    """Buffers of a pooling layer as pictures, and how its pools lie in them.

    A large batch is divided into two halves, which the team does side by side. No half touches what belongs to the
    other, so the result has the same bits whether one thread does both or two do one each.

    Attributes:
        apart: no two pools overlap, so that each place of dx is written once.
        covered: every place is in a pool.
        inside: no pool reaches beyond the edge.
        block_rows: the most rows that are worked on at once.
        shares: number of halves, or 1 where dividing is not worth it.
    """

    def __init__(self, bind: Binding, axes: Axes) -> None:
        height, width = axes
        channels = bind.x.shape[-1]
        pictures = (bind.rows, height.size, width.size, channels)
        pooled = (bind.rows, height.count, width.count, channels)
        shape = pooled if bind.x.ndim == 4 else (bind.rows, width.count, channels)
        self.team = bind.team
        self.taps = taps(axes)
        self.apart = all(axis.stride >= axis.kernel for axis in axes)
        self.covered = all(_covered(axis) for axis in axes)
        self.inside = not any(axis.padded for axis in axes)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.x = bind.x.reshape(pictures)
        self.out = self.y.reshape(pooled)
        self.dx: Array | None = None
        if self.dy is not None and bind.dx is not None:
            self.dx, self.dout = bind.dx.reshape(pictures), self.dy.reshape(pooled)
        numbers = math.prod(pictures[1:])
        # Each number has a copy or what is made of it beside it, which should stay in the cache, too.
        divided = [blocks(rows, 2 * numbers) for rows in shares(bind.rows, numbers)]
        self.shares = len(divided)
        self.block_rows: int = max(rows.stop - rows.start for part in divided for rows in part)
        self._forward = [functools.partial(self._pool_all, *part) for part in enumerate(divided)]
        self._backward = [functools.partial(self._hand_out_all, *part) for part in enumerate(divided)]

    def pool(self, rows: slice, share: int) -> None:
        """Fill a block of rows of ``out`` in the share of this number."""
        raise NotImplementedError

    def hand_out(self, rows: slice, share: int) -> None:
        """Hand out a block of ``dout``; dx is 0 wherever ``give`` will not write, or only add."""
        raise NotImplementedError

    def forward(self) -> None:
        self._run(self._forward)

    def backward(self) -> None:
        if self.dx is not None:
            self._run(self._backward)

    def _run(self, jobs: Sequence[Job]) -> None:
        if len(jobs) == 1:
            jobs[0]()
        else:
            self.team.run(jobs[0], jobs[1])

    def _pool_all(self, share: int, parts: list[slice]) -> None:
        for rows in parts:
            self.pool(rows, share)

    def _hand_out_all(self, share: int, parts: list[slice]) -> None:
        assert self.dx is not None
        for rows in parts:
            if not (self.apart and self.covered):
                self.dx[rows].fill(0)
            self.hand_out(rows, share)

    def give(self, dx: Array, places: tuple[slice, ...], share: Array) -> None:
        """Hand ``share`` to these places of a block of dx."""
        if self.apart:
            dx[places] = share
        else:
            dx[places] += share


def _covered(axis: Axis) -> bool:
    end = (axis.count - 1) * axis.stride + axis.kernel - axis.before
    return axis.stride <= axis.kernel and end >= axis.size
