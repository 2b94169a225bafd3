"""Every schedule against Keras over 200 steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import keras
import pytest

from nncore.schedules import SCHEDULES
from tests.parity.comparing import assert_same

STEPS = 200
Rates = Callable[..., Callable[[int], float]]
VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "ExponentialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5},
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5, "staircase": True},
    ),
    "InverseTimeDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5},
        {"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5, "staircase": True},
    ),
    "PolynomialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 120},
        {"initial_learning_rate": 0.1, "decay_steps": 60, "end_learning_rate": 0.01, "power": 2.0, "cycle": True},
    ),
    "CosineDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 150},
        {"initial_learning_rate": 0.1, "decay_steps": 90, "alpha": 0.2},
        {"initial_learning_rate": 0.0, "decay_steps": 120, "warmup_target": 0.3, "warmup_steps": 40},
    ),
    "CosineDecayRestarts": (
        {"initial_learning_rate": 0.1, "first_decay_steps": 20},
        # No wave of these ends at a whole step: there Keras asks a rounded logarithm, which differs between processors.
        {"initial_learning_rate": 0.1, "first_decay_steps": 31, "t_mul": 1.5, "m_mul": 0.7, "alpha": 0.1},
        {"initial_learning_rate": 0.1, "first_decay_steps": 30, "t_mul": 1.0, "m_mul": 0.8},
    ),
    "PiecewiseConstantDecay": ({"boundaries": [20, 90], "values": [0.5, 0.1, 0.02]},),
    "StepDecay": ({"initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5},),
    "Warmup": ({"initial_learning_rate": 0.1, "warmup_steps": 50},),
}


def step_decay(initial_learning_rate: float, decay_steps: int, decay_rate: float) -> Callable[[int], float]:
    return lambda step: initial_learning_rate * decay_rate ** math.floor(step / decay_steps)


def warmup(initial_learning_rate: float, warmup_steps: int) -> Callable[[int], float]:
    return lambda step: initial_learning_rate * min(1.0, step / warmup_steps)


NOT_IN_KERAS: dict[str, Rates] = {"StepDecay": step_decay, "Warmup": warmup}
CASES = [
    pytest.param(name, keywords, id=f"{name}-{keywords}")
    for name in SCHEDULES.names()
    for keywords in VARIANTS.get(name, ())
]


@pytest.mark.parametrize(("name", "keywords"), CASES)
def test_that_the_rates_are_those_of_keras(name: str, keywords: dict[str, Any]) -> None:
    ours = SCHEDULES.get(name)(**keywords)
    theirs = (NOT_IN_KERAS.get(name) or getattr(keras.optimizers.schedules, name))(**keywords)
    expected = [float(theirs(step)) for step in range(STEPS)]
    found = [ours(step) for step in range(STEPS)]
    assert_same([10 * rate for rate in found], [10 * rate for rate in expected], "float32", f"{name}({keywords})")
