"""Cost of a training step against batch, width, depth and length of the sequence.

Each is doubled several times past the fixed overhead of a step. The cost per unit falls as the overhead spreads, and
should then stay: what is compared with the goal is the cost per unit of the largest size by the least of all sizes.
Where both sides of a matrix grow with the width, a unit is a multiply-add.

The first layer of a network computes no gradient of its input, so the smallest of the deep networks has the cheapest
layers: even where each further layer costs the same, one of 32 convolutions is some 1.1 times as dear as one of two.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.layers import GRU, LSTM, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from nncore.losses import MeanSquaredError
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.plan import Plan, initial_parameters
from nncore.trace import trace
from nncore.types import Shape

ALLOWED = 1.2
"""Largest cost per unit, by the least."""

BATCH = 32
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Axis:
    """One thing that grows.

    Attributes:
        name: what it is.
        sizes: each the double of the one before.
        network: of a size.
        in_batch: whether the size is the number of rows of a batch.
        in_multiply_adds: whether a unit is a multiply-add instead of one of the size.
    """

    name: str
    sizes: tuple[int, ...]
    network: Callable[[int], Network]
    in_batch: bool = False
    in_multiply_adds: bool = False

    def units(self, size: int) -> int:
        """Return what the cost should be in proportion to."""
        return trace(self.network(size)).multiply_adds if self.in_multiply_adds else size

    def step(self, size: int) -> Callable[[int], float]:
        """Return what makes so many steps of this size and tells the seconds."""
        return stepper(self.network(size), size if self.in_batch else BATCH)


def stepper(network: Network, batch: int) -> Callable[[int], float]:
    """Return what makes so many steps, each with a batch into the plan, forward, backward and Adam."""
    rng = np.random.default_rng(0)
    plan = Plan(network, initial_parameters(network, 0), batch, loss=MeanSquaredError(), training=True)
    updater = Adam().bind(plan.trainable, plan.gradients, plan.segments, plan.team)
    bound = plan.bind(batch)
    x = rng.random(bound.x.shape, dtype=np.float32)
    y = rng.random(bound.target.shape, dtype=np.float32)

    def run(steps: int) -> float:
        with plan.team.at_work():
            began = time.perf_counter()
            for _ in range(steps):
                np.copyto(bound.x, x)
                np.copyto(bound.target, y)
                bound.forward()
                bound.loss_value()
                bound.backward()
                updater.step()
            return time.perf_counter() - began

    return run


def _doubled(first: int, times: int) -> tuple[int, ...]:
    return tuple(first * 2**number for number in range(times))


def _network(shape: Shape, *layers: Layer) -> Network:
    return Network(shape, (*layers, Dense(units=10)))


def _dense(units: int) -> Dense:
    return Dense(units=units, activation="relu")


def _conv(filters: int) -> Conv2D:
    return Conv2D(filters=filters, kernel_size=(3, 3), padding="same", activation="relu")


def _picture(filters: int) -> Network:
    return _network((28, 28, 1), _conv(filters), MaxPooling2D(pool_size=(2, 2)), Flatten())


AXES = (
    Axis("batch, 784-128-10", _doubled(32, 7), lambda _: _network((784,), _dense(128)), in_batch=True),
    Axis("batch, one convolution", _doubled(8, 6), lambda _: _picture(32), in_batch=True),
    Axis("batch, LSTM", _doubled(8, 6), lambda _: _network((20, 8), LSTM(units=64)), in_batch=True),
    Axis("width of one Dense", _doubled(64, 7), lambda size: _network((256,), _dense(size))),
    Axis(
        "width of two Dense, per multiply-add",
        _doubled(64, 6),
        lambda size: _network((64,), _dense(size), _dense(size)),
        in_multiply_adds=True,
    ),
    Axis("filters of one convolution", _doubled(8, 5), _picture),
    Axis(
        "width of an LSTM, per multiply-add",
        _doubled(16, 5),
        lambda size: _network((20, 8), LSTM(units=size)),
        in_multiply_adds=True,
    ),
    Axis("depth, Dense 128", _doubled(4, 6), lambda size: _network((128,), *[_dense(128)] * size)),
    Axis("depth, Conv2D of 8", _doubled(2, 5), lambda size: _network((14, 14, 8), *[_conv(8)] * size, Flatten())),
    Axis("steps of an LSTM", _doubled(10, 7), lambda size: _network((size, 8), LSTM(units=64))),
    Axis("steps of a GRU", _doubled(10, 7), lambda size: _network((size, 8), GRU(units=64))),
)


def measure(quick: bool) -> Rows:
    """Return a row for each axis; all sizes take their turns in each round."""
    return [_measure(axis, axis.sizes[:3] if quick else axis.sizes, 0.002 if quick else 0.1) for axis in AXES]


def _measure(axis: Axis, sizes: tuple[int, ...], seconds: float) -> dict[str, Any]:
    steps = {size: axis.step(size) for size in sizes}
    counts = {size: max(1, math.ceil(seconds / (run(2) / 2))) for size, run in steps.items()}
    rounds = [{size: run(counts[size]) / counts[size] for size, run in steps.items()} for _ in range(5)]
    cost = {size: 1e6 * statistics.median(found[size] for found in rounds) for size in sizes}
    per_unit = [cost[size] / axis.units(size) for size in sizes]
    least = min(per_unit)
    middle, largest = sizes[len(sizes) // 2], sizes[-1]
    exponent = math.log(cost[largest] / cost[middle]) / math.log(axis.units(largest) / axis.units(middle))
    return {
        "cost per step": axis.name,
        "sizes": f"{sizes[0]} to {largest}",
        "us at the largest": round(cost[largest]),
        "cost per unit": " ".join(f"{cost / least:.2f}" for cost in per_unit),
        "exponent": round(exponent, 2),
        "measured": round(per_unit[-1] / least, 2),
        "allowed": ALLOWED,
    }
