"""Penalties on large weights: what they add to the loss, and to the gradient.

A penalty keeps a network simple: weights that the data do not ask for shrink, and what was learned holds better for
new samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nncore.fields import Declared, hyper
from nncore.registry import Registry
from nncore.types import Array

REGULARIZERS: Registry[type[Regularizer]] = Registry("regularizer")


class Regularizer(Declared):
    """Base of every penalty: l1 times the sum of |w| and l2 times the sum of w².

    Attributes:
        title: what forms call it.
        equation: what becomes of the loss L, for display.
    """

    registry: ClassVar = REGULARIZERS
    title: ClassVar[str] = ""
    equation: ClassVar[str] = ""

    def factors(self) -> tuple[float, float]:
        """Return (l1, l2)."""
        raise NotImplementedError

    def penalty(self, weights: Array) -> float:
        """Return what the weights add to the loss: l1 sum |w| + l2 sum w^2."""
        l1, l2 = self.factors()
        flat = weights.ravel()
        total = l2 * float(np.dot(flat, flat)) if l2 else 0.0
        return total + (l1 * float(np.abs(flat).sum()) if l1 else 0.0)

    def add_gradient(self, weights: Array, gradient: Array) -> None:
        """Add the slope of the penalty to ``gradient``: l1 sign(w) + 2 l2 w."""
        l1, l2 = self.factors()
        if l2:
            gradient += (2 * l2) * weights
        if l1:
            gradient += l1 * np.sign(weights)

    def __call__(self, weights: object) -> float:
        """Return the penalty of an array, in float64."""
        return self.penalty(np.asarray(weights, dtype=np.float64))


def register(name: str) -> Callable[[type[Regularizer]], type[Regularizer]]:
    """Class decorator: make a regularizer known under ``name`` and its class name."""

    def add(regularizer: type[Regularizer]) -> type[Regularizer]:
        regularizer.type_name = name
        return REGULARIZERS.add(name, regularizer, regularizer.__name__)

    return add


@register("l2")
class L2(Regularizer):
    """Shrinks all weights in proportion to their size.

    L + l2 sum w^2

    Source: Krogh and Hertz, "A simple weight decay can improve generalization" (1991).
    """

    title: ClassVar[str] = "L2"
    equation: ClassVar[str] = "L + λ Σ w²"

    l2: float = hyper(0.01, ge=0, le=1000, log=True, live=True, label="Strength", help="The factor of the penalty.")

    def factors(self) -> tuple[float, float]:
        return 0.0, self.l2


@register("l1")
class L1(Regularizer):
    """Shrinks all weights by the same amount, so that many become zero.

    L + l1 sum |w|

    Source: Tibshirani, "Regression shrinkage and selection via the lasso" (1996).
    """

    title: ClassVar[str] = "L1"
    equation: ClassVar[str] = "L + λ Σ |w|"

    l1: float = hyper(0.01, ge=0, le=1000, log=True, live=True, label="Strength", help="The factor of the penalty.")

    def factors(self) -> tuple[float, float]:
        return self.l1, 0.0


@register("l1_l2")
class L1L2(Regularizer):
    """Both penalties at once.

    L + l1 sum |w| + l2 sum w^2

    Source: Zou and Hastie, "Regularization and variable selection via the elastic net" (2005).
    """

    title: ClassVar[str] = "L1 and L2"
    equation: ClassVar[str] = "L + λ₁ Σ |w| + λ₂ Σ w²"

    l1: float = hyper(
        0.0, ge=0, le=1000, suggested=0.001, log=True, live=True, label="L1", help="The factor of the sum of |w|."
    )
    l2: float = hyper(
        0.0, ge=0, le=1000, suggested=0.001, log=True, live=True, label="L2", help="The factor of the sum of w²."
    )

    def factors(self) -> tuple[float, float]:
        return self.l1, self.l2


l1, l2, l1_l2 = L1, L2, L1L2
"""The names in lower case, which Keras's lessons use."""
