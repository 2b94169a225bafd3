"""RMSprop."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import (
    MEAN,
    SQUARE,
    Change,
    Memory,
    Optimizer,
    Updater,
    epsilon,
    learning_rate,
    momentum,
    register,
)
from nncore.types import Array


@register("rmsprop")
class RMSprop(Optimizer):
    """Gradient descent that divides each gradient by its usual size.

    v <- rho v + (1 - rho) g^2;  w <- w - learning_rate g / sqrt(v + epsilon)
    Centered takes the variance for the size:  a <- rho a + (1 - rho) g, with v - a^2 in place of v
    Momentum adds up the steps:  u <- momentum u + step;  w <- w - u

    Sources: Tieleman and Hinton, "Lecture 6.5: RMSprop" (2012); centered: Graves, "Generating sequences with recurrent
    neural networks" (2013).
    """

    equation: ClassVar[str] = "w ← w − η g / √(v + ε)"

    learning_rate: float = learning_rate(0.001)
    rho: float = hyper(0.9, ge=0, lt=1, near_one=True, help="How long the mean of the squared gradient remembers.")
    momentum: float = momentum()
    epsilon: float = epsilon()
    centered: bool = hyper(False, advanced=True, help="Divide by the deviation of the gradient from its mean.")

    def memory(self) -> dict[str, Memory]:
        return {"square": SQUARE, "velocity": MEAN} | ({"mean": MEAN} if self.centered else {})

    def updater(self) -> type[Updater]:
        return RMSpropUpdater


class RMSpropUpdater(Updater):
    """Keeps v and a without their factor (1 - rho), and u."""

    spec: RMSprop

    def change(self, rate: float) -> Change:
        rho, momentum = self.spec.rho, self.spec.momentum
        rest = 1 - rho
        scale, epsilon = rate / math.sqrt(rest), self.spec.epsilon / rest
        decay = self.sums.decay(rho)

        def change(w: Array, g: Array, work: Array, v: Array, u: Array, *mean: Array) -> None:
            np.multiply(g, g, out=work)
            decay(v, work)
            if mean:
                (a,) = mean
                decay(a, g)
                np.multiply(a, a, out=work)
                work *= -rest
                work += v
                np.maximum(work, 0, out=work)  # a variance, which only rounding makes negative
                work += epsilon
            else:
                np.add(v, epsilon, out=work)
            np.sqrt(work, out=work)
            np.divide(g, work, out=work)
            if momentum:
                work *= scale
                u *= momentum
                u += work
            else:
                np.multiply(work, scale, out=u)
            w -= u

        return change
