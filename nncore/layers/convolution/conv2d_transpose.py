"""The layer Conv2DTranspose."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.errors import FieldError, ShapeError
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common, sample_kinds
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.convolution import settings
from nncore.layers.convolution.operation import FilterOp, FilterShare, kept_by_shares, lent_to_shares
from nncore.layers.convolution.overlay import spreading
from nncore.layers.convolution.patches import Patches
from nncore.layers.windows import Axes, spread, with_steps
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape


@register
class Conv2DTranspose(Layer):
    """Paints a small pattern for every input number; where patterns overlap, they add up. Strides enlarge the picture.

    y_{s h + d i - p, s w + d j - q, f} = f( sum over all such h, i, w, j, and over c, of  x_hwc W_ijfc  + b_f )

    with strides s, dilation d, and p and q places cut off above and left. It is the transpose of the linear map of a
    Conv2D with the same kernel and settings: what is forward there is backward here.

    Shapes: x (rows, height, width, channels), W = ``kernel`` (kernel height, kernel width, filters, channels),
    b = ``bias`` (filters,), y (rows, height', width', filters). An axis of n places becomes n s with padding
    ``same``, and (n - 1) s + max(d (kernel - 1) + 1, s) with ``valid``, unless ``output_padding`` says otherwise.

    Backward, with dz = dy * f'(z) and its windows as the rows of a matrix P:  dx = P W,  dW = P^T x,
    db = sum over rows and places of dz.
    Sources: Zeiler et al., "Deconvolutional networks" (2010); Dumoulin and Visin, "A guide to convolution arithmetic
    for deep learning" (2016).
    """

    family: ClassVar[str] = "convolution"
    equation: ClassVar[str] = "y_{s h+i,s w+j,f} = f(Σ_hwijc x_hwc W_ijfc + b_f)"

    filters: int = settings.filters()
    kernel_size: tuple[int, int] = settings.kernel_size()
    strides: tuple[int, int] = settings.strides((1, 1))
    padding: str = settings.padding()
    output_padding: tuple[int, int] | None = hyper(
        None,
        ge=0,
        le=1_000,
        advanced=True,
        applies=lambda layer: layer.output_padding is not None or max(layer.strides) > 1,
        help="Rows and columns to add below and right; less than the strides.",
    )
    dilation_rate: tuple[int, int] = settings.dilation_rate((1, 1))
    activation: str = common.activation()
    use_bias: bool = common.use_bias()
    kernel_initializer: Initializer = common.kernel_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    kernel_regularizer: Regularizer | None = common.kernel_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()

    def __post_init__(self) -> None:
        super().__post_init__()
        settings.refuse_strided_dilation(self.type_name, self.strides, self.dilation_rate)
        for extra, stride in zip(self.output_padding or (), self.strides, strict=False):
            if extra >= stride:
                raise FieldError(
                    self.type_name,
                    "output_padding",
                    f"{self.type_name}: output_padding must be less than the strides, but is {extra} with strides of "
                    f"{stride}.",
                    f"Choose at most {stride - 1}, or larger strides.",
                )

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides, self.dilation_rate)

    def axes(self, shape: Shape) -> Axes:
        """Return the windows over the output; raise ``ShapeError`` when nothing would come out."""
        height, width, _ = sample_kinds.picture(self.type_name, shape)
        extra = self.output_padding or (None, None)
        axes = (
            spread(height, self.kernel_size[0], self.strides[0], self.dilation_rate[0], self.padding, extra[0]),
            spread(width, self.kernel_size[1], self.strides[1], self.dilation_rate[1], self.padding, extra[1]),
        )
        if min(axis.size for axis in axes) < 1:
            raise ShapeError(
                f"{self.type_name}: output_padding of {sample_kinds.product(self.output_padding or ())} "
                f"leaves nothing of an input of {sample_kinds.product((height, width))}.",
                "Leave output_padding empty, or make it larger.",
            )
        return axes

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.axes(shape)
        return (height.size, width.size, self.filters)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        kernel = (*self.kernel_size, self.filters, shape[-1])
        return settings.weights(self, kernel, self.kernel_initializer, self.kernel_regularizer, self.filters)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(shape) * math.prod(self.kernel_size) * self.filters

    def kept(self, shape: Shape, rows: int) -> int:
        return kept_by_shares(self.activation, super().kept(shape, rows), self.weights(shape))

    def lent(self, shape: Shape, rows: int) -> int:
        return lent_to_shares(rows, self.multiply_adds(shape) // shape[-1], math.prod(self.output_shape(shape)))

    def compile(self, bind: Binding) -> Op:
        return Conv2DTransposeOp(self, bind)


class Conv2DTransposeOp(FilterOp):
    """z = the windows of x W^T laid over each other."""

    def __init__(self, layer: Conv2DTranspose, bind: Binding) -> None:
        height, width = self.axes = layer.axes(bind.x.shape[1:])
        self.kernel = bind.weight("kernel")
        filters, channels = self.kernel.shape[-2:]
        outputs = (height.size, width.size, filters)
        super().__init__(layer, bind, outputs, math.prod(self.kernel.shape[:-1]) * height.count * width.count)
        self.x, self.dx = bind.x, bind.dx
        if self.dy is not None:
            self.kernel_gradient = bind.gradient("kernel").reshape(-1, channels)
        self.shares = [Conv2DTransposeShare(self, rows) for rows in self.rows]


class Conv2DTransposeShare(FilterShare):
    """What spreads some rows of x, and the windows of dz as a matrix."""

    op: Conv2DTransposeOp

    def __init__(self, op: Conv2DTransposeOp, rows: slice) -> None:
        super().__init__(op, rows)
        self.spread = spreading(op.z, op.axes, op.x, op.kernel, self.block_rows, self.scratch)
        self.kernel = op.kernel.reshape(-1, op.kernel.shape[-1])
        if self.training:
            self.patches = Patches(op.dz, op.axes, self.block_rows, self.scratch)

    def forward(self) -> None:
        self.spread.take_kernel()
        super().forward()

    def product(self, rows: slice) -> None:
        self.spread.write(rows)

    def gradients(self, rows: slice, dz: Array) -> None:
        x = self.op.x[rows]
        x = x.reshape(-1, x.shape[-1])
        windows = self.patches.matrix(rows)
        self.add_product(rows, windows, x, self.kernel_sum)
        self.add_bias(rows, dz.reshape(-1, dz.shape[-1]))
        if self.op.dx is not None:
            np.matmul(windows, self.kernel, out=self.op.dx[rows].reshape(x.shape))
