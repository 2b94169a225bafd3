"""Adadelta."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import SQUARE, Change, Memory, Optimizer, Updater, epsilon, learning_rate, register
from nncore.types import Array


@register("adadelta")
class Adadelta(Optimizer):
    """Gradient descent whose steps are as large as the last ones were, for each weight.

    v <- rho v + (1 - rho) g^2;  step = sqrt(d + epsilon) / sqrt(v + epsilon) g
    d <- rho d + (1 - rho) step^2;  w <- w - learning_rate step

    With a learning rate of 1 it is the method of the paper. Source: Zeiler, "ADADELTA: an adaptive learning rate
    method" (2012).
    """

    equation: ClassVar[str] = "w ← w − η √(d + ε) / √(v + ε) g"

    learning_rate: float = learning_rate(0.001)
    rho: float = hyper(
        0.95, ge=0, lt=1, near_one=True, help="How long the means of squared gradients and steps remember."
    )
    epsilon: float = epsilon()

    def memory(self) -> dict[str, Memory]:
        return {"square": SQUARE, "step": SQUARE}

    def updater(self) -> type[Updater]:
        return AdadeltaUpdater


class AdadeltaUpdater(Updater):
    """Keeps v and d without their factor (1 - rho), which cancels out but for epsilon."""

    spec: Adadelta
    work_arrays = 2

    def change(self, rate: float) -> Change:
        rho = self.spec.rho
        epsilon = self.spec.epsilon / (1 - rho)
        decay, descend = self.sums.decay(rho), self.sums.descent(rate)

        def change(w: Array, g: Array, step: Array, work: Array, v: Array, d: Array) -> None:
            np.multiply(g, g, out=work)
            decay(v, work)
            np.add(v, epsilon, out=work)
            np.add(d, epsilon, out=step)
            step /= work
            np.sqrt(step, out=step)
            step *= g
            np.multiply(step, step, out=work)
            decay(d, work)
            descend(w, step)

        return change
