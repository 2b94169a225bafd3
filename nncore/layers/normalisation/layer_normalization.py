"""The layer LayerNormalization."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.initializers import Initializer
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.normalisation import fields
from nncore.regularizers import Regularizer
from nncore.types import Shape


@register
class LayerNormalization(Layer):
    """Shifts and scales the features of each sample so that together they have mean 0 and variance 1.

    y = gamma n + beta  with n = (x - m) / s,  s = sqrt(v + epsilon)

    m and v are mean and variance over the last axis: every sample, and every place in it, is normalised for itself, in
    training as in prediction.

    Shapes: x and y (rows, ..., features), ``gamma`` and ``beta`` (features,).

    Backward:  dgamma = sum over rows of dy n,  dbeta = sum over rows of dy,  with dn = gamma dy and means over the last
    axis:  dx = (dn - mean(dn) - n mean(dn n)) / s.
    Source: Ba, Kiros and Hinton, "Layer normalization" (2016).
    """

    family: ClassVar[str] = "normalisation"
    equation: ClassVar[str] = "y = γ (x − mean) / √(var + ε) + β"
    supports_masking: ClassVar[bool] = True

    axis: int = fields.axis()
    epsilon: float = fields.epsilon()
    center: bool = fields.center()
    scale: bool = fields.scale()
    beta_initializer: Initializer = fields.beta_initializer()
    gamma_initializer: Initializer = fields.gamma_initializer()
    beta_regularizer: Regularizer | None = fields.beta_regularizer()
    gamma_regularizer: Regularizer | None = fields.gamma_regularizer()

    def output_shape(self, shape: Shape) -> Shape:
        fields.check_shape("LayerNormalization", self.axis, shape)
        return shape

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        return fields.scale_and_shift(
            shape[-1],
            (self.scale, self.gamma_initializer, self.gamma_regularizer),
            (self.center, self.beta_initializer, self.beta_regularizer),
        )

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(shape)

    def kept(self, shape: Shape, rows: int) -> int:
        return 3 * super().kept(shape, rows)  # with the normalised numbers, and room to work

    def compile(self, bind: Binding) -> Op:
        return LayerNormalizationOp(self, bind)


class LayerNormalizationOp(Op):
    """Layer normalisation on flat (numbers, features) views."""

    def __init__(self, layer: LayerNormalization, bind: Binding) -> None:
        features = bind.x.shape[-1]
        self.epsilon = layer.epsilon
        self.x = bind.x.reshape(-1, features)
        self.y = bind.buffer("y", bind.x.shape)
        self.out = self.y.reshape(self.x.shape)
        self.normal = bind.buffer("normal", bind.x.shape).reshape(self.x.shape)
        self.work = bind.buffer("work", bind.x.shape).reshape(self.x.shape)
        # A mean along a short axis is a product with a column of equal shares, for which BLAS needs no inner loop.
        self.shares = np.full((features, 1), 1 / features, self.x.dtype)
        rows = (*bind.x.shape[:-1], 1)
        self.mean = bind.buffer("mean", rows).reshape(-1, 1)
        self.factor = bind.buffer("factor", rows).reshape(-1, 1)
        self.gamma = bind.weight("gamma") if layer.scale else None
        self.beta = bind.weight("beta") if layer.center else None
        self.dy = None
        if bind.training:
            self.dy = bind.buffer("dy", bind.x.shape)
            self.dout = self.dy.reshape(self.x.shape)
            self.dx = None if bind.dx is None else bind.dx.reshape(self.x.shape)
            self.gamma_gradient = bind.gradient("gamma") if layer.scale else None
            self.beta_gradient = bind.gradient("beta") if layer.center else None

    def forward(self) -> None:
        np.matmul(self.x, self.shares, out=self.mean)
        np.subtract(self.x, self.mean, out=self.normal)
        np.square(self.normal, out=self.work)
        np.matmul(self.work, self.shares, out=self.factor)
        self.factor += self.epsilon
        np.sqrt(self.factor, out=self.factor)
        np.reciprocal(self.factor, out=self.factor)
        self.normal *= self.factor
        if self.gamma is None:
            np.copyto(self.out, self.normal)
        else:
            np.multiply(self.normal, self.gamma, out=self.out)
        if self.beta is not None:
            self.out += self.beta

    def backward(self) -> None:
        if self.beta_gradient is not None:
            np.sum(self.dout, axis=0, out=self.beta_gradient)
        if self.gamma_gradient is not None:
            np.multiply(self.dout, self.normal, out=self.work)
            np.sum(self.work, axis=0, out=self.gamma_gradient)
        if self.dx is None:
            return
        if self.gamma is not None:
            self.dout *= self.gamma
        np.matmul(self.dout, self.shares, out=self.mean)
        np.subtract(self.dout, self.mean, out=self.dx)
        np.multiply(self.dout, self.normal, out=self.work)
        np.matmul(self.work, self.shares, out=self.mean)
        np.multiply(self.normal, self.mean, out=self.work)
        self.dx -= self.work
        self.dx *= self.factor
