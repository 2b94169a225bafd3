"""The layer ELU."""

from __future__ import annotations

from typing import ClassVar

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.core.activation import ActivationOp


@register
class ELU(Layer):
    """Lets positive numbers through and bends negative ones towards a floor of -alpha.

    y = x where x > 0, else alpha * (e^x - 1)

    Shapes: any. Backward: dx = dy where x > 0, else alpha e^x dy = (y + alpha) dy.
    Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units"
    (2016).
    """

    equation: ClassVar[str] = "y = x if x > 0, else α (e^x − 1)"
    supports_masking: ClassVar[bool] = True
    activation: ClassVar[str] = "elu"

    alpha: float = hyper(
        1.0, ge=0, le=100, log=True, slider=(0.1, 10), key=True, help="How far below zero the outputs can go."
    )

    def compile(self, bind: Binding) -> Op:
        return ActivationOp(ACTIVATIONS.get(self.activation).using(alpha=self.alpha), bind)
