"""The layer DepthwiseConv2D."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.convolution import settings
from nncore.layers.convolution.operation import FilterOp, FilterShare, lent_to_shares
from nncore.layers.convolution.patches import Windows
from nncore.layers.windows import taps, with_steps
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape

_PRODUCTS, _SUMS = "products", "sums of products"


@register
class DepthwiseConv2D(Layer):
    """Looks for small patterns in each channel of a picture by itself; far cheaper than Conv2D.

    y_{h, w, c M + m} = f( sum over i, j of  x_{s h + d i - p, s w + d j - q, c} W_ijcm  + b_{c M + m} )

    with strides s, dilation d, p and q zeros above and left of the picture, and M = ``depth_multiplier``.

    Shapes: x (rows, height, width, channels), W = ``kernel`` (kernel height, kernel width, channels, M), b = ``bias``
    (channels * M,), y (rows, windows down, windows across, channels * M). Windows: as in Conv2D.

    Backward, with dz = dy * f'(z):  dW_ijcm = sum over rows, h, w of x_{s h + d i - p, s w + d j - q, c} dz_hwcm,
    db = sum of dz,  and dx_{s h + d i - p, s w + d j - q, c} gets  sum over m of dz_hwcm W_ijcm.
    Source: Sifre, "Rigid-motion scattering for image classification" (2014); Howard et al., "MobileNets" (2017).
    """

    family: ClassVar[str] = "convolution"
    equation: ClassVar[str] = "y_hwc = f(Σ_ij x_{s h+i,s w+j,c} W_ijc + b_c)"

    kernel_size: tuple[int, int] = settings.kernel_size()
    strides: tuple[int, int] = settings.strides((1, 1))
    padding: str = settings.padding()
    depth_multiplier: int = hyper(1, ge=1, le=1_000, help="How many patterns are looked for in each channel.")
    dilation_rate: tuple[int, int] = settings.dilation_rate((1, 1))
    activation: str = common.activation()
    use_bias: bool = common.use_bias()
    depthwise_initializer: Initializer = common.kernel_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    depthwise_regularizer: Regularizer | None = common.kernel_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()

    def __post_init__(self) -> None:
        super().__post_init__()
        settings.refuse_strided_dilation(self.type_name, self.strides, self.dilation_rate)

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides, self.dilation_rate)

    def output_shape(self, shape: Shape) -> Shape:
        height, width = settings.slide_over(self, shape)
        return (height.count, width.count, shape[-1] * self.depth_multiplier)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        channels, multiplier = shape[-1], self.depth_multiplier
        kernel = (*self.kernel_size, channels, multiplier)
        initializer, regularizer = self.depthwise_initializer, self.depthwise_regularizer
        return settings.weights(self, kernel, initializer, regularizer, channels * multiplier)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size)

    def kept(self, shape: Shape, rows: int) -> int:
        return common.with_sums(self.activation, super().kept(shape, rows))

    def lent(self, shape: Shape, rows: int) -> int:
        outputs = math.prod(self.output_shape(shape))
        return lent_to_shares(rows, outputs, outputs)

    def compile(self, bind: Binding) -> Op:
        return DepthwiseConv2DOp(self, bind)


class DepthwiseConv2DOp(FilterOp):
    """One multiplication of whole pictures for each position of the kernel."""

    def __init__(self, layer: DepthwiseConv2D, bind: Binding) -> None:
        self.axes = height, width = settings.slide_over(layer, bind.x.shape[1:])
        kernel = bind.weight("kernel")
        channels, multiplier = kernel.shape[-2:]
        outputs = (height.count, width.count, channels * multiplier)
        super().__init__(layer, bind, outputs, math.prod(bind.x.shape[1:]) + math.prod(outputs))
        self.kernel = kernel.reshape(-1, channels, multiplier)
        self.x, self.dx = bind.x, bind.dx
        if self.dy is not None:
            self.kernel_gradient = bind.gradient("kernel").reshape(self.kernel.shape)
        self.shares = [DepthwiseConv2DShare(self, rows) for rows in self.rows]


class DepthwiseConv2DShare(FilterShare):
    """Works on dz, and on z, as (rows, windows down, windows across, channels, M)."""

    op: DepthwiseConv2DOp

    def __init__(self, op: DepthwiseConv2DOp, rows: slice) -> None:
        super().__init__(op, rows)
        height, width = op.axes
        self.windows = Windows(op.x, op.axes, self.block_rows, self.scratch)
        self.positions = list(np.ndindex(height.kernel, width.kernel))
        self.taps = taps(op.axes)
        self.split = (height.count, width.count, *op.kernel.shape[1:])
        self.scratch.reserve(_PRODUCTS, self.block_rows * math.prod(self.split), op.x.dtype)
        if self.training:
            self.scratch.reserve(_SUMS, self.block_rows * math.prod(self.split[:-1]), op.x.dtype)

    def product(self, rows: slice) -> None:
        seen = self.windows.view(rows)
        z = self.op.z[rows].reshape(-1, *self.split)
        products = self.scratch.take(_PRODUCTS, None, z.size, z.dtype).reshape(z.shape)
        z.fill(0)
        for (i, j), weights in zip(self.positions, self.op.kernel, strict=True):
            np.multiply(seen[:, :, :, i, j, :, None], weights, out=products)
            z += products

    def gradients(self, rows: slice, dz: Array) -> None:
        self.add_bias(rows, dz.reshape(-1, dz.shape[-1]))
        seen = self.windows.view(rows)
        dz = dz.reshape(-1, *self.split)
        products = self.scratch.take(_PRODUCTS, None, dz.size, dz.dtype).reshape(dz.shape)
        flat = products.reshape(-1, math.prod(self.split[-2:]))
        for (i, j), gradient in zip(self.positions, self.kernel_sum, strict=True):
            np.multiply(dz, seen[:, :, :, i, j, :, None], out=products)
            self.add_product(rows, self.ones[: len(flat)], flat, gradient.reshape(-1))
        if self.op.dx is None:
            return
        dx = self.op.dx[rows]
        dx.fill(0)
        sums = self.scratch.take(_SUMS, None, math.prod(dz.shape[:-1]), dz.dtype).reshape(dz.shape[:-1])
        for (windows, places), weights in zip(self.taps, self.op.kernel, strict=True):
            np.multiply(dz, weights, out=products)
            np.sum(products, axis=-1, out=sums)
            dx[places] += sums[windows]
