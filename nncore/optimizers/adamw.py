"""AdamW."""

from __future__ import annotations

from typing import ClassVar

from nncore.fields import hyper
from nncore.optimizers.adam import Adam
from nncore.optimizers.base import register


@register("adamw")
class AdamW(Adam):
    """Adam with weights that shrink a little at every step, whatever their gradient.

    w <- w - learning_rate weight_decay w, then the step of Adam.

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2017).
    """

    equation: ClassVar[str] = "w ← w − η (m / (√v + ε) + λ w)"

    weight_decay: float = hyper(
        0.004, ge=0, le=1, log=True, live=True, help="The share, times the learning rate, each weight loses per step."
    )
