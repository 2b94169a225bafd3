"""The layers GlobalMaxPooling1D/2D and GlobalAveragePooling1D/2D."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers import sample_kinds
from nncore.layers.base import Binding, Layer, Op, register
from nncore.types import Shape


class GlobalPooling(Layer):
    """Base of the layers that leave one number of each channel."""

    family: ClassVar[str] = "pooling"

    keepdims: bool = hyper(
        False, label="Keep axes", short="keeps axes", advanced=True, help="Leave axes of size 1 in place of the steps."
    )

    def output_shape(self, shape: Shape) -> Shape:
        if self.type_name.endswith("1D"):
            sample_kinds.sequence(self.type_name, shape)
        else:
            sample_kinds.picture(self.type_name, shape)
        return (*(1 for _ in shape[:-1]), shape[-1]) if self.keepdims else shape[-1:]

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(shape)


class GlobalMaxPooling(GlobalPooling):
    """Base of those that leave the largest number."""

    def kept(self, shape: Shape, rows: int) -> int:
        return super().kept(shape, rows) + rows * math.prod(shape) // 4  # where the maxima are, as truth values

    def compile(self, bind: Binding) -> Op:
        return GlobalMaxPoolingOp(self, bind)


@register
class GlobalMaxPooling2D(GlobalMaxPooling):
    """Keeps the largest number of each channel of a picture.

    y_c = max over h, w of x_hwc

    Shapes: x (rows, height, width, channels), y (rows, channels), or (rows, 1, 1, channels) with ``keepdims``.
    Backward: dy goes to the place of the maximum, in equal parts where several are equal.
    Source: Oquab et al., "Is object localization for free?" (2015).
    """

    equation: ClassVar[str] = "y_c = max_hw x_hwc"


@register
class GlobalMaxPooling1D(GlobalMaxPooling):
    """Keeps the largest number of each channel of a sequence.

    y_c = max over t of x_tc

    Shapes: x (rows, steps, channels), y (rows, channels), or (rows, 1, channels) with ``keepdims``.
    Backward: dy goes to the place of the maximum, in equal parts where several are equal.
    Source: Collobert et al., "Natural language processing (almost) from scratch" (2011), as max over time.
    """

    equation: ClassVar[str] = "y_c = max_t x_tc"


@register
class GlobalAveragePooling2D(GlobalPooling):
    """Takes the mean of each channel of a picture.

    y_c = (1 / n) sum over h, w of x_hwc      with n = height * width

    Shapes: x (rows, height, width, channels), y (rows, channels), or (rows, 1, 1, channels) with ``keepdims``.
    Backward: dx_hwc = dy_c / n.
    Source: Lin, Chen and Yan, "Network in network" (2014).
    """

    equation: ClassVar[str] = "y_c = mean_hw x_hwc"

    def compile(self, bind: Binding) -> Op:
        return GlobalAveragePoolingOp(self, bind)


@register
class GlobalAveragePooling1D(GlobalPooling):
    """Takes the mean of each channel of a sequence.

    y_c = (1 / n) sum over t of x_tc

    over the n time steps that the mask counts, or all of them without a mask; 0 when it counts none.

    Shapes: x (rows, steps, channels), y (rows, channels), or (rows, 1, channels) with ``keepdims``.
    Backward: dx_tc = dy_c / n at the steps that count, else 0.
    Source: Lin, Chen and Yan, "Network in network" (2013), for pictures.
    """

    equation: ClassVar[str] = "y_c = mean_t x_tc"

    def compile(self, bind: Binding) -> Op:
        return GlobalAveragePoolingOp(self, bind)


class GlobalPoolingOp(Op):
    """Views of the buffers: x (rows, places, channels), and out (rows, 1, channels)."""

    def __init__(self, layer: GlobalPooling, bind: Binding) -> None:
        channels = bind.x.shape[-1]
        shape = (bind.rows, *layer.output_shape(bind.x.shape[1:]))
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.dx is not None else None
        self.x = bind.x.reshape(bind.rows, -1, channels)
        self.out = self.y.reshape(bind.rows, 1, channels)
        self.dx = None if bind.dx is None else bind.dx.reshape(self.x.shape)
        if self.dy is not None:
            self.dout = self.dy.reshape(self.out.shape)


class GlobalMaxPoolingOp(GlobalPoolingOp):
    """The largest of all places."""

    def __init__(self, layer: GlobalPooling, bind: Binding) -> None:
        super().__init__(layer, bind)
        if self.dx is not None:
            self.hits = bind.buffer("hits", self.x.shape, bool)
            self.count = bind.buffer("count", self.out.shape)

    def forward(self) -> None:
        np.max(self.x, axis=1, keepdims=True, out=self.out)

    def backward(self) -> None:
        if self.dx is not None:
            np.equal(self.x, self.out, out=self.hits)
            np.sum(self.hits, axis=1, keepdims=True, out=self.count)
            self.dout /= self.count
            np.multiply(self.hits, self.dout, out=self.dx)


class GlobalAveragePoolingOp(GlobalPoolingOp):
    """The mean of all places that count."""

    def __init__(self, layer: GlobalPooling, bind: Binding) -> None:
        super().__init__(layer, bind)
        places = self.x.shape[1]
        self.factor = np.full((bind.rows, 1, 1), 1 / places, bind.x.dtype)
        self.counts = None if bind.mask is None else bind.mask.reshape(bind.rows, places, 1)
        self.kept = self.x if self.counts is None else bind.buffer("kept", self.x.shape)

    def forward(self) -> None:
        if self.counts is not None:
            np.sum(self.counts, axis=1, keepdims=True, out=self.factor)
            np.maximum(self.factor, 1, out=self.factor)
            np.reciprocal(self.factor, out=self.factor)
            np.multiply(self.x, self.counts, out=self.kept)
        np.sum(self.kept, axis=1, keepdims=True, out=self.out)
        self.out *= self.factor

    def backward(self) -> None:
        if self.dx is None:
            return
        self.dout *= self.factor
        if self.counts is None:
            np.copyto(self.dx, self.dout)
        else:
            np.multiply(self.counts, self.dout, out=self.dx)
