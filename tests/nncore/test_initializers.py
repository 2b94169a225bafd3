"""Initializers against the bounds and variances of Keras's formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.initializers import INITIALIZERS, fans, truncated_normal
from nncore.types import Shape

INPUTS, OUTPUTS = 300, 500
VARIANCES = {
    "glorot_uniform": 2 / (INPUTS + OUTPUTS),
    "glorot_normal": 2 / (INPUTS + OUTPUTS),
    "he_uniform": 2 / INPUTS,
    "he_normal": 2 / INPUTS,
    "lecun_uniform": 1 / INPUTS,
    "lecun_normal": 1 / INPUTS,
    "random_normal": 0.05**2,
    "random_uniform": 0.1**2 / 12,
    "zeros": 0.0,
    "ones": 0.0,
}
LIMITS = {
    "glorot_uniform": math.sqrt(6 / (INPUTS + OUTPUTS)),
    "he_uniform": math.sqrt(6 / INPUTS),
    "lecun_uniform": math.sqrt(3 / INPUTS),
    "random_uniform": 0.05,
    # A normal distribution that is cut at two of its own standard deviations.
    "glorot_normal": 2 * math.sqrt(2 / (INPUTS + OUTPUTS)) / 0.87962566103423978,
    "he_normal": 2 * math.sqrt(2 / INPUTS) / 0.87962566103423978,
    "lecun_normal": 2 * math.sqrt(1 / INPUTS) / 0.87962566103423978,
}


def test_that_every_initializer_has_its_formula_here() -> None:
    assert set(VARIANCES) == set(INITIALIZERS.names())


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_mean_and_variance_are_those_of_the_formula(name: str) -> None:
    values = INITIALIZERS.get(name)()((INPUTS, OUTPUTS), np.random.default_rng(0))
    assert values.shape == (INPUTS, OUTPUTS)
    assert values.var() == pytest.approx(VARIANCES[name], rel=0.02)
    deviation = math.sqrt(VARIANCES[name])
    assert abs(values.mean() - (name == "ones")) <= 5 * deviation / math.sqrt(values.size)


@pytest.mark.parametrize("name", LIMITS)
def test_that_no_value_lies_beyond_the_limit_and_some_come_near(name: str) -> None:
    largest = np.abs(INITIALIZERS.get(name)()((INPUTS, OUTPUTS), np.random.default_rng(1))).max()
    assert 0.99 * LIMITS[name] < largest <= LIMITS[name]


@pytest.mark.parametrize("name", INITIALIZERS.names())
@pytest.mark.parametrize("shape", [(), (1,), (7,), (1, 1), (3, 3, 4, 5)])
def test_that_every_shape_can_be_filled(name: str, shape: Shape) -> None:
    values = INITIALIZERS.get(name)()(shape, np.random.default_rng(0))
    assert np.shape(values) == shape
    assert np.isfinite(values).all()


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_the_same_seed_gives_the_same_weights(name: str) -> None:
    initialize = INITIALIZERS.get(name)()
    first, second = (initialize((20, 30), np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    if VARIANCES[name]:
        assert (initialize((20, 30), np.random.default_rng(6)) != first).any()


@pytest.mark.parametrize(
    ("shape", "expected"), [((), (1, 1)), ((6,), (6, 6)), ((4, 9), (4, 9)), ((3, 5, 4, 8), (60, 120))]
)
def test_that_fans_count_the_window_of_a_convolution(shape: Shape, expected: tuple[int, int]) -> None:
    assert fans(shape) == expected


def test_that_a_cut_normal_distribution_keeps_its_deviation_times_the_known_factor() -> None:
    values = truncated_normal((200_000,), np.random.default_rng(0), 3.0)
    assert np.abs(values).max() <= 6.0
    assert values.std() == pytest.approx(3.0 * 0.87962566103423978, rel=0.01)
