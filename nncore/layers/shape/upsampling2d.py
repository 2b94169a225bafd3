"""The layer UpSampling2D."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers import sample_kinds
from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Array, Shape


@register
class UpSampling2D(Layer):
    """Makes pictures larger by repeating each place, or by blending neighbours.

    nearest:   y_hwc = x_{floor(h / a), floor(w / b), c}        with a, b = size
    bilinear:  y_hwc = sum over i, j of  A_hi B_wj x_ijc

    Row h of A blends the two places next to (h + 1/2) / a - 1/2, each by its nearness; beyond the edge, the edge goes
    on. B does the same across.

    Shapes: x (rows, height, width, channels), y (rows, a height, b width, channels).
    Backward: dx_ijc = sum of dy over the places that repeat it, or  sum over h, w of A_hi B_wj dy_hwc.
    Source: Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts" (2016).
    """

    family: ClassVar[str] = "shape"
    equation: ClassVar[str] = "y_hwc = x_{⌊h/a⌋,⌊w/b⌋,c}"

    size: tuple[int, int] = hyper((2, 2), ge=1, le=1_000, key=True, help="How many times larger, down and across.")
    interpolation: str = hyper(
        "nearest", choices=lambda: ("nearest", "bilinear"), help="nearest repeats numbers, bilinear blends neighbours."
    )

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = sample_kinds.picture(self.type_name, shape)
        return (height * self.size[0], width * self.size[1], channels)

    def multiply_adds(self, shape: Shape) -> int:
        return 0 if self.interpolation == "nearest" else 4 * math.prod(self.output_shape(shape))

    def kept(self, shape: Shape, rows: int) -> int:
        outputs = super().kept(shape, rows)
        return outputs if self.interpolation == "nearest" else outputs + outputs // self.size[1]  # blended down only

    def compile(self, bind: Binding) -> Op:
        return RepeatOp(self, bind) if self.interpolation == "nearest" else BlendOp(self, bind)


class RepeatOp(Op):
    """Each place as a small square of the output, which is seen as (rows, height, a, width, b, channels)."""

    def __init__(self, layer: UpSampling2D, bind: Binding) -> None:
        rows, height, width, channels = bind.x.shape
        down, across = layer.size
        shape = (rows, *layer.output_shape(bind.x.shape[1:]))
        squares = (rows, height, down, width, across, channels)
        self.x, self.dx = bind.x, bind.dx
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.out = self.y.reshape(squares)
        if self.dy is not None:
            self.dout = self.dy.reshape(squares)
            self.places = list(np.ndindex(down, across))

    def forward(self) -> None:
        np.copyto(self.out, self.x[:, :, None, :, None])

    def backward(self) -> None:
        if self.dx is None:
            return
        self.dx.fill(0)
        for i, j in self.places:
            self.dx += self.dout[:, :, i, :, j]


class BlendOp(Op):
    """Two matrix products, first down, then across."""

    def __init__(self, layer: UpSampling2D, bind: Binding) -> None:
        rows, height, width, channels = bind.x.shape
        down, across = layer.size
        shape = (rows, *layer.output_shape(bind.x.shape[1:]))
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.down = blending(height, down, bind.x)
        self.across = blending(width, across, bind.x)
        taller = bind.buffer("taller", (rows, height * down, width, channels))
        self.taller = taller.reshape(rows, height * down, -1), taller.reshape(-1, width, channels)
        self.x = bind.x.reshape(rows, height, -1)
        self.out = self.y.reshape(-1, width * across, channels)
        self.dx = None
        if self.dy is not None and bind.dx is not None:
            self.dx, self.dout = bind.dx.reshape(self.x.shape), self.dy.reshape(self.out.shape)

    def forward(self) -> None:
        as_rows, as_lines = self.taller
        np.matmul(self.down, self.x, out=as_rows)
        np.matmul(self.across, as_lines, out=self.out)

    def backward(self) -> None:
        if self.dx is None:
            return
        as_rows, as_lines = self.taller
        np.matmul(self.across.T, self.dout, out=as_lines)
        np.matmul(self.down.T, as_rows, out=self.dx)


def blending(places: int, factor: int, like: Array) -> Array:
    """Return the matrix (places * factor, places) that blends along one axis, in the dtype of ``like``."""
    centre = np.clip((np.arange(places * factor) + 0.5) / factor - 0.5, 0, places - 1)
    distance = np.abs(centre[:, None] - np.arange(places))
    matrix: Array = np.maximum(1 - distance, 0).astype(like.dtype)
    return matrix
