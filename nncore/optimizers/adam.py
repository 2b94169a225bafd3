"""Adam."""

from __future__ import annotations

import math
from dataclasses import dataclass
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
@dataclass(frozen=True)
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
        beta_1, beta_2, t = self.spec.beta_1, self.spec.beta_2, self.iterations
        root = math.sqrt(1 - beta_2)
        scale = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t) * (1 - beta_1) / root
        epsilon = self.spec.epsilon / root

        def change(w: Array, g: Array, work: Array, m: Array, v: Array, *largest: Array) -> None:
            m *= beta_1
            m += g
            v *= beta_2
            np.multiply(g, g, out=work)
            v += work
            if largest:
                v = np.maximum(largest[0], v, out=largest[0])
            np.sqrt(v, out=work)
            work += epsilon
            np.divide(m, work, out=work)
            work *= scale
            w -= work

        return change
