"""The normalisations against their formulas; their gradients are checked with those of all layers."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import ShapeError
from nncore.initializers import Constant, Ones, Zeros
from nncore.layers import BatchNormalization, LayerNormalization
from nncore.network import Network
from nncore.plan import Bound, Plan, initial_parameters, layout, tensors
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import Case
from tests.nncore.layers.masked import Masked

SHAPES: list[Shape] = [(4,), (6, 4), (5, 3, 4)]


def moving(case: Case) -> tuple[Array, Array]:
    """Return (moving_mean, moving_variance) of a network with one BatchNormalization."""
    found = {key.rsplit(".", 1)[-1]: array for key, array in tensors(case.network, case.parameters).items()}
    return found["moving_mean"], found["moving_variance"]


def normal(x: Array, mean: Array, variance: Array) -> Array:
    return (x - mean) / np.sqrt(variance + 0.001)


# --- BatchNormalization -----------------------------------------------------------------------------------------


def test_that_batch_normalization_has_keras_arguments_and_weights() -> None:
    layer = BatchNormalization()
    assert (layer.axis, layer.momentum, layer.epsilon, layer.center, layer.scale) == (-1, 0.99, 0.001, True, True)
    assert (layer.gamma_initializer, layer.beta_initializer) == (Ones(), Zeros())
    weights = layer.weights((7, 5))
    assert [(weight.name, weight.shape, weight.trainable) for weight in weights] == [
        ("gamma", (5,), True),
        ("beta", (5,), True),
        ("moving_mean", (5,), False),
        ("moving_variance", (5,), False),
    ]
    assert initial_parameters(Network((2,), (layer,)), 0).tolist() == [1, 1, 0, 0, 0, 0, 1, 1]


@pytest.mark.parametrize("shape", SHAPES)
def test_that_a_batch_is_normalised_by_its_own_mean_and_variance(shape: Shape) -> None:
    case = Case(Network(shape, (BatchNormalization(),)), 8)
    gamma, beta = case.parameters[:4].copy(), case.parameters[4:8].copy()
    axes = tuple(range(len(shape)))
    expected = gamma * normal(case.x, case.x.mean(axis=axes), case.x.var(axis=axes)) + beta
    np.testing.assert_allclose(case.results()["output"], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("center", "scale"), [(False, True), (True, False), (False, False)])
def test_that_shift_and_scale_can_be_left_out(center: bool, scale: bool) -> None:
    layer = BatchNormalization(center=center, scale=scale)
    names = [weight.name for weight in layer.weights((4,))]
    assert names == ["gamma"] * scale + ["beta"] * center + ["moving_mean", "moving_variance"]
    case = Case(Network((4,), (layer,)), 8)
    slots = {slot.weight.name: slot.view(case.parameters).copy() for slot in layout(case.network)}
    expected = normal(case.x, case.x.mean(axis=0), case.x.var(axis=0)) * slots.get("gamma", 1) + slots.get("beta", 0)
    np.testing.assert_allclose(case.results()["output"], expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("momentum", [0.0, 0.9, 0.99, 1.0])
def test_that_the_moving_statistics_move_by_their_share_in_each_step(momentum: float) -> None:
    case = Case(Network((6, 4), (BatchNormalization(momentum=momentum),)), 8)
    mean, variance = (array.copy() for array in moving(case))
    for _ in range(3):
        case.loss()
        mean = momentum * mean + (1 - momentum) * case.x.mean(axis=(0, 1))
        variance = momentum * variance + (1 - momentum) * case.x.var(axis=(0, 1))  # divided by n, like Keras
    np.testing.assert_allclose(moving(case)[0], mean, rtol=1e-12)
    np.testing.assert_allclose(moving(case)[1], variance, rtol=1e-12)


def test_that_an_optimizer_cannot_reach_the_moving_statistics() -> None:
    case = Case(Network((4,), (BatchNormalization(),)), 8)
    assert case.plan.trainable.size == 8
    assert not any(np.shares_memory(case.plan.trainable, array) for array in moving(case))


@pytest.mark.parametrize("shape", SHAPES)
def test_that_prediction_takes_the_moving_statistics_and_leaves_them(shape: Shape) -> None:
    network = Network(shape, (BatchNormalization(),))
    rng = np.random.default_rng(0)
    parameters = harness.random_parameters(network, rng)
    kept = parameters.copy()
    bound = Bound(Plan(network, parameters, 5), 5)
    bound.x[...] = rng.normal(size=bound.x.shape)
    bound.forward()
    gamma, beta, mean, variance = kept.reshape(4, 4)
    np.testing.assert_allclose(bound.output, gamma * normal(bound.x, mean, variance) + beta, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(parameters, kept)


def test_that_masked_time_steps_have_no_part_in_mean_and_variance() -> None:
    case = Case(Network((6, 4), (Masked(), BatchNormalization(momentum=0.0))), 5)
    gamma, beta = case.parameters[:4].copy(), case.parameters[4:8].copy()
    counted = case.x[case.x[..., 0] > 0]
    mean, variance = counted.mean(axis=0), counted.var(axis=0)
    expected = gamma * normal(case.x, mean, variance) + beta
    np.testing.assert_allclose(case.results()["output"], expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(moving(case)[0], mean, rtol=1e-12)
    np.testing.assert_allclose(moving(case)[1], variance, rtol=1e-12)
    harness.check_gradients(case)


def test_that_a_batch_without_any_counted_time_step_gives_finite_numbers() -> None:
    network = Network((6, 4), (Masked(), BatchNormalization()))
    case = Case(network, 2, x=-np.abs(np.random.default_rng(0).normal(size=(2, 6, 4))))
    for array in case.results().values():
        assert np.isfinite(array).all()
    assert np.isfinite(case.parameters).all()


def test_that_a_feature_that_never_changes_becomes_beta() -> None:
    case = Case(Network((1,), (BatchNormalization(beta_initializer=Constant(0.5)),)), 6, x=np.full((6, 1), 3.0))
    np.testing.assert_allclose(case.results()["output"], case.parameters[1])


def test_that_single_precision_holds_over_a_large_batch_far_from_zero() -> None:
    x = np.random.default_rng(0).normal(100.0, 1.0, (64, 20, 20, 3)).astype(np.float32)
    case = Case(Network((20, 20, 3), (BatchNormalization(),)), 64, x=x, dtype=np.float32)
    wide = x.astype(np.float64)
    expected = normal(wide, wide.mean(axis=(0, 1, 2)), wide.var(axis=(0, 1, 2)))
    expected = expected * case.parameters[:3] + case.parameters[3:6]
    np.testing.assert_allclose(case.results()["output"], expected, atol=2e-4)


# --- LayerNormalization -----------------------------------------------------------------------------------------


def test_that_layer_normalization_has_keras_arguments_and_weights() -> None:
    layer = LayerNormalization()
    assert (layer.axis, layer.epsilon, layer.center, layer.scale) == (-1, 0.001, True, True)
    assert [(weight.name, weight.shape, weight.trainable) for weight in layer.weights((7, 5))] == [
        ("gamma", (5,), True),
        ("beta", (5,), True),
    ]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("center", "scale"), [(True, True), (False, True), (True, False), (False, False)])
def test_that_every_place_is_normalised_over_its_own_features(shape: Shape, center: bool, scale: bool) -> None:
    case = Case(Network(shape, (LayerNormalization(center=center, scale=scale),)), 3)
    slots = {slot.weight.name: slot.view(case.parameters).copy() for slot in layout(case.network)}
    mean, variance = case.x.mean(axis=-1, keepdims=True), case.x.var(axis=-1, keepdims=True)
    expected = normal(case.x, mean, variance) * slots.get("gamma", 1) + slots.get("beta", 0)
    np.testing.assert_allclose(case.results()["output"], expected, rtol=1e-12, atol=1e-14)


def test_that_layer_normalization_does_the_same_in_prediction() -> None:
    case = Case(Network((6, 4), (LayerNormalization(),)), 5)
    bound = Bound(Plan(case.network, case.parameters, 5), 5)
    bound.x[...] = case.x
    bound.forward()
    np.testing.assert_array_equal(bound.output, case.results()["output"])


# --- Both -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [BatchNormalization, LayerNormalization])
def test_that_only_the_last_axis_can_be_that_of_the_features(
    cls: type[BatchNormalization] | type[LayerNormalization],
) -> None:
    assert cls(axis=3).output_shape((5, 4, 2)) == (5, 4, 2)
    for axis in (0, 1, 2, -2, 4):
        with pytest.raises(ShapeError, match=f"its axis is {axis}"):
            cls(axis=axis).output_shape((5, 4, 2))
    with pytest.raises(ShapeError, match=cls.__name__):
        cls().output_shape(())
