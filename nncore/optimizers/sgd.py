"""Gradient descent."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import MEAN, Change, Memory, Optimizer, Updater, momentum, register
from nncore.types import Array


@register("sgd")
class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    v <- momentum v - learning_rate g;  w <- w + v
    Nesterov looks ahead along the momentum:  w <- w + momentum v - learning_rate g

    Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Sutskever et al., "On
    the importance of initialization and momentum in deep learning" (2013).
    """

    equation: ClassVar[str] = "w ← w − η ∂L/∂w"

    momentum: float = momentum()
    nesterov: bool = hyper(
        False,
        live=True,
        applies=attrgetter("momentum"),
        help="Look ahead along the momentum; it needs a momentum above 0.",
    )

    def memory(self) -> dict[str, Memory]:
        return {"velocity": MEAN}

    def updater(self) -> type[Updater]:
        return SGDUpdater


class SGDUpdater(Updater):
    """Keeps the velocity v."""

    spec: SGD

    def change(self, rate: float) -> Change:
        momentum, nesterov = self.spec.momentum, self.spec.nesterov

        def plain(w: Array, g: Array, work: Array, v: Array) -> None:
            np.multiply(g, -rate, out=v)  # written all the same: the momentum may be raised while training
            w += v

        def change(w: Array, g: Array, work: Array, v: Array) -> None:
            np.multiply(g, -rate, out=work)
            v *= momentum
            v += work
            if nesterov:
                w += work
                np.multiply(v, momentum, out=work)
                w += work
            else:
                w += v

        return change if momentum else plain
