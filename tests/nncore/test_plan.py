"""The compiled network: flat arrays, lent buffers, fusion, bindings; and the predictor that copies."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import ShapeError
from nncore.initializers import INITIALIZERS
from nncore.layers import Activation, Dense, Dropout, Flatten, Layer
from nncore.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy
from nncore.network import Network
from nncore.plan import Plan, initial_parameters, layout, tensors
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array

NETWORK = Network((4,), (Dense(8, "tanh"), Dense(3, "softmax")))
SPARSE = SparseCategoricalCrossentropy()


def filled(plan: Plan, rows: int, seed: int = 0) -> Array:
    """Return the output for random inputs; lent."""
    bound = plan.bind(rows)
    bound.x[...] = np.random.default_rng(seed).normal(size=bound.x.shape)
    bound.forward()
    if bound.loss is not None:
        bound.loss_value()
    return bound.output


# --- Parameters -------------------------------------------------------------------------------------------------


def test_that_the_layout_has_no_gaps_and_keras_names() -> None:
    slots = layout(NETWORK)
    assert [slot.key for slot in slots] == ["layers.0.kernel", "layers.0.bias", "layers.1.kernel", "layers.1.bias"]
    ends = [slot.start + slot.weight.size for slot in slots]
    assert [slot.start for slot in slots] == [0, *ends[:-1]]
    assert ends[-1] == NETWORK.count_params()


def test_that_tensors_are_views_of_the_flat_array() -> None:
    flat = np.zeros(NETWORK.count_params())
    named = tensors(NETWORK, flat)
    assert {name: array.shape for name, array in named.items()} == {
        "layers.0.kernel": (4, 8),
        "layers.0.bias": (8,),
        "layers.1.kernel": (8, 3),
        "layers.1.bias": (3,),
    }
    named["layers.1.bias"][...] = 7.0
    np.testing.assert_array_equal(flat[-3:], 7.0)
    assert np.count_nonzero(flat) == 3


def test_that_the_seed_decides_the_first_weights() -> None:
    first = initial_parameters(NETWORK, 3)
    assert first.dtype == np.float32
    np.testing.assert_array_equal(first, initial_parameters(NETWORK, 3))
    assert (first != initial_parameters(NETWORK, 4)).any()
    named = tensors(NETWORK, first)
    assert not named["layers.0.bias"].any()
    limit = np.sqrt(6 / (4 + 8))
    assert 0.5 * limit < np.abs(named["layers.0.kernel"]).max() <= limit


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_each_weight_is_drawn_by_its_own_initializer(name: str) -> None:
    network = Network((50,), (Dense(40, kernel_initializer=name, bias_initializer="ones"),))
    named = tensors(network, initial_parameters(network, 0, np.float64))
    expected = INITIALIZERS.get(name)()((50, 40), np.random.default_rng([0, 0]))
    np.testing.assert_array_equal(named["layers.0.kernel"], expected)
    np.testing.assert_array_equal(named["layers.0.bias"], np.ones(40))


def test_that_the_plan_works_on_the_array_it_was_given() -> None:
    parameters = initial_parameters(NETWORK, 0)
    plan = Plan(NETWORK, parameters, 4)
    before = filled(plan, 4).copy()
    parameters *= 2
    assert (filled(plan, 4) != before).any()


# --- Lending ----------------------------------------------------------------------------------------------------


def test_that_an_output_is_lent_until_the_next_forward() -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 4)
    first = filled(plan, 4, seed=1)
    kept = first.copy()
    second = filled(plan, 4, seed=2)
    assert second is first
    assert (second != kept).any()


@pytest.mark.parametrize("first", [6, 2])
def test_that_a_shorter_batch_uses_the_first_rows_of_the_same_memory(first: int) -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 6, loss=SPARSE, training=True)
    plan.bind(first)
    full, few = plan.bind(6), plan.bind(2)
    assert np.shares_memory(full.x, few.x)
    assert np.shares_memory(full.target, few.target)
    assert few.x.ctypes.data == full.x.ctypes.data
    for wide, narrow in zip(full.ops, few.ops, strict=True):
        assert narrow.y.ctypes.data == wide.y.ctypes.data
    assert few.output.shape == (2, 3)


def test_that_a_predictor_returns_copies() -> None:
    parameters = initial_parameters(NETWORK, 0)
    predictor = Predictor(NETWORK, parameters, capacity=4)
    x = np.random.default_rng(0).normal(size=(11, 4)).astype(np.float32)
    first = predictor.predict(x)
    kept = first.copy()
    second = predictor.predict(x[::-1])
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_allclose(second[::-1], first, rtol=1e-6)
    whole = Predictor(NETWORK, parameters, capacity=100).predict(x)
    np.testing.assert_allclose(whole, first, rtol=1e-5)
    assert first.dtype == np.float32
    assert predictor.predict(x[:0]).shape == (0, 3)


def test_that_a_predictor_keeps_its_own_weights_until_it_is_given_others() -> None:
    parameters = initial_parameters(NETWORK, 0)
    predictor = Predictor.of(Snapshot.of(NETWORK, parameters, 0, 0.0))
    x = np.ones((3, 4), np.float32)
    before = predictor.predict(x)
    parameters *= 2
    np.testing.assert_array_equal(predictor.predict(x), before)
    predictor.load(Snapshot.of(NETWORK, parameters, 1, 0.1))
    assert (predictor.predict(x) != before).any()
    other = Network((4,), (Dense(3),))
    with pytest.raises(ValueError, match="another network"):
        predictor.load(Snapshot.of(other, initial_parameters(other, 0), 0, 0.0))


# --- Bindings ---------------------------------------------------------------------------------------------------


def test_that_a_binding_is_made_once() -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 8)
    assert plan.bind(8) is plan.bind(8)
    assert plan.bind(3) is plan.bind(3)
    assert plan.bind(3) is not plan.bind(8)


def test_that_many_sizes_in_turn_stay_right_and_few_are_kept() -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 8)
    for rows in (1, 2, 3, 4, 5, 6, 7, 8, 1, 8):
        exact = Plan(NETWORK, plan.parameters, rows)
        np.testing.assert_allclose(filled(plan, rows), filled(exact, rows), rtol=1e-6)
    assert len(plan._bound) <= 4


@pytest.mark.parametrize("rows", [0, -1, 9])
def test_that_a_batch_beyond_the_capacity_is_refused(rows: int) -> None:
    with pytest.raises(ValueError, match="1 to 8"):
        Plan(NETWORK, initial_parameters(NETWORK, 0), 8).bind(rows)


def test_that_a_network_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ShapeError):
        Plan(Network((), (Dense(3),)), np.zeros(6), 4)


def test_that_a_plan_for_prediction_holds_no_gradients() -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 4, loss=SPARSE)
    assert plan.gradients.size == 0
    bound = plan.bind(4)
    assert all(op.dy is None for op in bound.ops)
    assert bound.dx is None


def test_that_the_first_layer_computes_no_input_gradient() -> None:
    plan = Plan(NETWORK, initial_parameters(NETWORK, 0), 4, loss=SPARSE, training=True)
    assert plan.bind(4).dx is None
    assert plan.bind(4).ops[0].dy is not None


# --- Fusion -----------------------------------------------------------------------------------------------------


def fused(loss: Loss | None, *layers: Layer) -> bool:
    network = Network((4,), layers)
    plan = Plan(network, initial_parameters(network, 0), 2, loss=loss, training=True)
    if plan.fused:
        assert getattr(plan.layers[-1], "activation", "") == "linear"
        assert plan.layers[:-1] == network.layers[:-1]
    else:
        assert plan.layers == network.layers
    return plan.fused


def test_that_a_loss_fuses_with_the_activation_it_absorbs() -> None:
    assert fused(SPARSE, Dense(3, "softmax"))
    assert fused(SPARSE, Dense(3), Activation("softmax"))
    assert fused(BinaryCrossentropy(), Dense(1, "sigmoid"))


def test_that_a_loss_fuses_with_nothing_else() -> None:
    assert not fused(SPARSE, Dense(3, "sigmoid"))
    assert not fused(BinaryCrossentropy(), Dense(3, "softmax"))
    assert not fused(MeanSquaredError(), Dense(3, "softmax"))
    assert not fused(None, Dense(3, "softmax"))
    assert not fused(SparseCategoricalCrossentropy(from_logits=True), Dense(3))


@pytest.mark.parametrize("between", [Dropout(0.5), Flatten()])
def test_that_a_layer_behind_the_activation_prevents_fusion(between: Layer) -> None:
    assert not fused(SPARSE, Dense(3, "softmax"), between)


@pytest.mark.parametrize("training", [False, True])
def test_that_the_output_is_activated_although_it_is_fused(training: bool) -> None:
    parameters = initial_parameters(NETWORK, 0)
    plain = Plan(NETWORK, parameters, 5)
    plan = Plan(NETWORK, parameters, 5, loss=SPARSE, training=training)
    assert plan.fused
    np.testing.assert_allclose(filled(plan, 5), filled(plain, 5), rtol=1e-5)
    np.testing.assert_allclose(plan.bind(5).output.sum(axis=1), 1.0, rtol=1e-5)
