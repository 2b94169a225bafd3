"""The layer GaussianNoise."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.regularisation.dropout import IdentityOp
from nncore.types import Shape


@register
class GaussianNoise(Layer):
    """Adds a little noise to its inputs in every training step.

    y = x + stddev n,  n drawn from the standard normal distribution

    Shapes: any. In prediction y = x. Backward: dx = dy.
    Source: Bishop, "Training with noise is equivalent to Tikhonov regularization" (1995).
    """

    family: ClassVar[str] = "regularisation"
    equation: ClassVar[str] = "y = x + σ n"
    supports_masking: ClassVar[bool] = True

    stddev: float = hyper(
        ge=0,
        le=1,
        suggested=0.1,
        key=True,
        live=True,
        label="Deviation",
        help="The standard deviation of the noise.",
    )

    def kept(self, shape: Shape, rows: int) -> int:
        return 2 * super().kept(shape, rows) if self.stddev > 0 else 0  # with the noise

    def compile(self, bind: Binding) -> Op:
        return GaussianNoiseOp(self, bind) if bind.training and self.stddev > 0 else IdentityOp(bind)


class GaussianNoiseOp(IdentityOp):
    """Noise during training; the gradient passes unchanged, in the buffer below."""

    def __init__(self, layer: GaussianNoise, bind: Binding) -> None:
        super().__init__(bind)
        self.x, self.rng, self.stddev = bind.x, bind.rng, layer.stddev
        self.y = bind.buffer("y", bind.x.shape)
        # Drawn in single precision, so that the noise is the same for every dtype of the network.
        self.noise = bind.buffer("noise", bind.x.shape, np.float32)

    def forward(self) -> None:
        self.rng.standard_normal(out=self.noise, dtype=np.float32)
        np.multiply(self.noise, self.stddev, out=self.y)
        self.y += self.x
