"""Penalties: their values, their slopes, and that a network learns with them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nncore import regularizers
from nncore.errors import FieldError
from nncore.fields import from_json
from nncore.layers import Dense, PReLU
from nncore.network import Network
from nncore.regularizers import L1, L1L2, L2, REGULARIZERS, Regularizer
from tests.nncore import harness
from tests.nncore.harness import Case

WEIGHTS = np.array([[1.0, -2.0], [0.5, 0.0]])
CASES = [(L1(0.1), 0.35), (L2(0.1), 0.525), (L1L2(0.1, 0.2), 0.35 + 1.05), (L1(0.0), 0.0), (L1L2(), 0.0)]


@pytest.mark.parametrize(("regularizer", "expected"), CASES)
def test_that_a_penalty_is_the_sum_of_its_formula(regularizer: Regularizer, expected: float) -> None:
    assert regularizer.penalty(WEIGHTS) == pytest.approx(expected)
    assert regularizer(WEIGHTS.tolist()) == pytest.approx(expected)
    assert regularizer.penalty(WEIGHTS.astype(np.float32)) == pytest.approx(expected)


@pytest.mark.parametrize("cls", list(REGULARIZERS), ids=lambda cls: cls.__name__)
def test_that_the_slope_is_added_to_the_gradient(cls: type[Regularizer]) -> None:
    regularizer = cls(0.3)  # type: ignore[call-arg]
    rng = np.random.default_rng(0)
    weights, gradient = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    before, kept = gradient.copy(), weights.copy()
    regularizer.add_gradient(weights, gradient)
    for place in np.ndindex(weights.shape):
        step = np.zeros_like(weights)
        step[place] = 1e-6
        slope = (regularizer.penalty(weights + step) - regularizer.penalty(weights - step)) / 2e-6
        assert gradient[place] - before[place] == pytest.approx(slope, abs=1e-8)
    np.testing.assert_array_equal(weights, kept)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_the_gradient_keeps_its_dtype(dtype: type[np.floating]) -> None:
    gradient = np.zeros(3, dtype)
    L1L2(0.1, 0.1).add_gradient(np.array([1, -1, 0], dtype), gradient)
    assert gradient.dtype == dtype
    np.testing.assert_allclose(gradient, [0.3, -0.3, 0], rtol=1e-6)


@pytest.mark.parametrize("name", REGULARIZERS.names())
def test_that_a_regularizer_is_known_by_all_names_that_keras_gives_it(name: str) -> None:
    entry = REGULARIZERS.get(name)
    assert getattr(regularizers, entry.__name__) is entry
    for other in (name, entry.__name__):
        assert REGULARIZERS.get(other) is entry
        assert isinstance(Dense(3, kernel_regularizer=other).kernel_regularizer, entry)  # type: ignore[arg-type]


def test_that_keras_defaults_are_ours() -> None:
    assert {"l1", "l2", "l1_l2"} == set(REGULARIZERS.names())
    assert (L1().l1, L2().l2, L1L2().l1, L1L2().l2) == (0.01, 0.01, 0.0, 0.0)


@pytest.mark.parametrize("cls", list(REGULARIZERS), ids=lambda cls: cls.__name__)
def test_that_a_regularizer_says_what_it_does_and_keeps_to_its_rules(cls: type[Regularizer]) -> None:
    assert cls.help().endswith(".")
    assert cls.equation
    harness.check_bounds(cls)
    for regularizer in harness.variants(cls):
        assert from_json(Regularizer, json.loads(json.dumps(regularizer.to_json()))) == regularizer
    with pytest.raises(FieldError, match="from 0 to 1,000"):
        cls(-0.1)  # type: ignore[call-arg]


def test_that_every_regularized_weight_adds_its_penalty_to_the_loss_and_the_gradient() -> None:
    layers = (Dense(3, "tanh", kernel_regularizer=L2(0.1), bias_regularizer=L1(0.2)), PReLU(alpha_regularizer=L2(0.3)))
    bare = Case(Network((4,), (Dense(3, "tanh"), PReLU())), 5)
    case = Case(Network((4,), layers), 5)
    kernel, bias, alpha = (part.astype(np.float64) for part in np.split(case.parameters, [12, 15]))
    penalty = 0.1 * (kernel**2).sum() + 0.2 * np.abs(bias).sum() + 0.3 * (alpha**2).sum()
    assert case.loss() - bare.loss() == pytest.approx(penalty)
    slopes = np.concatenate([0.2 * kernel, 0.2 * np.sign(bias), 0.6 * alpha])
    np.testing.assert_allclose(case.results()["gradients"], bare.results()["gradients"] + slopes, rtol=1e-12)
    harness.check_gradients(case)
