"""The layer ZeroPadding2D."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers import sample_kinds
from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Shape


@register
class ZeroPadding2D(Layer):
    """Puts zeros around pictures.

    y_{h + top, w + left, c} = x_hwc,  and 0 elsewhere

    Shapes: x (rows, height, width, channels), y (rows, top + height + bottom, left + width + right, channels), with
    ((top, bottom), (left, right)) = ``padding``. Backward: dx_hwc = dy_{h + top, w + left, c}.
    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 2.
    """

    family: ClassVar[str] = "shape"
    equation: ClassVar[str] = "y_{h+top,w+left,c} = x_hwc"

    padding: tuple[tuple[int, int], tuple[int, int]] = hyper(
        ((1, 1), (1, 1)),
        ge=0,
        le=10_000,
        key=True,
        help="How many zeros: above and below, left and right.",
    )

    def output_shape(self, shape: Shape) -> Shape:
        height, width, channels = sample_kinds.picture(self.type_name, shape)
        return (height + sum(self.padding[0]), width + sum(self.padding[1]), channels)

    def compile(self, bind: Binding) -> Op:
        return ZeroPadding2DOp(self, bind)


class ZeroPadding2DOp(Op):
    """The input is copied into the middle of the output."""

    def __init__(self, layer: ZeroPadding2D, bind: Binding) -> None:
        rows, height, width, _ = bind.x.shape
        (top, _), (left, _) = layer.padding
        shape = (rows, *layer.output_shape(bind.x.shape[1:]))
        self.x, self.dx = bind.x, bind.dx
        self.y = bind.buffer("y", shape)
        self.y.fill(0)  # what is around the middle is never written again
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.middle = (slice(None), slice(top, top + height), slice(left, left + width))

    def forward(self) -> None:
        self.y[self.middle] = self.x

    def backward(self) -> None:
        if self.dx is not None and self.dy is not None:
            np.copyto(self.dx, self.dy[self.middle])
