"""Adam."""

from __future__ import annotations

import functools
import math
from typing import Any, ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import MEAN, SQUARE, Change, Memory, Optimizer, Updater, epsilon, learning_rate, register
from nncore.optimizers.sums import Sum
from nncore.types import Array


def beta_1() -> Any:
    """Return the field ``beta_1``."""
    return hyper(0.9, ge=0, lt=1, near_one=True, help="How long the mean of the gradient remembers.")


def beta_2() -> Any:
    """Return the field ``beta_2``."""
    return hyper(0.999, ge=0, lt=1, near_one=True, help="How long the mean of the squared gradient remembers.")


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
    """Keeps m and v without their factors (1 - beta), which are folded into two scalars: ten operations in NumPy, seven
    where sums take one pass.

    The gradient's memory is the work array: with one array less, those of a network of 100,000 weights stay in a cache
    of 2 MiB from step to step.
    """

    spec: Adam
    work_arrays = 0

    def change(self, rate: float) -> Change:
        t = self.iterations
        keep_1, keep_2 = self.spec.beta_1, self.spec.beta_2
        decay_mean, decay_square, root, epsilon = self.fixed
        descend = self.sums.descent(rate * math.sqrt(1 - keep_2**t) / (1 - keep_1**t) * (1 - keep_1) / root)

        def change(w: Array, g: Array, m: Array, v: Array, *largest: Array) -> None:
            decay_mean(m, g)
            np.multiply(g, g, g)
            decay_square(v, g)
            if largest:
                v = np.maximum(largest[0], v, out=largest[0])
            np.sqrt(v, g)
            np.add(g, epsilon, g)
            np.divide(m, g, g)
            descend(w, g)

        return change

    @functools.cached_property
    def fixed(self) -> tuple[Sum, Sum, float, Array]:
        """What stays as it is while bound: what adds g to m and g^2 to v, sqrt(1 - beta_2), and epsilon by that."""
        root = math.sqrt(1 - self.spec.beta_2)
        decays = self.sums.decay(self.spec.beta_1), self.sums.decay(self.spec.beta_2)
        return *decays, root, self.number("epsilon", self.spec.epsilon / root)
