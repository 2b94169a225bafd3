"""Optimizers: how the gradient changes the parameters.

All parameters of a network lie in one flat array and so do their gradients, so one update is a handful of in-place
array operations, whatever the number of layers. They run over chunks that fit the processor's cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.errors import InputError
from nncore.fields import Declared, hyper
from nncore.registry import Registry
from nncore.types import Array

CHUNK = 32_768
"""Elements per chunk: parameters, gradient, two moments and a work array of this size fit a 1 MiB cache."""

FLUSH_EVERY = 64
TINY_MEAN, TINY_SQUARE = 1e-30, 1e-36
"""The moments of a weight that gets no gradient any more, such as one of a dead neuron, shrink for ever. Below 1e-38
processors compute many times slower, so every ``FLUSH_EVERY`` steps what is too small to matter becomes 0."""

OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")


@dataclass(frozen=True, eq=False)
class OptimizerState:
    """What an optimizer remembers: the name of its type, one flat array for each slot, and the steps made."""

    type_name: str
    slots: Mapping[str, Array]
    iterations: int


class Updater:
    """An optimizer bound to the parameters it changes.

    Args:
        spec: the settings; ``spec`` may be exchanged between steps for one of the same type.
        parameters: flat array, changed in place.
        gradients: flat array of the same size.

    Attributes:
        slots: what the optimizer remembers from step to step, one flat array each; saved with a checkpoint.
        iterations: number of steps made.
    """

    slot_names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, spec: Optimizer, parameters: Array, gradients: Array) -> None:
        self.spec = spec
        self.iterations = 0
        self.slots = {name: np.zeros_like(parameters) for name in self.slot_names}
        work = np.empty_like(parameters[:CHUNK])
        self.chunks = [
            (
                parameters[start : start + CHUNK],
                gradients[start : start + CHUNK],
                work[: len(parameters[start : start + CHUNK])],
                *(slot[start : start + CHUNK] for slot in self.slots.values()),
            )
            for start in range(0, len(parameters), CHUNK)
        ]

    def step(self) -> None:
        """Change the parameters by one step along the present gradients."""
        raise NotImplementedError

    def state(self) -> OptimizerState:
        """Return a copy of what the optimizer remembers."""
        slots = {name: slot.copy() for name, slot in self.slots.items()}
        return OptimizerState(self.spec.type_name, slots, self.iterations)

    def restore(self, state: OptimizerState) -> None:
        """Take over what an optimizer of the same type remembered; another type's is of no use and ignored.

        Raises:
            InputError: the memory is of another size, as in a damaged file.
        """
        if state.type_name == self.spec.type_name:
            if {name: slot.shape for name, slot in self.slots.items()} != {
                name: slot.shape for name, slot in state.slots.items()
            }:
                raise InputError(
                    f"What {state.type_name} remembered does not fit the network.", "Train from the start."
                )
            for name, slot in self.slots.items():
                np.copyto(slot, state.slots[name])
            self.iterations = state.iterations

    def forget(self) -> None:
        """Start anew."""
        for slot in self.slots.values():
            slot[:] = 0
        self.iterations = 0


@dataclass(frozen=True)
class Optimizer(Declared):
    """Base of every optimizer's settings."""

    registry: ClassVar = OPTIMIZERS
    equation: ClassVar[str] = ""

    learning_rate: float = hyper(
        0.01, gt=0, le=100, log=True, live=True, key=True, help="The size of a step along the gradient."
    )

    def bind(self, parameters: Array, gradients: Array) -> Updater:
        """Return the optimizer bound to flat arrays of parameters and gradients."""
        raise NotImplementedError


def register(*aliases: str) -> Callable[[type[Optimizer]], type[Optimizer]]:
    """Class decorator: make an optimizer known under its class name and ``aliases``."""

    def add(optimizer: type[Optimizer]) -> type[Optimizer]:
        return OPTIMIZERS.add(optimizer.__name__, optimizer, *aliases)

    return add


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

    momentum: float = hyper(0.0, ge=0, lt=1, live=True, help="The share of the last step that carries on.")
    nesterov: bool = hyper(False, live=True, help="Look ahead along the momentum; it needs a momentum above 0.")

    def bind(self, parameters: Array, gradients: Array) -> Updater:
        return SGDUpdater(self, parameters, gradients)


class SGDUpdater(Updater):
    """Keeps the velocity v."""

    slot_names = ("velocity",)

    def step(self) -> None:
        spec = self.spec
        assert isinstance(spec, SGD)
        rate, momentum = spec.learning_rate, spec.momentum
        for w, g, work, v in self.chunks:
            np.multiply(g, -rate, out=work)
            if momentum:
                v *= momentum
                v += work
                if spec.nesterov:
                    w += work
                    np.multiply(v, momentum, out=work)
                    w += work
                else:
                    w += v
            else:
                w += work
        self.iterations += 1


@register("adam")
@dataclass(frozen=True)
class Adam(Optimizer):
    """Gradient descent with a step size of its own for each weight.

    m <- beta_1 m + (1 - beta_1) g;  v <- beta_2 v + (1 - beta_2) g^2
    w <- w - learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon)

    Source: Kingma and Ba, "Adam: a method for stochastic optimization" (2014), in the form above its section 2.1.
    """

    equation: ClassVar[str] = "w ← w − η m / (√v + ε)"

    learning_rate: float = hyper(
        0.001, gt=0, le=100, log=True, live=True, key=True, help="The size of a step along the gradient."
    )
    beta_1: float = hyper(0.9, ge=0, lt=1, help="How long the mean of the gradient remembers.")
    beta_2: float = hyper(0.999, ge=0, lt=1, help="How long the mean of the squared gradient remembers.")
    epsilon: float = hyper(1e-7, ge=1e-15, le=1, log=True, help="Keeps the division from blowing up where v is near 0.")

    def bind(self, parameters: Array, gradients: Array) -> Updater:
        return AdamUpdater(self, parameters, gradients)


class AdamUpdater(Updater):
    """Keeps m and v without their factors (1 - beta), which are folded into two scalars: ten operations a chunk."""

    slot_names = ("mean", "square")

    def step(self) -> None:
        spec = self.spec
        assert isinstance(spec, Adam)
        self.iterations += 1
        beta_1, beta_2, t = spec.beta_1, spec.beta_2, self.iterations
        root = math.sqrt(1 - beta_2)
        scale = spec.learning_rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t) * (1 - beta_1) / root
        epsilon = spec.epsilon / root
        for w, g, work, m, v in self.chunks:
            if t % FLUSH_EVERY == 0:
                m[np.abs(m, out=work) < TINY_MEAN] = 0
                v[v < TINY_SQUARE] = 0
            m *= beta_1
            m += g
            v *= beta_2
            np.multiply(g, g, out=work)
            v += work
            np.sqrt(v, out=work)
            work += epsilon
            np.divide(m, work, out=work)
            work *= scale
            w -= work
