"""Gradient descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.optimizers.base import MEAN, Memory, Optimizer, Updater, momentum, register
from nncore.types import Array


@register("sgd")
@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    v <- momentum v - learning_rate g;  w <- w + v
    Nesterov looks ahead along the momentum:  w <- w + momentum v - learning_rate g

    Sources: Polyak, "Some methods of speeding up the convergence of iteration methods" (1964); Sutskever et al., "On
    the importance of initialization and momentum in deep learning" (2013).
    """

    equation: ClassVar[str] = "w ← w − η ∂L/∂w"

    momentum: float = momentum()
    nesterov: bool = hyper(False, live=True, help="Look ahead along the momentum; it needs a momentum above 0.")

    def memory(self) -> dict[str, Memory]:
        return {"velocity": MEAN}

    def bind(self, parameters: Array, gradients: Array, segments: Sequence[tuple[int, int]] | None = None) -> Updater:
        return SGDUpdater(self, parameters, gradients, segments)


class SGDUpdater(Updater):
    """Keeps the velocity v."""

    spec: SGD

    def update(self, rate: float) -> None:
        momentum, nesterov = self.spec.momentum, self.spec.nesterov
        for w, g, work, v in self.pieces(rate):
            if not momentum:  # v is written all the same: the momentum may be raised while training
                np.multiply(g, -rate, out=v)
                w += v
                continue
            np.multiply(g, -rate, out=work)
            v *= momentum
            v += work
            if nesterov:
                w += work
                np.multiply(v, momentum, out=work)
                w += work
            else:
                w += v
