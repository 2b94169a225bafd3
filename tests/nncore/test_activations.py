"""Activation functions against their formulas, and as the functions that Keras's users call."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from nncore import activations
from nncore.activations import ACTIVATIONS
from nncore.activations.normal import normal_cdf
from nncore.errors import ShapeError
from nncore.layers import ELU, Activation, Dense, LeakyReLU
from nncore.network import Network, last_activation
from nncore.types import Array, Shape
from tests.nncore.harness import Case


def erf(x: Array) -> Array:
    return np.array([math.erf(float(entry)) for entry in x.ravel()]).reshape(x.shape)


FORMULAS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "relu6": lambda x: np.where(x > 6, 6, np.where(x > 0, x, 0)),
    "elu": lambda x: np.where(x > 0, x, np.exp(x) - 1),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "hard_sigmoid": lambda x: np.where(x > 3, 1, np.where(x > -3, x / 6 + 0.5, 0)),
    "exponential": np.exp,
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "gelu": lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
    "mish": lambda x: x * np.tanh(np.log(1 + np.exp(x))),
}
FUNCTIONS = {name: getattr(activations, name) for name in FORMULAS}


def test_that_every_activation_has_a_formula_to_compare_with() -> None:
    assert set(FORMULAS) == set(ACTIVATIONS.names())
    assert {*FORMULAS, "swish", "Activation", "ACTIVATIONS"} == set(activations.__all__)


@pytest.mark.parametrize("name", ACTIVATIONS.names())
@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4)])
def test_that_an_activation_computes_its_formula(name: str, shape: Shape) -> None:
    case = Case(Network(shape, (Activation(name),)), 30)
    case.x *= 3
    np.testing.assert_allclose(case.results()["output"], FORMULAS[name](case.x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS.names())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_an_activation_stays_finite_for_huge_numbers(name: str, dtype: type[np.floating]) -> None:
    x = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4]], dtype)
    case = Case(Network((3,), (Activation(name),)), 3, x=x, target=np.ones_like(x), dtype=dtype)
    for array in case.results().values():
        assert np.isfinite(array[x < 1e4]).all() if array.shape == x.shape else np.isfinite(array).all()
        assert np.isfinite(array).all() or name == "exponential"


@pytest.mark.parametrize("name", [entry.name for entry in ACTIVATIONS if entry.probabilities])
def test_that_a_probability_lies_between_zero_and_one(name: str) -> None:
    y = Case(Network((7,), (Activation(name),)), 50).results()["output"]
    assert (y >= 0).all()
    assert (y <= 1).all()


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_that_an_activation_may_work_in_place(name: str) -> None:
    entry = ACTIVATIONS.get(name)
    x = np.random.default_rng(0).normal(size=(4, 5))
    dy = np.random.default_rng(1).normal(size=(4, 5))
    y, dx = np.empty_like(x), np.empty_like(x)
    entry.forward(x.copy(), y)
    entry.backward(x, y, dy.copy(), dx)
    over = x.copy()
    entry.forward(over, over)
    np.testing.assert_array_equal(over, y)
    seen = x if entry.keeps_input else over
    gradient = dy.copy()
    entry.backward(seen, over, gradient, gradient)
    np.testing.assert_array_equal(gradient, dx)


def test_that_only_the_exponential_grows_beyond_every_number() -> None:
    assert activations.exponential(np.array([1e4, -1e4])).tolist() == [np.inf, 0]


@pytest.mark.parametrize("name", FORMULAS)
def test_that_the_function_of_that_name_takes_numbers_and_returns_new_ones(name: str) -> None:
    x = np.random.default_rng(0).normal(size=(4, 5))
    kept = x.copy()
    y = FUNCTIONS[name](x)
    np.testing.assert_allclose(y, FORMULAS[name](x), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(x, kept)
    assert y.dtype == np.float64
    assert not np.shares_memory(x, y)
    assert FUNCTIONS[name]([[1, -2, 3]]).dtype == np.float32
    assert FUNCTIONS[name](x.astype(np.float32)).dtype == np.float32


def test_that_functions_take_the_settings_that_keras_gives_them() -> None:
    x = np.array([-2.0, 3.0])
    np.testing.assert_allclose(activations.leaky_relu(x, 0.5), [-1, 3])
    np.testing.assert_allclose(activations.leaky_relu(x, negative_slope=0.1), [-0.2, 3])
    np.testing.assert_allclose(activations.elu(x, alpha=2.0), [2 * math.expm1(-2), 3])


@pytest.mark.parametrize("name", FORMULAS)
def test_that_a_layer_takes_the_function_in_place_of_its_name(name: str) -> None:
    assert Dense(3, FUNCTIONS[name]).activation == name  # type: ignore[arg-type]
    assert Activation(FUNCTIONS[name]).activation == name  # type: ignore[arg-type]


def test_that_swish_is_the_other_name_of_silu() -> None:
    assert activations.swish is activations.silu
    assert ACTIVATIONS.get("swish") is ACTIVATIONS.get("silu")
    assert Dense(3, "swish") == Dense(3, "silu")
    assert Activation("swish") == Activation("silu")


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 4e-6)])
def test_that_the_normal_distribution_function_is_that_of_the_error_function(
    dtype: type[np.floating], tolerance: float
) -> None:
    x = np.linspace(-8, 8, 20_001).astype(dtype)
    wide = x.astype(np.float64)
    expected = np.array([0.5 * math.erfc(-entry / math.sqrt(2)) for entry in wide])
    found = normal_cdf(x, np.exp(-wide * wide / 2).astype(dtype))
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=tolerance)


@pytest.mark.parametrize("shape", [(), (1,), (3, 5), (2, 20_000)])
def test_that_the_normal_distribution_function_takes_arrays_of_every_shape_and_order(shape: Shape) -> None:
    x = np.random.default_rng(0).normal(size=shape)
    bell = np.exp(-x * x / 2)
    expected = (1 + erf(x / math.sqrt(2))) / 2
    np.testing.assert_allclose(normal_cdf(x, bell), expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(normal_cdf(x.T, bell.T), expected.T, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", sorted(set(FORMULAS) - {"softmax"}))
def test_that_the_slope_is_the_limit_of_differences(name: str) -> None:
    entry, formula = ACTIVATIONS.get(name), FORMULAS[name]
    x = np.linspace(-7.03, 7.01, 60)
    y, slope = np.empty_like(x), np.empty_like(x)
    entry.forward(x, y)
    entry.backward(x, y, np.ones_like(x), slope)
    h = 1e-5
    expected = (8 * (formula(x + h) - formula(x - h)) - (formula(x + 2 * h) - formula(x - 2 * h))) / (12 * h)
    np.testing.assert_allclose(slope, expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    ("layer", "formula"),
    [
        (LeakyReLU(), lambda x: np.where(x > 0, x, 0.3 * x)),
        (LeakyReLU(0.0), lambda x: np.maximum(x, 0)),
        (LeakyReLU(2.0), lambda x: np.where(x > 0, x, 2 * x)),
        (ELU(), lambda x: np.where(x > 0, x, np.exp(x) - 1)),
        (ELU(0.25), lambda x: np.where(x > 0, x, 0.25 * (np.exp(x) - 1))),
    ],
)
def test_that_a_layer_hands_its_setting_to_the_function(
    layer: LeakyReLU | ELU, formula: Callable[[Array], Array]
) -> None:
    case = Case(Network((4, 3), (layer,)), 20)
    np.testing.assert_allclose(case.results()["output"], formula(case.x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["relu", "softmax"])
def test_that_the_typeset_equation_names_the_function(name: str) -> None:
    assert Activation(name).typeset() == f"y = {name}(x)"


def test_that_softmax_refuses_samples_without_an_axis() -> None:
    with pytest.raises(ShapeError, match="softmax"):
        Activation("softmax").output_shape(())


def test_that_the_loss_knows_the_function_of_a_layer_that_has_no_choice() -> None:
    assert last_activation(Network((3,), (Dense(3, "relu"), LeakyReLU()))) == "leaky_relu"
    assert last_activation(Network((3,), (Dense(3, "relu"), ELU()))) == "elu"
