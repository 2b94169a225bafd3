"""Initializers against the bounds and variances of Keras's formulas."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from nncore import initializers
from nncore.errors import FieldError, ShapeError
from nncore.fields import from_json
from nncore.initializers import (
    INITIALIZERS,
    Constant,
    GlorotUniform,
    Identity,
    Initializer,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    fans,
    truncated_normal,
)
from nncore.layers import Dense
from nncore.types import Array, Shape
from tests.nncore import harness

INPUTS, OUTPUTS = 300, 500
CUT = 0.87962566103423978  # what a normal distribution keeps of its deviation when it is cut at two of them
VARIANCES = {
    "glorot_uniform": 2 / (INPUTS + OUTPUTS),
    "glorot_normal": 2 / (INPUTS + OUTPUTS),
    "he_uniform": 2 / INPUTS,
    "he_normal": 2 / INPUTS,
    "lecun_uniform": 1 / INPUTS,
    "lecun_normal": 1 / INPUTS,
    "variance_scaling": 1 / INPUTS,
    "random_normal": 0.05**2,
    "truncated_normal": (0.05 * CUT) ** 2,
    "random_uniform": 0.1**2 / 12,
    "orthogonal": 1 / OUTPUTS,
    "identity": 1 / OUTPUTS - 1 / OUTPUTS**2,
    "zeros": 0.0,
    "ones": 0.0,
    "constant": 0.0,
}
MEANS = {"ones": 1.0, "identity": 1 / OUTPUTS}
LIMITS = {
    "glorot_uniform": math.sqrt(6 / (INPUTS + OUTPUTS)),
    "he_uniform": math.sqrt(6 / INPUTS),
    "lecun_uniform": math.sqrt(3 / INPUTS),
    "random_uniform": 0.05,
    "glorot_normal": 2 * math.sqrt(2 / (INPUTS + OUTPUTS)) / CUT,
    "he_normal": 2 * math.sqrt(2 / INPUTS) / CUT,
    "lecun_normal": 2 * math.sqrt(1 / INPUTS) / CUT,
    "variance_scaling": 2 * math.sqrt(1 / INPUTS) / CUT,
    "truncated_normal": 2 * 0.05,
}
KERAS_NAMES = {
    "glorot_uniform": ("GlorotUniform",),
    "glorot_normal": ("GlorotNormal",),
    "he_uniform": ("HeUniform",),
    "he_normal": ("HeNormal",),
    "lecun_uniform": ("LecunUniform",),
    "lecun_normal": ("LecunNormal",),
    "variance_scaling": ("VarianceScaling",),
    "random_normal": ("RandomNormal", "normal"),
    "truncated_normal": ("TruncatedNormal",),
    "random_uniform": ("RandomUniform", "uniform"),
    "orthogonal": ("Orthogonal", "OrthogonalInitializer"),
    "identity": ("Identity", "IdentityInitializer"),
    "zeros": ("Zeros", "zero"),
    "ones": ("Ones", "one"),
    "constant": ("Constant",),
}


def drawn(initializer: Initializer, shape: Shape = (INPUTS, OUTPUTS), seed: int = 0) -> Array:
    return initializer(shape, np.random.default_rng(seed))


def test_that_every_initializer_has_its_formula_here() -> None:
    assert set(VARIANCES) == set(INITIALIZERS.names()) == set(KERAS_NAMES)


# --- The declaration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KERAS_NAMES)
def test_that_an_initializer_is_known_by_all_names_that_keras_gives_it(name: str) -> None:
    entry = INITIALIZERS.get(name)
    assert getattr(initializers, KERAS_NAMES[name][0]) is entry
    for other in (name, *KERAS_NAMES[name]):
        assert INITIALIZERS.get(other) is entry
        assert Dense(3, kernel_initializer=other).kernel_initializer == entry()  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", list(INITIALIZERS), ids=lambda cls: cls.__name__)
def test_that_an_initializer_says_what_it_does_and_keeps_to_its_rules(cls: type[Initializer]) -> None:
    assert cls.help().endswith(".")
    assert all(field.rule.help for field in cls.fields())
    harness.check_bounds(cls)
    for initializer in harness.variants(cls):
        assert from_json(Initializer, json.loads(json.dumps(initializer.to_json()))) == initializer


def test_that_the_name_alone_stands_for_the_usual_values_in_a_file() -> None:
    assert Dense(3).to_json()["kernel_initializer"] == "glorot_uniform"
    layer = Dense(3, kernel_initializer=RandomNormal(stddev=0.5))
    assert layer.to_json()["kernel_initializer"] == {"type": "random_normal", "mean": 0.0, "stddev": 0.5}
    assert from_json(Dense, layer.to_json()) == layer


# --- The distribution -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_mean_and_variance_are_those_of_the_formula(name: str) -> None:
    values = drawn(INITIALIZERS.get(name)())
    assert values.shape == (INPUTS, OUTPUTS)
    assert values.var() == pytest.approx(VARIANCES[name], rel=0.02)
    deviation = math.sqrt(VARIANCES[name])
    assert abs(values.mean() - MEANS.get(name, 0)) <= 5 * deviation / math.sqrt(values.size)


@pytest.mark.parametrize("name", LIMITS)
def test_that_no_value_lies_beyond_the_limit_and_some_come_near(name: str) -> None:
    largest = np.abs(drawn(INITIALIZERS.get(name)(), seed=1)).max()
    assert 0.99 * LIMITS[name] < largest <= LIMITS[name]


NEEDED_AXES = {"orthogonal": 2, "identity": 2}
"""How many axes an initializer needs."""


@pytest.mark.parametrize("name", INITIALIZERS.names())
@pytest.mark.parametrize("shape", [(), (1,), (7,), (1, 1), (5, 3), (3, 4, 5)])
def test_that_every_shape_can_be_filled_unless_the_rule_is_about_matrices(name: str, shape: Shape) -> None:
    initializer = INITIALIZERS.get(name)()
    if len(shape) < NEEDED_AXES.get(name, 0) or (name == "identity" and len(shape) != 2):
        with pytest.raises(ShapeError, match=f"{name} needs .* {len(shape)}") as caught:
            initializer.check_shape(shape)
        assert any(f"such as {other}." in caught.value.remedy for other in INITIALIZERS.names())
        return
    initializer.check_shape(shape)
    values = drawn(initializer, shape)
    assert np.shape(values) == shape
    assert np.isfinite(values).all()


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_the_same_random_numbers_give_the_same_weights(name: str) -> None:
    initializer = INITIALIZERS.get(name)()
    first = drawn(initializer, seed=5)
    np.testing.assert_array_equal(first, drawn(initializer, seed=5))
    fixed = name in ("zeros", "ones", "constant", "identity")
    assert (drawn(initializer, seed=6) == first).all() == fixed


def test_that_an_own_seed_makes_the_weights_independent_of_all_else() -> None:
    first = drawn(GlorotUniform(seed=3), seed=5)
    np.testing.assert_array_equal(first, drawn(GlorotUniform(seed=3), seed=6))
    assert (first != drawn(GlorotUniform(seed=4), seed=5)).any()
    rng = np.random.default_rng(5)
    GlorotUniform(seed=3)((4, 4), rng)
    assert rng.random() == np.random.default_rng(5).random()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), (1, 1)), ((6,), (6, 6)), ((4, 9), (4, 9)), ((3, 4, 8), (12, 24)), ((3, 5, 4, 8), (60, 120))],
)
def test_that_fans_count_the_window_of_a_convolution(shape: Shape, expected: tuple[int, int]) -> None:
    assert fans(shape) == expected


def test_that_a_cut_normal_distribution_keeps_its_deviation_times_the_known_factor() -> None:
    values = truncated_normal((200_000,), np.random.default_rng(0), 3.0)
    assert np.abs(values).max() <= 6.0
    assert values.std() == pytest.approx(3.0 * CUT, rel=0.01)


# --- The settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "fan"), [("fan_in", 300), ("fan_out", 500), ("fan_avg", 400)])
@pytest.mark.parametrize("distribution", ["truncated_normal", "untruncated_normal", "uniform"])
def test_that_variance_scaling_has_the_variance_scale_over_fan(mode: str, fan: int, distribution: str) -> None:
    values = drawn(VarianceScaling(3.0, mode, distribution))
    assert values.var() == pytest.approx(3.0 / fan, rel=0.02)
    beyond = {"truncated_normal": 2 / CUT, "untruncated_normal": 10.0, "uniform": math.sqrt(3)}[distribution]
    assert np.abs(values).max() <= beyond * math.sqrt(3.0 / fan)
    assert (np.abs(values).max() > 4 * math.sqrt(3.0 / fan)) == (distribution == "untruncated_normal")


def test_that_mean_and_deviation_can_be_chosen() -> None:
    values = drawn(RandomNormal(2.0, 0.5))
    assert (values.mean(), values.std()) == (pytest.approx(2.0, rel=0.01), pytest.approx(0.5, rel=0.01))
    cut = drawn(TruncatedNormal(2.0, 0.5))
    assert (cut.mean(), cut.std()) == (pytest.approx(2.0, rel=0.01), pytest.approx(0.5 * CUT, rel=0.01))
    assert cut.min() >= 1.0
    assert cut.max() <= 3.0


def test_that_a_uniform_distribution_lies_between_its_bounds() -> None:
    values = drawn(RandomUniform(-1.0, 3.0))
    assert -1.0 <= values.min() < -0.99
    assert 2.99 < values.max() <= 3.0
    with pytest.raises(FieldError, match="minval is 2, but must be at most maxval, which is 1"):
        RandomUniform(2.0, 1.0)


@pytest.mark.parametrize("shape", [(6, 6), (8, 5), (5, 8), (3, 3, 4, 5), (2, 3, 40)])
def test_that_orthogonal_columns_or_rows_are_at_right_angles(shape: Shape) -> None:
    matrix = drawn(Orthogonal(gain=2.0), shape).reshape(-1, shape[-1])
    product = matrix @ matrix.T if matrix.shape[0] < matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, 4.0 * np.eye(len(product)), atol=1e-12)


def test_that_orthogonal_matrices_are_spread_evenly() -> None:
    rng = np.random.default_rng(0)
    matrices = np.array([Orthogonal()((2, 2), rng) for _ in range(2000)])
    assert np.abs(matrices.mean(axis=0)).max() < 0.06  # a bias of the signs would show here
    assert np.mean(np.linalg.det(matrices) > 0) == pytest.approx(0.5, abs=0.05)


def test_that_identity_hands_its_input_on() -> None:
    np.testing.assert_array_equal(drawn(Identity(), (4, 4)), np.eye(4))
    np.testing.assert_array_equal(drawn(Identity(0.5), (2, 3)), [[0.5, 0, 0], [0, 0.5, 0]])


def test_that_a_constant_is_the_same_everywhere() -> None:
    assert (drawn(Constant(0.3), (2, 5)) == 0.3).all()
