"""Nadam."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.optimizers.adam import beta_1, beta_2
from nncore.optimizers.base import (
    MEAN,
    SQUARE,
    Change,
    Memory,
    Optimizer,
    OptimizerState,
    Updater,
    epsilon,
    learning_rate,
    register,
)
from nncore.types import Array


@register("nadam")
class Nadam(Optimizer):
    """Adam that looks ahead along its momentum, as Nesterov's does.

    m <- beta_1 m + (1 - beta_1) g;  v <- beta_2 v + (1 - beta_2) g^2
    u_t = beta_1 (1 - 0.96^t / 2);  p_t = u_1 u_2 ... u_t
    w <- w - learning_rate (u_(t+1) m / (1 - p_(t+1)) + (1 - u_t) g / (1 - p_t)) / (sqrt(v / (1 - beta_2^t)) + epsilon)

    Source: Dozat, "Incorporating Nesterov momentum into Adam" (2016).
    """

    equation: ClassVar[str] = "w ← w − η (u m + (1 − u) g) / (√v + ε)"

    learning_rate: float = learning_rate(0.001)
    beta_1: float = beta_1()
    beta_2: float = beta_2()
    epsilon: float = epsilon()

    def memory(self) -> dict[str, Memory]:
        return {"mean": MEAN, "square": SQUARE}

    def updater(self) -> type[Updater]:
        return NadamUpdater


class NadamUpdater(Updater):
    """Keeps m and v without their factors (1 - beta), and p, which follows from the number of steps."""

    spec: Nadam
    work_arrays = 2
    product = 1.0

    def _momentum(self, t: int) -> float:
        return self.spec.beta_1 * (1 - 0.5 * 0.96**t)

    def change(self, rate: float) -> Change:
        beta_1, beta_2, t = self.spec.beta_1, self.spec.beta_2, self.iterations
        now, then = self._momentum(t), self._momentum(t + 1)
        self.product *= now
        root = math.sqrt((1 - beta_2) / (1 - beta_2**t))
        of_mean = rate * then * (1 - beta_1) / (1 - self.product * then) / root
        of_gradient = rate * (1 - now) / (1 - self.product) / root
        epsilon = self.spec.epsilon / root
        decay_mean, decay_square = self.sums.decay(beta_1), self.sums.decay(beta_2)

        def change(w: Array, g: Array, work: Array, step: Array, m: Array, v: Array) -> None:
            decay_mean(m, g)
            np.multiply(g, g, out=work)
            decay_square(v, work)
            np.multiply(m, of_mean, out=step)
            np.multiply(g, of_gradient, out=work)
            step += work
            np.sqrt(v, out=work)
            work += epsilon
            step /= work
            w -= step

        return change

    def restore(self, state: OptimizerState) -> None:
        super().restore(state)
        self._multiply()

    def forget(self) -> None:
        super().forget()
        self._multiply()

    def _multiply(self) -> None:
        self.product = 1.0
        for t in range(1, self.iterations + 1):
            self.product *= self._momentum(t)
            if self.product == 0:  # from here on for ever
                break
