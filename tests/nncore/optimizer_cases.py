"""Keras's formulas of every optimizer, written out array by array, and the settings they are tried with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nncore.optimizers import (
    CHUNK,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    Nadam,
    Optimizer,
    RMSprop,
    Updater,
)
from nncore.schedules import CosineDecay, PiecewiseConstantDecay, StepDecay
from nncore.types import Array

SIZE = 2 * CHUNK + 1237


@dataclass
class Reference:
    """One array of weights and what an optimizer remembers of it."""

    w: Array
    memory: dict[str, Array] = field(default_factory=dict)
    t: int = 0

    def slot(self, name: str, start: float = 0.0) -> Array:
        return self.memory.setdefault(name, np.full_like(self.w, start))

    def mean(self, name: str, rate: float, new: Array) -> Array:
        """Return a decaying mean: rate old + (1 - rate) new."""
        self.memory[name] = rate * self.slot(name) + (1 - rate) * new
        return self.memory[name]


def sgd(r: Reference, s: SGD, g: Array, rate: float) -> None:
    m = r.memory["m"] = s.momentum * r.slot("m") - rate * g
    r.w = r.w + (s.momentum * m - rate * g if s.nesterov else m)


def rmsprop(r: Reference, s: RMSprop, g: Array, rate: float) -> None:
    v = r.mean("v", s.rho, g * g)
    if s.centered:
        v = np.maximum(v - r.mean("a", s.rho, g) ** 2, 0)
    step = r.memory["u"] = s.momentum * r.slot("u") + rate * g / np.sqrt(v + s.epsilon)
    r.w = r.w - step


def adagrad(r: Reference, s: Adagrad, g: Array, rate: float) -> None:
    total = r.memory["s"] = r.slot("s", s.initial_accumulator_value) + g * g
    r.w = r.w - rate * g / np.sqrt(total + s.epsilon)


def adadelta(r: Reference, s: Adadelta, g: Array, rate: float) -> None:
    v = r.mean("v", s.rho, g * g)
    step = np.sqrt(r.slot("d") + s.epsilon) / np.sqrt(v + s.epsilon) * g
    r.mean("d", s.rho, step * step)
    r.w = r.w - rate * step


def adam(r: Reference, s: Adam, g: Array, rate: float) -> None:
    alpha = rate * math.sqrt(1 - s.beta_2**r.t) / (1 - s.beta_1**r.t)
    m, v = r.mean("m", s.beta_1, g), r.mean("v", s.beta_2, g * g)
    if s.amsgrad:
        v = r.memory["largest"] = np.maximum(r.slot("largest"), v)
    r.w = r.w - m * alpha / (np.sqrt(v) + s.epsilon)


def nadam(r: Reference, s: Nadam, g: Array, rate: float) -> None:
    u = [s.beta_1 * (1 - 0.5 * 0.96**t) for t in range(1, r.t + 2)]
    m, v = r.mean("m", s.beta_1, g), r.mean("v", s.beta_2, g * g)
    ahead = u[-1] * m / (1 - math.prod(u)) + (1 - u[-2]) * g / (1 - math.prod(u[:-1]))
    r.w = r.w - rate * ahead / (np.sqrt(v / (1 - s.beta_2**r.t)) + s.epsilon)


FORMULAS: dict[str, Callable[[Reference, Any, Array, float], None]] = {
    "SGD": sgd,
    "RMSprop": rmsprop,
    "Adagrad": adagrad,
    "Adadelta": adadelta,
    "Adam": adam,
    "AdamW": adam,
    "Nadam": nadam,
}


def shortened(vector: Array, largest: float) -> Array:
    """Return a vector with at most this norm, in the same direction."""
    return vector * (largest / max(largest, float(np.linalg.norm(vector))))


def clipped(spec: Optimizer, g: Array, segments: Sequence[tuple[int, int]]) -> Array:
    if spec.clipvalue is not None:
        return np.clip(g, -spec.clipvalue, spec.clipvalue)
    if spec.global_clipnorm is not None:
        return shortened(g, spec.global_clipnorm)
    if spec.clipnorm is not None:
        parts = [shortened(g[start : start + size], spec.clipnorm) for start, size in segments]
        return np.concatenate(parts)
    return g.copy()


def follow(r: Reference, spec: Optimizer, g: Array, segments: Sequence[tuple[int, int]] | None = None) -> None:
    """Make one step of the reference."""
    r.t += 1
    rate = spec.learning_rate
    if spec.schedule is not None:
        rate *= spec.schedule.rate(r.t - 1) / spec.schedule.base
    used = clipped(spec, g, segments or [(0, len(g))])
    r.w = r.w - (spec.weight_decay or 0.0) * rate * r.w
    FORMULAS[spec.type_name](r, spec, used, rate)


CASES: dict[str, list[Optimizer]] = {
    "SGD": [
        SGD(),
        SGD(0.1, 0.9),
        SGD(0.1, 0.9, nesterov=True),
        SGD(0.1, nesterov=True),
        SGD(0.1, clipvalue=0.5, schedule=StepDecay(1.0, 2, 0.5)),
        SGD(0.1, 0.5, weight_decay=0.3, clipnorm=2.0),
    ],
    "RMSprop": [
        RMSprop(),
        RMSprop(0.01, 0.7, 0.8, 1e-3),
        RMSprop(0.01, 0.6, 0.5, 0.01, centered=True),
        RMSprop(0.01, 0.0, schedule=CosineDecay(1.0, 4, 0.1), weight_decay=0.1),
        RMSprop(global_clipnorm=3.0),
    ],
    "Adagrad": [Adagrad(), Adagrad(0.1, 0.0, 0.01), Adagrad(0.1, clipnorm=1.0, weight_decay=0.2)],
    "Adadelta": [Adadelta(), Adadelta(1.0, 0.6, 1e-3), Adadelta(1.0, 0.0, clipvalue=2.0, weight_decay=0.01)],
    "Adam": [
        Adam(),
        Adam(0.1, 0.5, 0.6, 0.01),
        Adam(0.01, 0.0, 0.999),
        Adam(0.01, 0.0, 0.0),
        Adam(0.1, 0.5, 0.6, amsgrad=True),
        Adam(0.1, clipnorm=1.0, schedule=PiecewiseConstantDecay((1, 3), (1.0, 2.0, 0.1))),
    ],
    "AdamW": [AdamW(), AdamW(0.01, 0.5, 0.8, 0.9, 0.01), AdamW(0.01, amsgrad=True, global_clipnorm=1.0)],
    "Nadam": [Nadam(), Nadam(0.1, 0.5, 0.6, 0.01), Nadam(0.01, 0.0, 0.9, weight_decay=0.1, clipvalue=0.1)],
}
SETTINGS = [spec for specs in CASES.values() for spec in specs]


def gradients(size: int = SIZE, seed: int = 0) -> Iterator[Array]:
    """Yield different gradients, among them exact zeros."""
    rng = np.random.default_rng(seed)
    while True:
        g = rng.normal(size=size) * rng.choice([1e-4, 1.0, 30.0], size=size)
        g[rng.random(size) < 0.1] = 0.0
        yield g


def bound(
    spec: Optimizer,
    size: int = SIZE,
    dtype: type[np.floating] = np.float64,
    segments: Sequence[tuple[int, int]] | None = None,
) -> tuple[Array, Array, Updater]:
    """Return (parameters, gradients, updater) with random parameters."""
    parameters = np.random.default_rng(42).normal(size=size).astype(dtype)
    gradient = np.zeros_like(parameters)
    return parameters, gradient, spec.bind(parameters, gradient, segments)


def advance(updater: Updater, gradient: Array, source: Iterator[Array], steps: int) -> None:
    for _ in range(steps):
        gradient[...] = next(source)
        updater.step()
