"""Adam."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import MEAN, SQUARE, Change, Memory, Optimizer, Updater, epsilon, learning_rate, register
from nncore.types import Array


def beta_1() -> Any:
    """Return the field ``beta_1``."""
    return hyper(0.9, ge=0, lt=1, help="How long the mean of the gradient remembers.")


def beta_2() -> Any:
    """Return the field ``beta_2``."""
    return hyper(0.999, ge=0, lt=1, help="How long the mean of the squared gradient remembers.")


@register("adam")
class Adam(Optimizer):
    """Gradient descent with a step size of its own for each weight.

    m <- beta_1 m + (1 - beta_1) g;  v <- beta_2 v + (1 - beta_2) g^2
    w <- w - learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon)
    AMSGrad takes the largest v so far in place of v.

    Sources: Kingma and Ba, "Adam: a method for stochastic optimization" (2014), in the form above its section 2.1;
    Reddi, Kale and Kumar, "On the convergence of Adam and beyond" (2018).
    """

    equation: ClassVar[str] = "w ← w − η m / (√v + ε)"

    learning_rate: float = learning_rate(0.001)
    beta_1: float = beta_1()
    beta_2: float = beta_2()
    epsilon: float = epsilon()
    amsgrad: bool = hyper(False, label="AMSGrad", advanced=True, help="Never let the mean of squared gradients fall.")

    def memory(self) -> dict[str, Memory]:
        return {"mean": MEAN, "square": SQUARE} | ({"largest": Memory()} if self.amsgrad else {})

    def updater(self) -> type[Updater]:
        return AdamUpdater


class AdamUpdater(Updater):
    """Keeps m and v without their factors (1 - beta), which are folded into two scalars: ten operations a chunk."""

    spec: Adam

    def change(self, rate: float) -> Change:
        t = self.iterations
        keep_1, keep_2 = self.spec.beta_1, self.spec.beta_2
        root = math.sqrt(1 - keep_2)
        beta_1, beta_2 = self.number("beta_1", keep_1), self.number("beta_2", keep_2)
        scale = self.number("scale", rate * math.sqrt(1 - keep_2**t) / (1 - keep_1**t) * (1 - keep_1) / root)
        epsilon = self.number("epsilon", self.spec.epsilon / root)

        def change(w: Array, g: Array, work: Array, m: Array, v: Array, *largest: Array) -> None:
            np.multiply(m, beta_1, m)
            np.add(m, g, m)
            np.multiply(v, beta_2, v)
            np.multiply(g, g, work)
            np.add(v, work, v)
            if largest:
                v = np.maximum(largest[0], v, out=largest[0])
            np.sqrt(v, work)
            np.add(work, epsilon, work)
            np.divide(m, work, work)
            np.multiply(work, scale, work)
            np.subtract(w, work, w)

        return change
