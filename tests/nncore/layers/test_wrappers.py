"""Bidirectional, TimeDistributed and RepeatVector against what they are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nncore.errors import FieldError, ShapeError
from nncore.initializers import Ones
from nncore.layers import (
    GRU,
    LSTM,
    Activation,
    Bidirectional,
    Dense,
    Dropout,
    Embedding,
    Layer,
    RepeatVector,
    SimpleRNN,
    TimeDistributed,
)
from nncore.layers.base import Binding, Op, Weight
from nncore.layers.recurrent.base import Recurrent
from nncore.losses import Loss
from nncore.network import Network
from nncore.plan import layout
from nncore.regularizers import L2
from nncore.types import Array, Shape
from tests.nncore.harness import Case, check_gradients
from tests.nncore.layers.sequences import CELLS, MASKS, cell_name, looped, random_numbers, random_weights, run

MERGED: dict[str, Callable[[Array, Array], Array]] = {
    "concat": lambda one, other: np.concatenate([one, other], axis=-1),
    "sum": lambda one, other: one + other,
    "mul": lambda one, other: one * other,
    "ave": lambda one, other: (one + other) / 2,
}


# --- Bidirectional ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layer", CELLS, ids=cell_name)
@pytest.mark.parametrize("mode", MERGED)
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_that_both_directions_are_read_and_merged(layer: Recurrent, mode: str, sequences: bool, masked: bool) -> None:
    layer = layer.replace(return_sequences=sequences)
    wrapper = Bidirectional(layer, mode)
    x, weights = random_numbers(5, 5, 2), random_weights(wrapper, (5, 2))
    mask = MASKS if masked else None
    ways = []
    for way in ("forward", "backward"):
        own = {name.removeprefix(f"{way}_"): array for name, array in weights.items() if name.startswith(way)}
        y = looped(layer.replace(go_backwards=way == "backward"), x, own, mask)
        y = y[:, ::-1] if sequences and way == "backward" else y
        # As in Keras, padding puts out zeros here, so that no direction repeats what the other has not read yet.
        ways.append(np.where(MASKS[..., np.newaxis], y, 0) if sequences and masked else y)
    expected = MERGED[mode](*ways)
    np.testing.assert_allclose(run(wrapper, x, weights, mask), expected, rtol=1e-9, atol=1e-12)
    assert wrapper.output_shape((5, 2)) == expected.shape[1:]


@pytest.mark.parametrize("layer", CELLS, ids=cell_name)
@pytest.mark.parametrize("mode", MERGED)
def test_that_gradients_are_right_where_padding_puts_out_zeros(layer: Recurrent, mode: str) -> None:
    tokens = np.random.default_rng(4).integers(1, 6, MASKS.shape) * MASKS.astype(np.float64)
    wrapper = Bidirectional(layer.replace(return_sequences=True), mode)
    check_gradients(Case(Network((5,), (Embedding(6, 2, mask_zero=True), wrapper)), 5, x=tokens))


def test_that_bidirectional_has_the_weights_of_both_directions_in_the_order_of_keras() -> None:
    layer = GRU(4, kernel_initializer=Ones(), recurrent_regularizer=L2(0.1))
    weights = Bidirectional(layer).weights((9, 7))
    assert [(weight.name, weight.shape) for weight in weights] == [
        ("forward_kernel", (7, 12)),
        ("forward_recurrent_kernel", (4, 12)),
        ("forward_bias", (2, 12)),
        ("backward_kernel", (7, 12)),
        ("backward_recurrent_kernel", (4, 12)),
        ("backward_bias", (2, 12)),
    ]
    assert [weight.regularizer for weight in weights] == [None, L2(0.1), None] * 2
    assert weights[3].initializer == Ones()
    assert Bidirectional(layer).multiply_adds((9, 7)) == 2 * layer.multiply_adds((9, 7))


def test_that_bidirectional_takes_a_layer_that_reads_forwards_only() -> None:
    with pytest.raises(FieldError, match="go_backwards"):
        Bidirectional(LSTM(3, go_backwards=True))
    with pytest.raises(FieldError, match="layer"):
        Bidirectional(Dense(3))  # type: ignore[arg-type]


def test_that_bidirectional_offers_the_recurrent_layers_only() -> None:
    assert Bidirectional.field("layer").choices() == ["SimpleRNN", "LSTM", "GRU"]
    assert Bidirectional.suggested().layer == LSTM(64)


def test_that_bidirectional_hands_a_mask_on_only_with_the_sequence() -> None:
    assert Bidirectional(LSTM(3, return_sequences=True)).passes_mask()
    assert not Bidirectional(LSTM(3)).passes_mask()


# --- TimeDistributed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Dense(3, "tanh"), (4, 5)),
        (Dense(3, "softmax"), (1, 5)),
        (Dense(2), (3, 4, 5)),
        (LSTM(2), (3, 4, 2)),
        (Bidirectional(SimpleRNN(2, return_sequences=True)), (2, 4, 1)),
        (TimeDistributed(Dense(2)), (3, 2, 4)),
        (Activation("relu"), (4, 2)),
    ],
    ids=str,
)
def test_that_each_step_is_a_sample_of_the_layer(layer: Layer, shape: Shape) -> None:
    wrapper = TimeDistributed(layer)
    x, weights = random_numbers(3, *shape), random_weights(layer, shape[1:])
    expected = np.stack([run(layer, x[:, step], weights) for step in range(shape[0])], axis=1)
    np.testing.assert_allclose(run(wrapper, x, weights), expected, rtol=1e-12, atol=1e-14)
    assert wrapper.output_shape(shape) == expected.shape[1:]
    assert wrapper.weights(shape) == layer.weights(shape[1:])
    assert wrapper.multiply_adds(shape) == shape[0] * layer.multiply_adds(shape[1:])
    check_gradients(Case(Network(shape, (wrapper,)), 3))


class CountOp(Op):
    """Adds up how many samples it has seen, in a weight that is not trained."""

    def __init__(self, bind: Binding) -> None:
        self.y, self.dy, self.rows, self.seen = bind.x, bind.dx, bind.rows, bind.weight("seen")

    def forward(self) -> None:
        self.seen += self.rows

    def backward(self) -> None:
        pass


class Count(Layer):
    """A layer with a weight that is not trained; never registered."""

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        return (Weight("seen", (1,), Ones(), trainable=False),)

    def compile(self, bind: Binding) -> Op:
        return CountOp(bind)


def test_that_a_wrapped_layer_may_change_its_own_weights() -> None:
    case = Case(Network((4, 2), (TimeDistributed(Count()),)), 3)
    (slot,) = layout(case.network)
    slot.view(case.parameters)[...] = 0
    case.backward()
    assert slot.view(case.parameters) == 12


def test_that_dropout_in_a_wrapper_differs_from_step_to_step() -> None:
    y = run(TimeDistributed(Dropout(0.5)), np.ones((2, 6, 50)), training=True)
    assert set(np.unique(y)) == {0.0, 2.0}
    assert (y[:, 0] != y[:, 1]).any()


def test_that_time_distributed_hands_a_mask_on() -> None:
    x = np.array([[1.0, 0.0, 2.0]])
    layers = (Embedding(3, 2, mask_zero=True), TimeDistributed(Dense(2)), LSTM(2, return_sequences=True))
    case = Case(Network((3,), layers), 1, x=x)
    y = case.results()["output"]
    np.testing.assert_array_equal(y[0, 1], y[0, 0])
    assert (y[0, 2] != y[0, 1]).all()


def test_that_a_loss_meets_a_softmax_in_a_wrapper_as_one_without() -> None:
    below = SimpleRNN(3, return_sequences=True)
    target = np.eye(4)[np.random.default_rng(0).integers(0, 4, (2, 5))]
    found = []
    for last in (TimeDistributed(Dense(4, "softmax")), Dense(4, "softmax")):
        loss = Loss.registry.get("categorical_crossentropy").suggested()
        case = Case(Network((5, 2), (below, last)), 2, loss=loss, target=target)
        found.append({"loss": np.array(case.loss()), **case.results()})
    for name, array in found[0].items():
        np.testing.assert_allclose(array, found[1][name], rtol=1e-6, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(("shape", "got"), [((7,), "7"), ((), "a single number")])
def test_that_time_distributed_refuses_what_has_no_steps(shape: Shape, got: str) -> None:
    with pytest.raises(ShapeError) as caught:
        TimeDistributed(Dense(3)).output_shape(shape)
    assert caught.value.sentence == f"TimeDistributed reads sequences of shape time × ..., but gets {got}."
    assert caught.value.remedy == "Use Dense without it, or insert Reshape above it."


def test_that_the_sentence_of_the_wrapped_layer_is_the_one_that_is_said() -> None:
    with pytest.raises(ShapeError, match="LSTM reads sequences"):
        TimeDistributed(LSTM(3)).output_shape((4, 5))


# --- RepeatVector -----------------------------------------------------------------------------------------------


def test_that_repeat_vector_makes_every_step_the_same() -> None:
    x = random_numbers(3, 4)
    y = run(RepeatVector(5), x)
    assert y.shape == (3, 5, 4)
    for step in range(5):
        np.testing.assert_array_equal(y[:, step], x)


@pytest.mark.parametrize(("shape", "got"), [((3, 4), "3 × 4"), ((), "a single number")])
def test_that_repeat_vector_refuses_sequences(shape: Shape, got: str) -> None:
    with pytest.raises(ShapeError, match=f"RepeatVector repeats one row of numbers, but gets {got}"):
        RepeatVector(5).output_shape(shape)
