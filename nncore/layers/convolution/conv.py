"""The layers Conv1D and Conv2D."""

from __future__ import annotations

import math
from typing import ClassVar

from nncore.initializers import Initializer
from nncore.layers import common, sample_kinds
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.convolution import settings
from nncore.layers.convolution.conv_op import ConvOp
from nncore.layers.convolution.operation import kept_by_shares, lent_to_shares
from nncore.layers.windows import ONE, Axis, slide, with_steps
from nncore.regularizers import Regularizer
from nncore.types import Shape


@register
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
    equation: ClassVar[str] = "y_hwf = f(Σ_ijc x_{s h+i,s w+j,c} W_ijcf + b_f)"

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

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides, self.dilation_rate)

    def output_shape(self, shape: Shape) -> Shape:
        height, width = settings.slide_over(self, shape)
        return (height.count, width.count, self.filters)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        kernel = (*self.kernel_size, shape[-1], self.filters)
        return settings.weights(self, kernel, self.kernel_initializer, self.kernel_regularizer, self.filters)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(self.output_shape(shape)) * math.prod(self.kernel_size) * shape[-1]

    def kept(self, shape: Shape, rows: int) -> int:
        return kept_by_shares(self.activation, super().kept(shape, rows), self.weights(shape))

    def lent(self, shape: Shape, rows: int) -> int:
        return lent_to_shares(rows, self.multiply_adds(shape) // self.filters, math.prod(self.output_shape(shape)))

    def compile(self, bind: Binding) -> Op:
        return ConvOp(self, bind, settings.slide_over(self, bind.x.shape[1:]))


@register
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
    equation: ClassVar[str] = "y_tf = f(Σ_kc x_{s t+k,c} W_kcf + b_f)"

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

    def typeset(self) -> str:
        return with_steps(super().typeset(), self.strides, self.dilation_rate)

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

    def kept(self, shape: Shape, rows: int) -> int:
        return kept_by_shares(self.activation, super().kept(shape, rows), self.weights(shape))

    def lent(self, shape: Shape, rows: int) -> int:
        return lent_to_shares(rows, self.multiply_adds(shape) // self.filters, math.prod(self.output_shape(shape)))

    def compile(self, bind: Binding) -> Op:
        return ConvOp(self, bind, (ONE, self.axis(bind.x.shape[1:])))
