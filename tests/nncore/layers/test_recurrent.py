"""SimpleRNN, LSTM and GRU against explicit loops, with masks, with dropout, and against inputs they cannot take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.activations import ACTIVATIONS
from nncore.errors import FieldError, ShapeError
from nncore.initializers import GlorotUniform, Orthogonal, Zeros
from nncore.layers import GRU, LSTM, Bidirectional, Dense, Embedding, Layer, SimpleRNN
from nncore.layers.recurrent.base import Recurrent
from nncore.losses import Loss
from nncore.network import Network
from nncore.plan import Plan, initial_parameters, tensors
from nncore.types import Array, Shape
from tests.nncore.harness import QUICK, Case, check_gradients, check_short_batch
from tests.nncore.layers.sequences import CELLS, MASKS, cell_name, looped, random_numbers, random_weights, run

each_cell = pytest.mark.parametrize("layer", CELLS, ids=cell_name)


# --- What they compute ------------------------------------------------------------------------------------------


@QUICK
@given(
    layer=st.sampled_from(CELLS),
    sizes=st.tuples(*[st.integers(1, 4)] * 4),
    activation=st.sampled_from(["tanh", "relu", "linear", "softsign"]),
    flags=st.tuples(*[st.booleans()] * 3),
    masked=st.booleans(),
)
def test_that_a_recurrent_layer_is_the_explicit_loop(
    layer: Recurrent, sizes: tuple[int, ...], activation: str, flags: tuple[bool, ...], masked: bool
) -> None:
    rows, time, features, units = sizes
    use_bias, sequences, backwards = flags
    layer = layer.replace(
        units=units, activation=activation, use_bias=use_bias, return_sequences=sequences, go_backwards=backwards
    )
    x, weights = random_numbers(rows, time, features), random_weights(layer, (time, features))
    mask = random_numbers(rows, time, seed=8) > 0 if masked else None
    found = run(layer, x, weights, mask)
    np.testing.assert_allclose(found, looped(layer, x, weights, mask), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("layer", CELLS[1:], ids=cell_name)
@pytest.mark.parametrize("name", ["hard_sigmoid", "silu", "relu"])
def test_that_the_gates_may_have_another_function(layer: Recurrent, name: str) -> None:
    layer = layer.replace(recurrent_activation=name)
    x, weights = random_numbers(4, 5, 2), random_weights(layer, (5, 2))
    np.testing.assert_allclose(run(layer, x, weights), looped(layer, x, weights), rtol=1e-9, atol=1e-12)


@each_cell
def test_that_the_last_output_is_the_end_of_the_sequence(layer: Recurrent) -> None:
    x = random_numbers(4, 6, 2)
    np.testing.assert_array_equal(run(layer, x), run(layer.replace(return_sequences=True), x)[:, -1])


@each_cell
def test_that_reading_backwards_is_reading_the_reversed_sequence(layer: Recurrent) -> None:
    x, layer = random_numbers(4, 6, 2), layer.replace(return_sequences=True)
    np.testing.assert_array_equal(run(layer.replace(go_backwards=True), x), run(layer, x[:, ::-1]))


@each_cell
def test_that_huge_inputs_give_finite_outputs_and_gradients(layer: Recurrent) -> None:
    x = np.array([[[1e4], [-1e4], [0.0], [1e4]]], np.float32)
    case = Case(Network((4, 1), (layer,)), 1, x=x, dtype=np.float32)
    for array in case.results().values():
        assert np.isfinite(array).all()


# --- Weights ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "width", "bias"),
    [
        (SimpleRNN(4), 4, (4,)),
        (LSTM(4), 16, (16,)),
        (GRU(4), 12, (2, 12)),
        (GRU(4, reset_after=False), 12, (12,)),
    ],
)
def test_that_the_weights_have_the_names_and_shapes_of_keras(layer: Recurrent, width: int, bias: Shape) -> None:
    expected = [("kernel", (7, width)), ("recurrent_kernel", (4, width)), ("bias", bias)]
    assert [(weight.name, weight.shape) for weight in layer.weights((9, 7))] == expected
    assert [weight.name for weight in layer.replace(use_bias=False).weights((9, 7))] == ["kernel", "recurrent_kernel"]
    assert layer.multiply_adds((9, 7)) == 9 * (7 + 4) * width


@each_cell
def test_that_the_defaults_are_those_of_keras(layer: Recurrent) -> None:
    make: Any = type(layer)
    fresh = make(5)
    assert (fresh.activation, fresh.use_bias, fresh.return_sequences, fresh.go_backwards) == (
        "tanh",
        True,
        False,
        False,
    )
    assert (fresh.dropout, fresh.recurrent_dropout) == (0.0, 0.0)
    starts = (fresh.kernel_initializer, fresh.recurrent_initializer, fresh.bias_initializer)
    assert starts == (GlorotUniform(), Orthogonal(), Zeros())
    assert make(5, None).activation == "linear"  # Keras's way to say linear
    assert getattr(fresh, "recurrent_activation", "sigmoid") == "sigmoid"
    assert getattr(fresh, "reset_after", True)


def test_that_the_forget_gate_starts_open() -> None:
    for opened in (True, False):
        network = Network((5, 2), (LSTM(3, bias_initializer="ones", unit_forget_bias=opened),))  # type: ignore[arg-type]
        np.testing.assert_array_equal(tensors(network, initial_parameters(network, 0))["layers.0.bias"], np.ones(12))
        network = Network((5, 2), (LSTM(3, unit_forget_bias=opened),))
        expected = np.repeat([0, float(opened), 0, 0], 3)
        np.testing.assert_array_equal(tensors(network, initial_parameters(network, 0))["layers.0.bias"], expected)


# --- Masks ------------------------------------------------------------------------------------------------------


@each_cell
@pytest.mark.parametrize("backwards", [False, True])
def test_that_padding_does_not_change_the_last_output(layer: Recurrent, backwards: bool) -> None:
    layer = layer.replace(go_backwards=backwards)
    x, weights = random_numbers(5, 5, 2), random_weights(layer, (5, 2))
    masked = run(layer, x, weights, MASKS)
    for row, kept in enumerate(MASKS):
        expected = run(layer, x[row : row + 1, kept], weights)[0] if kept.any() else np.zeros(3)
        np.testing.assert_allclose(masked[row], expected, rtol=1e-12)


@each_cell
def test_that_a_masked_step_repeats_the_last_output(layer: Recurrent) -> None:
    y = run(layer.replace(return_sequences=True), random_numbers(5, 5, 2), mask=MASKS)
    before = np.concatenate([np.zeros((5, 1, 3)), y[:, :-1]], axis=1)
    np.testing.assert_array_equal(y[~MASKS], before[~MASKS])
    assert (y[MASKS] != before[MASKS]).all()


@each_cell
def test_that_a_mask_that_keeps_every_step_changes_nothing(layer: Recurrent) -> None:
    x = random_numbers(4, 5, 2)
    np.testing.assert_array_equal(run(layer, x, mask=np.ones((4, 5), bool)), run(layer, x))


@each_cell
def test_that_a_mask_goes_on_only_with_the_sequence(layer: Recurrent) -> None:
    assert not layer.passes_mask()
    assert layer.replace(return_sequences=True).passes_mask()


def masked_network(layer: Recurrent, *, wrapped: bool) -> Network:
    """Return layers that all meet the mask, also while walking backwards."""
    first = layer.replace(return_sequences=True, dropout=0.3)
    second = layer.replace(units=2, go_backwards=not wrapped, recurrent_dropout=0.3)
    layers: tuple[Layer, ...] = (first, second)
    if wrapped:
        layers = (Bidirectional(first), Bidirectional(second, "mul"))
    return Network((5,), (Embedding(6, 2, mask_zero=True), *layers, Dense(2)))


@each_cell
@pytest.mark.parametrize("wrapped", [False, True])
def test_that_gradients_are_right_where_steps_are_masked(layer: Recurrent, wrapped: bool) -> None:
    tokens = np.random.default_rng(4).integers(1, 6, MASKS.shape) * MASKS.astype(np.float64)
    network = masked_network(layer, wrapped=wrapped)
    check_gradients(Case(network, 5, x=tokens))
    for row in range(5):
        check_gradients(Case(network, 1, x=tokens[row : row + 1]))
    check_short_batch(network)


# --- Dropout ----------------------------------------------------------------------------------------------------


def test_that_dropout_switches_the_same_inputs_off_at_every_step() -> None:
    layer = SimpleRNN(200, "linear", use_bias=False, dropout=0.25, return_sequences=True)
    weights = {"kernel": np.eye(200), "recurrent_kernel": np.zeros((200, 200))}
    y = run(layer, np.ones((20, 4, 200)), weights, training=True)
    np.testing.assert_array_equal(y, np.repeat(y[:, :1], 4, axis=1))
    assert np.mean(y == 0) == pytest.approx(0.25, abs=0.02)
    np.testing.assert_allclose(y[y != 0], 1 / 0.75)
    assert (y[0] != y[1]).any()


def test_that_recurrent_dropout_switches_the_same_states_off_at_every_step() -> None:
    layer = SimpleRNN(200, "linear", use_bias=False, recurrent_dropout=0.5, return_sequences=True)
    weights = {"kernel": np.eye(200), "recurrent_kernel": np.eye(200)}
    x = np.zeros((20, 4, 200))
    x[:, 0] = 1
    y = run(layer, x, weights, training=True)
    kept = y[:, 1] != 0
    assert kept.mean() == pytest.approx(0.5, abs=0.03)
    for step in range(1, 4):
        np.testing.assert_array_equal(y[:, step], np.where(kept, 2.0**step, 0.0))


@pytest.mark.parametrize(("layer", "gates"), [(LSTM(50), 4), (GRU(50), 3), (GRU(50, reset_after=False), 3)])
@pytest.mark.parametrize("field", ["dropout", "recurrent_dropout"])
def test_that_with_recurrent_dropout_each_gate_has_zeros_of_its_own(layer: Recurrent, gates: int, field: str) -> None:
    layer = layer.replace(dropout=0.5, recurrent_dropout=0.5)
    case = Case(Network((3, 40), (layer,)), 6)
    case.backward()
    op: Any = case.bound.ops[0]
    columns = op.state.x_columns if field == "dropout" else op.state.h_columns
    zeros = op.state.factors[..., columns].reshape(gates, -1)
    for first in range(gates):
        assert np.mean(zeros[first] == 0) == pytest.approx(0.5, abs=0.1)
        for second in range(first):
            assert np.mean(zeros[first] == zeros[second]) == pytest.approx(0.5, abs=0.1)


@each_cell
def test_that_dropout_is_off_while_predicting_and_follows_its_seed_while_training(layer: Recurrent) -> None:
    x, dropping = random_numbers(4, 5, 6), layer.replace(dropout=0.5, recurrent_dropout=0.5)
    np.testing.assert_array_equal(run(dropping, x), run(layer, x))
    one, same, other = (run(dropping, x, training=True, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


# --- Losses and bad input ---------------------------------------------------------------------------------------


@each_cell
def test_that_a_loss_leaves_the_activation_of_a_recurrent_layer_to_it(layer: Recurrent) -> None:
    network = Network((4, 2), (layer.replace(units=1, activation="sigmoid"),))
    x, weights = random_numbers(3, 4, 2), random_weights(network.layers[0], (4, 2))
    parameters = np.concatenate([array.ravel() for array in weights.values()])
    plan = Plan(network, parameters, 3, loss=Loss.registry.get("binary_crossentropy").suggested())
    bound = plan.bind(3)
    bound.x[...], bound.target[...] = x, 1
    bound.forward()
    value = bound.loss_value()
    expected = looped(network.layers[0], x, weights)
    np.testing.assert_allclose(bound.output, expected, rtol=1e-9)
    assert value == pytest.approx(-np.log(expected).mean(), rel=1e-6)


@pytest.mark.parametrize(
    ("shape", "got", "remedy"),
    [
        ((28, 28, 1), "28 × 28 × 1", "Reshape the pictures to 28 × 28 above it: each row is a step."),
        ((32, 30, 3), "32 × 30 × 3", "Reshape the pictures to 32 × 90 above it: each row is a step."),
        ((12,), "12", "Insert Reshape to 12 × 1 above it; token numbers need Embedding as the first layer."),
        ((2, 3, 4, 5), "2 × 3 × 4 × 5", "Insert Reshape above it, to two sizes."),
        ((), "a single number", "Insert Reshape above it, to two sizes."),
    ],
)
@pytest.mark.parametrize("layer", [*CELLS[:3], Bidirectional(LSTM(3))], ids=cell_name)
def test_that_what_is_no_sequence_is_refused_with_a_remedy(layer: Layer, shape: Shape, got: str, remedy: str) -> None:
    with pytest.raises(ShapeError) as caught:
        layer.output_shape(shape)
    assert caught.value.sentence == f"{layer.type_name} reads sequences of shape time × features, but gets {got}."
    assert caught.value.remedy == remedy


@each_cell
def test_that_only_activations_of_single_numbers_are_offered(layer: Recurrent) -> None:
    """The derivatives of a whole sequence are computed number by number."""
    fields = [field for field in layer.fields() if field.name.endswith("activation")]
    x = random_numbers(4, 5)
    for field in fields:
        assert set(ACTIVATIONS.names()) - set(field.choices()) == {"softmax"}
        for name in field.choices():
            whole, single = x.copy(), x.copy()
            ACTIVATIONS.get(name).forward(whole, whole)
            for column in range(5):
                part: Array = single[:, column : column + 1].copy()
                ACTIVATIONS.get(name).forward(part, part)
                np.testing.assert_allclose(part[:, 0], whole[:, column], rtol=1e-12)
        with pytest.raises(FieldError, match="softmax"):
            layer.replace(**{field.name: "softmax"})
