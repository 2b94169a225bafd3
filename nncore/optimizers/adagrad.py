"""Adagrad."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import Change, Memory, Optimizer, Updater, epsilon, learning_rate, register
from nncore.types import Array


@register("adagrad")
class Adagrad(Optimizer):
    """Gradient descent whose steps get smaller for a weight the more its gradients have added up.

    s <- s + g^2;  w <- w - learning_rate g / sqrt(s + epsilon)

    Source: Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization"
    (2011).
    """

    equation: ClassVar[str] = "w ← w − η g / √(Σ g² + ε)"

    learning_rate: float = learning_rate(0.001)
    initial_accumulator_value: float = hyper(
        0.1,
        ge=0,
        le=1000,
        log=True,
        label="Initial sum",
        help="Where the sum of squares starts; larger is more careful at first.",
    )
    epsilon: float = epsilon()

    def memory(self) -> dict[str, Memory]:
        return {"sum": Memory(start=self.initial_accumulator_value)}

    def updater(self) -> type[Updater]:
        return AdagradUpdater


class AdagradUpdater(Updater):
    """Keeps the sum of squares s."""

    spec: Adagrad

    def change(self, rate: float) -> Change:
        descend = self.sums.descent(rate)

        def change(w: Array, g: Array, work: Array, s: Array) -> None:
            np.multiply(g, g, out=work)
            s += work
            np.add(s, self.spec.epsilon, out=work)
            np.sqrt(work, out=work)
            np.divide(g, work, out=work)
            descend(w, work)

        return change
