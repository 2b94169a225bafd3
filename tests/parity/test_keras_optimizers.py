"""Twenty steps of every optimizer against Keras's own, on the same gradients."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import torch

from nncore import schedules
from nncore.optimizers import OPTIMIZERS
from nncore.types import Array
from tests.parity import torch_optimizers
from tests.parity.comparing import assert_same

SHAPES = ((4, 3), (3,), (3, 2, 2))
STEPS = 20
SCHEDULE = {"initial_learning_rate": 0.1, "decay_steps": 7, "decay_rate": 0.5}


def steps_of_ours(
    name: str, keywords: dict[str, Any], weights: list[Array], gradients: list[list[Array]]
) -> list[Array]:
    """Return the weights after as many steps as there are gradients."""
    flat = np.concatenate([weight.ravel() for weight in weights])
    slope = np.zeros_like(flat)
    sizes = [weight.size for weight in weights]
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    updater = OPTIMIZERS.get(name)(**keywords).bind(flat, slope, list(zip(starts, sizes, strict=True)))
    for step in gradients:
        slope[...] = np.concatenate([gradient.ravel() for gradient in step])
        updater.step()
    return [
        flat[start : start + weight.size].reshape(weight.shape) for start, weight in zip(starts, weights, strict=True)
    ]


def steps_of_keras(
    name: str, keywords: dict[str, Any], weights: list[Array], gradients: list[list[Array]]
) -> list[Array]:
    optimizer = getattr(keras.optimizers, name)(**keywords)
    variables = [keras.Variable(weight) for weight in weights]
    for step in gradients:
        optimizer.apply([torch.tensor(gradient) for gradient in step], variables)
    return [variable.numpy() for variable in variables]


def compare(name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    weights = [rng.normal(size=shape).astype(np.float32) for shape in SHAPES]
    gradients = [[rng.normal(0.0, 0.3, shape).astype(np.float32) for shape in SHAPES] for _ in range(STEPS)]
    found, expected = steps_of_ours(name, ours, weights, gradients), steps_of_keras(name, theirs, weights, gradients)
    for index, (mine, other) in enumerate(zip(found, expected, strict=True)):
        assert_same(mine, other, np.float32, f"{name}({ours}): weight {index} after {STEPS} steps")


@pytest.mark.parametrize(("name", "keywords"), torch_optimizers.variants())
def test_that_twenty_steps_are_those_of_keras(name: str, keywords: dict[str, Any]) -> None:
    compare(name, keywords, keywords)


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_that_a_schedule_acts_as_in_keras(name: str) -> None:
    theirs = keras.optimizers.schedules.ExponentialDecay(**SCHEDULE)
    compare(name, {"learning_rate": schedules.ExponentialDecay(**SCHEDULE)}, {"learning_rate": theirs})
