"""The layers Conv1D and Conv2D."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.initializers import Initializer
from nncore.layers import common, sample_kinds
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.convolution import settings
from nncore.layers.convolution.operation import FilterOp
from nncore.layers.convolution.patches import Overlay, Patches
from nncore.layers.windows import ONE, Axes, Axis, slide
from nncore.regularizers import Regularizer
from nncore.types import Shape


@register
@dataclass(frozen=True)
class Conv2D(Layer):
    """Looks for small patterns in a picture, the same ones at every place.

    y_hwf = f( sum over i, j, c of  x_{s h + d i - p, s w + d j - q, c} W_ijcf  + b_f )

    with strides s, dilation d, and p and q zeros above and left of the picture.

    Shapes: x (rows, height, width, channels), W = ``kernel`` (kernel height, kernel width, channels, filters),
    b = ``bias`` (filters,), y (rows, windows down, windows across, filters). Windows along an axis of n places:
    floor((n - d (kernel - 1) - 1) / s) + 1 with padding ``valid``, ceil(n / s) with ``same``.

    Forward, the windows are copied to the rows of a matrix P, so that z = P W + b is one matrix product.
    Backward, with dz = dy * f'(z):  dW = P^T dz,  db = sum over rows and windows of dz,  and dP = dz W^T is added up
    where windows overlap:  dx_{s h + d i - p, s w + d j - q, c} gets  sum over f of dz_hwf W_ijcf.
    Sources: LeCun et al., "Gradient-based learning applied to document recognition" (1998); Dumoulin and Visin,
    "A guide to convolution arithmetic for deep learning" (2016).
    """

    family: ClassVar[str] = "convolution"
    equation: ClassVar[str] = "y_hwf = f(Σ_ijc x_{h+i,w+j,c} W_ijcf + b_f)"

    filters: int = settings.filters()
    kernel_size: tuple[int, int] = settings.kernel_size()
    strides: tuple[int, int] = settings.strides((1, 1))
    padding: str = settings.padding()
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

    def output_shape(self, shape: Shape) -> Shape:
        height, width = settings.slide_over(self, shape)
        return (height.count, width.count, self.filters)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        kernel = (*self.kernel_size, shape[-1], self.filters)
        return settings.weights(self, kernel, self.kernel_initializer, self.kernel_regularizer, self.filters)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size) * shape[-1]

    def compile(self, bind: Binding) -> Op:
        return ConvOp(self, bind, settings.slide_over(self, bind.x.shape[1:]))


@register
@dataclass(frozen=True)
class Conv1D(Layer):
    """Looks for short patterns in a sequence, the same ones at every time step.

    y_tf = f( sum over k, c of  x_{s t + d k - p, c} W_kcf  + b_f )

    with strides s, dilation d and p zeros before the sequence.

    Shapes: x (rows, steps, channels), W = ``kernel`` (kernel_size, channels, filters), b = ``bias`` (filters,),
    y (rows, windows, filters). Windows: floor((steps - d (kernel_size - 1) - 1) / s) + 1 with padding ``valid``,
    ceil(steps / s) with ``same`` and ``causal``.

    Backward: as in Conv2D, for a picture of height 1.
    Source: Waibel et al., "Phoneme recognition using time-delay neural networks" (1989).
    """

    family: ClassVar[str] = "convolution"
    equation: ClassVar[str] = "y_tf = f(Σ_kc x_{t+k,c} W_kcf + b_f)"

    filters: int = settings.filters()
    kernel_size: int = settings.kernel_size()
    strides: int = settings.strides(1)
    padding: str = settings.padding("causal")
    dilation_rate: int = settings.dilation_rate(1)
    activation: str = common.activation()
    use_bias: bool = common.use_bias()
    kernel_initializer: Initializer = common.kernel_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    kernel_regularizer: Regularizer | None = common.kernel_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()

    def __post_init__(self) -> None:
        super().__post_init__()
        settings.refuse_strided_dilation(self.type_name, self.strides, self.dilation_rate)

    def axis(self, shape: Shape) -> Axis:
        """Return the windows over the time steps; raise ``ShapeError`` when none fits."""
        steps, _ = sample_kinds.sequence(self.type_name, shape)
        axis = slide(steps, self.kernel_size, self.strides, self.dilation_rate, self.padding)
        sample_kinds.check_fit(self.type_name, "kernel", (axis,))
        return axis

    def output_shape(self, shape: Shape) -> Shape:
        return (self.axis(shape).count, self.filters)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        kernel = (self.kernel_size, shape[-1], self.filters)
        return settings.weights(self, kernel, self.kernel_initializer, self.kernel_regularizer, self.filters)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * self.kernel_size * shape[-1]

    def compile(self, bind: Binding) -> Op:
        return ConvOp(self, bind, (ONE, self.axis(bind.x.shape[1:])))


class ConvOp(FilterOp):
    """z = P W on pictures (rows, height, width, channels)."""

    def __init__(self, layer: Conv1D | Conv2D, bind: Binding, axes: Axes) -> None:
        height, width = axes
        kernel = bind.weight("kernel")
        channels, filters = kernel.shape[-2:]
        positions = height.kernel * width.kernel
        outputs = (height.count, width.count, filters)
        super().__init__(layer, bind, outputs, height.count * width.count * positions * channels)
        pictures = (bind.rows, height.size, width.size, channels)
        self.patches = Patches(bind.x.reshape(pictures), axes, self.block_rows)
        self.kernel = kernel.reshape(-1, filters)
        if self.dy is not None:
            self.kernel_gradient = bind.gradient("kernel").reshape(-1, filters)
            self.overlay = None if bind.dx is None else Overlay(bind.dx.reshape(pictures), axes, self.block_rows)
            self.spread = kernel.reshape(positions, channels, filters).transpose(0, 2, 1)

    def product(self, rows: slice) -> None:
        z = self.z[rows]
        np.matmul(self.patches.matrix(rows), self.kernel, out=z.reshape(-1, z.shape[-1]))

    def gradients(self, rows: slice) -> None:
        dz = self.dz[rows]
        dz = dz.reshape(-1, dz.shape[-1])
        self.add_product(rows, self.patches.matrix(rows), dz)
        if self.overlay is not None:
            self.overlay.write(rows, dz, self.spread)
