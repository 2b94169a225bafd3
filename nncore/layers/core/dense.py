"""The layer Dense."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.products import product
from nncore.regularizers import Regularizer
from nncore.types import Shape


@register
class Dense(Layer):
    """Connects every input with every output.

    y = f(x W + b)

    Shapes: x (rows, ..., inputs), W = ``kernel`` (inputs, units), b = ``bias`` (units,), y (rows, ..., units). An input
    with more than one axis is worked on along its last axis, like in Keras.

    Backward, with dz = dy * f'(z):  dW = x^T dz,  db = sum over rows of dz,  dx = dz W^T.
    Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986).
    """

    equation: ClassVar[str] = "y = f(x W + b)"
    supports_masking: ClassVar[bool] = True

    units: int = hyper(
        ge=1, le=1_000_000, suggested=64, log=True, key=True, help="How many neurons, and so how many outputs."
    )
    activation: str = common.activation()
    use_bias: bool = common.use_bias()
    kernel_initializer: Initializer = common.kernel_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    kernel_regularizer: Regularizer | None = common.kernel_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()

    def output_shape(self, shape: Shape) -> Shape:
        if not shape:
            raise ShapeError("Dense needs at least one number per sample, but gets none.", "Check the input shape.")
        return (*shape[:-1], self.units)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        kernel = Weight("kernel", (shape[-1], self.units), self.kernel_initializer, self.kernel_regularizer)
        bias = Weight("bias", (self.units,), self.bias_initializer, self.bias_regularizer)
        return (kernel, bias) if self.use_bias else (kernel,)

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(shape) * self.units

    def kept(self, shape: Shape, rows: int) -> int:
        return common.with_sums(self.activation, super().kept(shape, rows))

    def compile(self, bind: Binding) -> Op:
        return DenseOp(self, bind)


class DenseOp(Op):
    """Dense on flat (samples, features) views of its buffers."""

    def __init__(self, layer: Dense, bind: Binding) -> None:
        inputs = bind.x.shape[-1]
        shape = (*bind.x.shape[:-1], layer.units)
        self.activation = ACTIVATIONS.get(layer.activation)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        self.x = bind.x.reshape(-1, inputs)
        self.out = self.y.reshape(-1, layer.units)
        # The sum z = x W + b is overwritten by y = f(z) unless the derivative needs z itself.
        self.z = bind.buffer("z", self.out.shape) if self.activation.keeps_input else self.out
        kernel = bind.weight("kernel")
        self.bias = bind.weight("bias") if layer.use_bias else None
        self.multiply = product(bind.team, self.x, kernel, self.z)
        if self.dy is not None:
            self.dz = self.dy.reshape(-1, layer.units)
            self.dx = None if bind.dx is None else bind.dx.reshape(-1, inputs)
            self.kernel_gradient = bind.gradient("kernel")
            self.bias_gradient = bind.gradient("bias") if layer.use_bias else None
            self.gradients: list[Callable[[], object]] = [product(bind.team, self.x.T, self.dz, self.kernel_gradient)]
            if self.bias_gradient is not None:  # a sum over rows, as a product with ones: several times faster
                ones = np.ones(len(self.x), self.x.dtype)
                self.gradients.append(partial(np.dot, ones, self.dz, self.bias_gradient))
            if self.dx is not None:
                self.gradients.append(product(bind.team, self.dz, kernel.T, self.dx))

    def forward(self) -> None:
        self.multiply()
        if self.bias is not None:
            np.add(self.z, self.bias, self.z)
        self.activation.forward(self.z, self.out)

    def backward(self) -> None:
        self.activation.backward(self.z, self.out, self.dz, self.dz)
        for gradient in self.gradients:
            gradient()
