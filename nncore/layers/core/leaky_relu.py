"""The layer LeakyReLU."""

from __future__ import annotations

from typing import ClassVar

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.core.activation import ActivationOp


@register
class LeakyReLU(Layer):
    """Lets positive numbers through, and a small share of negative ones, so that no neuron stops learning.

    y = x where x > 0, else negative_slope * x

    Shapes: any. Backward: dx = dy where x > 0, else negative_slope * dy.
    Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models" (2013).
    """

    equation: ClassVar[str] = "y = x if x > 0, else slope · x"
    supports_masking: ClassVar[bool] = True
    activation: ClassVar[str] = "leaky_relu"

    negative_slope: float = hyper(
        0.3,
        ge=0,
        le=100,
        log=True,
        slider=(0.001, 1),
        key=True,
        help="The share of negative numbers that passes.",
    )

    def compile(self, bind: Binding) -> Op:
        return ActivationOp(ACTIVATIONS.get(self.activation).using(negative_slope=self.negative_slope), bind)
