"""What the pooling layers share: shapes and buffers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from nncore.layers import sample_kinds
from nncore.layers.base import Binding, Layer, Op
from nncore.layers.pooling import settings
from nncore.layers.windows import ONE, Axes, Axis, blocks, slide, taps
from nncore.types import Array, Shape


@dataclass(frozen=True)
class Pooling1D(Layer):
    """Base of the pooling layers for sequences (rows, steps, channels)."""

    family: ClassVar[str] = "pooling"

    pool_size: int = settings.pool_size()
    strides: int | None = settings.strides()
    padding: str = settings.padding()

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


@dataclass(frozen=True)
class Pooling2D(Layer):
    """Base of the pooling layers for pictures (rows, height, width, channels)."""

    family: ClassVar[str] = "pooling"

    pool_size: tuple[int, int] = settings.pool_size()
    strides: tuple[int, int] | None = settings.strides()
    padding: str = settings.padding()

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

    Attributes:
        apart: no two pools overlap, so that each place of dx is written once.
        covered: every place is in a pool.
    """

    def __init__(self, bind: Binding, axes: Axes) -> None:
        height, width = axes
        channels = bind.x.shape[-1]
        pictures = (bind.rows, height.size, width.size, channels)
        pooled = (bind.rows, height.count, width.count, channels)
        shape = pooled if bind.x.ndim == 4 else (bind.rows, width.count, channels)
        self.axes = axes
        self.taps = taps(axes)
        self.apart = all(axis.stride >= axis.kernel for axis in axes)
        self.covered = all(_covered(axis) for axis in axes)
        self.blocks = blocks(bind.rows, math.prod(pictures[1:]))
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.x = bind.x.reshape(pictures)
        self.out = self.y.reshape(pooled)
        self.dx: Array | None = None
        if self.dy is not None and bind.dx is not None:
            self.dx, self.dout = bind.dx.reshape(pictures), self.dy.reshape(pooled)

    def clear(self) -> None:
        """Put zeros into dx where ``give`` will not write, or only add."""
        if self.dx is not None and not (self.apart and self.covered):
            self.dx.fill(0)

    def give(self, dx: Array, places: tuple[slice, ...], share: Array) -> None:
        """Hand ``share`` to these places of a block of dx."""
        if self.apart:
            dx[places] = share
        else:
            dx[places] += share


def _covered(axis: Axis) -> bool:
    end = (axis.count - 1) * axis.stride + axis.kernel - axis.before
    return axis.stride <= axis.kernel and end >= axis.size
