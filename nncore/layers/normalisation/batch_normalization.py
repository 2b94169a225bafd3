"""The layer BatchNormalization."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.initializers import Initializer, Ones, Zeros
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.normalisation import fields
from nncore.layers.regularisation.dropout import IdentityOp
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape


@register
class BatchNormalization(Layer):
    """Shifts and scales each feature so that it has mean 0 and variance 1 over the batch.

    y = gamma n + beta  with n = (x - m) / sqrt(v + epsilon)

    In training, m and v are mean and variance over all samples, places and unmasked time steps of the batch, and

    moving_mean = momentum * moving_mean + (1 - momentum) * m,  moving_variance alike with v.

    In prediction, m and v are these moving ones, so a prediction does not depend on its neighbours in the batch.

    Shapes: x and y (rows, ..., features); ``gamma``, ``beta``, ``moving_mean``, ``moving_variance`` (features,). The
    last two are not trained by gradients.

    Backward, with sums over the N numbers of a feature:  dgamma = sum dy n,  dbeta = sum dy,
    dx = gamma / sqrt(v + epsilon) * (dy - (dbeta + n dgamma) / N); a masked x has no part in m and v, and its dx no
    fraction.
    Source: Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate
    shift" (2015).
    """

    family: ClassVar[str] = "normalisation"
    equation: ClassVar[str] = "y = γ (x − mean) / √(var + ε) + β"
    supports_masking: ClassVar[bool] = True

    axis: int = fields.axis()
    momentum: float = hyper(
        0.99,
        ge=0,
        le=1,
        near_one=True,
        key=True,
        help="How much of the moving mean and variance stays in each training step.",
    )
    epsilon: float = fields.epsilon()
    center: bool = fields.center()
    scale: bool = fields.scale()
    beta_initializer: Initializer = fields.beta_initializer()
    gamma_initializer: Initializer = fields.gamma_initializer()
    moving_mean_initializer: Initializer = fields.initializer(Zeros(), "Initial mean")
    moving_variance_initializer: Initializer = fields.initializer(Ones(), "Initial variance")
    beta_regularizer: Regularizer | None = fields.beta_regularizer()
    gamma_regularizer: Regularizer | None = fields.gamma_regularizer()

    def output_shape(self, shape: Shape) -> Shape:
        fields.check_shape("BatchNormalization", self.axis, shape)
        return shape

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        features = shape[-1:]
        return (
            *fields.scale_and_shift(
                shape[-1],
                (self.scale, self.gamma_initializer, self.gamma_regularizer),
                (self.center, self.beta_initializer, self.beta_regularizer),
            ),
            Weight("moving_mean", features, self.moving_mean_initializer, trainable=False),
            Weight("moving_variance", features, self.moving_variance_initializer, trainable=False),
        )

    def multiply_adds(self, shape: Shape) -> int:
        return math.prod(shape)

    def kept(self, shape: Shape, rows: int) -> int:
        return 3 * super().kept(shape, rows)  # with the normalised numbers, and room to work

    def compile(self, bind: Binding) -> Op:
        return BatchOp(self, bind) if bind.training else MovingOp(self, bind)


class BatchOp(Op):
    """Normalisation by the batch, on flat (numbers, features) views."""

    def __init__(self, layer: BatchNormalization, bind: Binding) -> None:
        features = bind.x.shape[-1]
        self.momentum, self.epsilon = layer.momentum, layer.epsilon
        self.x = bind.x.reshape(-1, features)
        self.y, self.dy = bind.buffer("y", bind.x.shape), bind.buffer("dy", bind.x.shape)
        self.out, self.dout = self.y.reshape(self.x.shape), self.dy.reshape(self.x.shape)
        self.dx = None if bind.dx is None else bind.dx.reshape(self.x.shape)
        self.normal = bind.buffer("normal", bind.x.shape).reshape(self.x.shape)
        self.work = bind.buffer("work", bind.x.shape).reshape(self.x.shape)
        # Sums over thousands of rows are products with a row of ones: BLAS adds up faster and more exactly.
        self.ones = bind.buffer("ones", bind.x.shape[:-1]).reshape(-1)
        self.ones[...] = 1
        self.counts = self.ones
        self.mask: Array | None = None
        self.mask_below = bind.mask if bind.mask is not None and bind.mask.ndim == bind.x.ndim - 1 else None
        if self.mask_below is not None:
            self.counts = bind.buffer("counts", bind.x.shape[:-1]).reshape(-1)
        self.gamma = bind.weight("gamma") if layer.scale else None
        self.beta = bind.weight("beta") if layer.center else None
        self.moving_mean, self.moving_variance = bind.weight("moving_mean"), bind.weight("moving_variance")
        own = np.empty((4, features), self.x.dtype)
        self.mean, self.factor = own[0], own[1]
        self.gamma_gradient = bind.gradient("gamma") if layer.scale else own[2]
        self.beta_gradient = bind.gradient("beta") if layer.center else own[3]
        self.share = 1.0

    def forward(self) -> None:
        if self.mask_below is not None:
            np.copyto(self.counts, self.mask_below.reshape(-1))
        self.share = 1.0 / max(1.0, float(self.counts.sum()))
        np.matmul(self.counts, self.x, out=self.mean)
        self.mean *= self.share
        np.subtract(self.x, self.mean, out=self.normal)
        np.square(self.normal, out=self.work)
        np.matmul(self.counts, self.work, out=self.factor)
        self.factor *= self.share
        self._move(self.moving_mean, self.mean)
        self._move(self.moving_variance, self.factor)
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

    def _move(self, moving: Array, value: Array) -> None:
        moving *= self.momentum
        moving += (1 - self.momentum) * value

    def backward(self) -> None:
        np.multiply(self.dout, self.normal, out=self.work)
        np.matmul(self.ones, self.work, out=self.gamma_gradient)
        np.matmul(self.ones, self.dout, out=self.beta_gradient)
        if self.dx is None:
            return
        np.multiply(self.normal, self.gamma_gradient, out=self.work)
        self.work += self.beta_gradient
        if self.mask_below is not None:
            self.work *= self.counts[:, None]
        self.work *= self.share
        np.subtract(self.dout, self.work, out=self.dx)
        self.dx *= self.factor
        if self.gamma is not None:
            self.dx *= self.gamma


class MovingOp(IdentityOp):
    """Normalisation by the moving mean and variance: one factor and one shift for each feature."""

    def __init__(self, layer: BatchNormalization, bind: Binding) -> None:
        self.epsilon, self.x = layer.epsilon, bind.x
        self.y, self.dy = bind.buffer("y", bind.x.shape), None
        self.gamma = bind.weight("gamma") if layer.scale else None
        self.beta = bind.weight("beta") if layer.center else None
        self.mean, self.variance = bind.weight("moving_mean"), bind.weight("moving_variance")

    def forward(self) -> None:
        factor = 1 / np.sqrt(self.variance + self.epsilon)
        if self.gamma is not None:
            factor *= self.gamma
        np.subtract(self.x, self.mean, out=self.y)
        self.y *= factor
        if self.beta is not None:
            self.y += self.beta
