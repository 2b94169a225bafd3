"""This engine: the bare step, and the whole training with its shuffling, metric, history and checks."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

import nncore
from nncore.optimizers import Adam
from nncore.plan import Plan, initial_parameters
from tests.benchmarks.peers.rows import Row


def step(row: Row) -> Callable[[int], object]:
    """Return what makes so many steps: a batch into the plan, forward, backward, Adam."""
    x, y = row.samples()
    plan = Plan(row.network, initial_parameters(row.network, 0), row.batch, loss=row.loss, training=True)
    updater = Adam().bind(plan.trainable, plan.gradients, plan.segments, plan.team)
    targets = row.loss.encode(y, row.network.shapes()[-1], row.classes, plan.dtype)
    bound = plan.bind(row.batch)
    batches = itertools.cycle(
        [(x[first : first + row.batch], targets[first : first + row.batch]) for first in range(0, len(x), row.batch)]
    )

    def run(steps: int) -> None:
        with plan.team.at_work():
            for inputs, wanted in itertools.islice(batches, steps):
                np.copyto(bound.x, inputs)
                np.copyto(bound.target, wanted)
                bound.forward()
                bound.loss_value()
                bound.backward()
                updater.step()

    return run


def fit(row: Row) -> Callable[[int], object]:
    """Return what makes so many steps as users do: ``model.fit`` for one epoch."""
    nncore.utils.set_random_seed(0)
    model = nncore.Sequential([nncore.Input(row.network.input_shape), *row.network.layers])
    model.compile("adam", row.loss.type_name)
    return lambda steps: model.fit(*row.samples(steps), batch_size=row.batch, verbose=0)
