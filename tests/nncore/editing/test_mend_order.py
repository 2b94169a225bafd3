"""What is offered first mends the whole network where one change can; what only moves the error comes last."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.editing.grey import with_fitting_input
from nncore.editing.mends import Mend, mends
from nncore.layers import (
    GRU,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    RandomFlip,
    RepeatVector,
    Reshape,
)
from nncore.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.trace import Trace, trace
from nncore.types import Shape

DIGITS, SERIES = (28, 28), (12, 1)
TEN, NUMBER, STEPS = Target(10), Target(), Target(2, (20,))
CLASSES, SPARSE, MSE = Dense(10, "softmax"), SparseCategoricalCrossentropy(), MeanSquaredError()


def fitted(shape: Shape, layers: tuple[Layer, ...]) -> Network:
    return with_fitting_input(Network(shape, layers), shape)


def pressed(network: Network, mend: Mend, shape: Shape) -> Network:
    assert mend.edit is not None
    return with_fitting_input(mend.edit.apply(network), shape)


def offered(network: Network, loss: Loss, target: Target, shape: Shape) -> tuple[int, list[Mend]]:
    """Return the only row with a problem, and what is offered there."""
    found = mends(network, loss, target, tokens=False, data_shape=shape)
    ((row, choices),) = found.items()
    return row, choices


@pytest.mark.parametrize(
    ("layers", "row", "labels"),
    [
        ((Conv2D(8, 3), MaxPooling2D(2), Dense(128, "relu"), CLASSES), 2, ["Insert Flatten above"]),
        ((Conv2D(8, 3), Dense(16), Conv2D(8, 3), CLASSES), 3, ["Insert Flatten above"]),
        ((Dense(16), Conv2D(8, 3), Dense(64), CLASSES), 2, ["Insert Flatten above"]),
        ((Conv2D(8, 3), Dense(16), Flatten(), Reshape((26, 26, 16)), CLASSES), 4, ["Insert Flatten above"]),
        (
            (Flatten(), Conv2D(8, 3), CLASSES),
            1,
            ["Move Flatten above layer 3 (Dense)", "Remove Flatten above", "Insert Reshape to 28 × 28 × 1 above"],
        ),
        (
            (Flatten(), Dropout(0.1), Conv2D(8, 3), MaxPooling2D(2), Dense(64), CLASSES),
            2,
            ["Move Flatten above layer 5 (Dense)", "Remove Flatten above", "Insert Reshape to 28 × 28 × 1 above"],
        ),
        (
            (Flatten(), Conv2D(8, 3), Flatten(), CLASSES),
            1,
            ["Remove Flatten above", "Insert Reshape to 28 × 28 × 1 above"],
        ),
        (
            (LSTM(8), LSTM(8), CLASSES),
            1,
            ["Switch return sequences on in layer 1 (LSTM)", "Insert Reshape to 8 × 1 above"],
        ),
        (
            (LSTM(8), Dropout(0.1), Bidirectional(GRU(4)), LSTM(8), CLASSES),
            2,
            [
                "Switch return sequences on in 2 layers",
                "Switch return sequences on in layer 1 (LSTM)",
                "Insert Reshape to 8 × 1 above",
            ],
        ),
        ((Conv1D(8, 3), Conv2D(8, 3), Flatten(), CLASSES), 1, ["Insert Reshape to 26 × 8 × 1 above"]),
    ],
)
def test_that_the_first_button_mends_the_whole_network(layers: tuple[Layer, ...], row: int, labels: list[str]) -> None:
    network = fitted(DIGITS, layers)
    place, found = offered(network, SPARSE, TEN, DIGITS)
    assert (place, [mend.label for mend in found]) == (row, labels)
    assert not trace(pressed(network, found[0], DIGITS), SPARSE, TEN).problems
    edit = found[0].edit
    assert edit is not None
    assert edit.inverse().apply(edit.apply(network)) == network


def left_over(found: Trace) -> int:
    """Return how many layers cannot work, from the first of them on."""
    wrong = [row.index for row in found.rows if row.output_shape is None or row.problem is not None]
    return len(found.rows) - min(wrong, default=len(found.rows))


LAYERS = (
    BatchNormalization(),
    Conv1D(4, 3),
    Conv2D(4, 3),
    Dense(4, "relu"),
    CLASSES,
    Flatten(),
    LSTM(4),
    LSTM(4, return_sequences=True),
    MaxPooling2D(2),
    RepeatVector(3),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(LAYERS), min_size=2, max_size=6), st.sampled_from([DIGITS, (9,)]))
def test_that_what_gets_further_is_offered_before_what_does_not(layers: list[Layer], shape: Shape) -> None:
    network = fitted(shape, tuple(layers))
    for found in mends(network, SPARSE, TEN, tokens=False, data_shape=shape).values():
        after = [trace(pressed(network, mend, shape), SPARSE, TEN) for mend in found if mend.edit and not mend.loss]
        ranks = [(bool(one.problems), left_over(one)) for one in after]
        assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("shape", "layers", "loss", "target", "row", "label"),
    [
        ((4,), (Conv2DTranspose(4, 3), Dense(3, "softmax")), SPARSE, Target(3), 0, "Remove Conv2DTranspose"),
        ((4,), (Dense(8), RandomFlip(), Dense(3, "softmax")), SPARSE, Target(3), 1, "Remove RandomFlip"),
        ((2,), (Conv1D(8, 3), Dense(3, "softmax")), SPARSE, Target(3), 0, "Remove Conv1D"),
        (DIGITS, (GlobalAveragePooling2D(), MaxPooling2D(2), CLASSES), SPARSE, TEN, 1, "Remove MaxPooling2D"),
        (DIGITS, (Flatten(),), SPARSE, TEN, 1, "Append Dense with 10 units"),
        (DIGITS, (Flatten(), Dense(64), Activation("relu")), SPARSE, TEN, 3, "Append Dense with 10 units"),
        (DIGITS, (LSTM(8, return_sequences=True),), SPARSE, TEN, 1, "Append Flatten and Dense 10"),
        ((4,), (Dense(8), RepeatVector(3)), SPARSE, Target(3), 2, "Append Flatten and Dense 3"),
        (SERIES, (Flatten(), Dropout(0.1)), MSE, NUMBER, 2, "Append Dense with 1 unit"),
        (
            (20, 1),
            (LSTM(8),),
            BinaryCrossentropy(),
            STEPS,
            1,
            "Switch return sequences on and append Dense 2",
        ),
        (
            (20, 1),
            (LSTM(8), Dense(5, "sigmoid")),
            BinaryCrossentropy(),
            STEPS,
            2,
            "Switch return sequences on and set units to 2",
        ),
    ],
)
def test_that_what_the_words_tell_can_be_done_with_a_button(
    shape: Shape, layers: tuple[Layer, ...], loss: Loss, target: Target, row: int, label: str
) -> None:
    network = fitted(shape, layers)
    place, found = offered(network, loss, target, shape)
    assert place == row
    (mend,) = [mend for mend in found if mend.label == label]
    assert not trace(pressed(network, mend, shape), loss, target).problems


PICTURE, POOLED = (28, 28, 1), GlobalAveragePooling2D()


@pytest.mark.parametrize(
    ("shape", "layers", "labels"),
    [
        (PICTURE, (CLASSES, Flatten()), ["Append Dense with 10 units"]),
        (PICTURE, (Conv2D(10, 3, activation="relu"), Flatten()), ["Append Dense with 10 units"]),
        (PICTURE, (Conv2D(8, 3), POOLED), ["Set filters to 10 with softmax", "Append Dense with 10 units"]),
        (PICTURE, (Dense(8), POOLED), ["Set units to 10 with softmax", "Append Dense with 10 units"]),
        (PICTURE, (Dense(10), POOLED), ["Use softmax", "Append Dense with 10 units"]),
        ((4,), (Dense(10), Activation("relu")), ["Append Dense with 10 units"]),
        ((4,), (Dense(10),), ["Use softmax"]),
        ((4,), (Dense(8),), ["Set units to 10 with softmax"]),
    ],
)
def test_that_a_dense_is_offered_behind_another_form_and_where_nothing_else_helps(
    shape: Shape, layers: tuple[Layer, ...], labels: list[str]
) -> None:
    network = Network(shape, layers)
    place, found = offered(network, SPARSE, TEN, shape)
    assert (place, [mend.label for mend in found]) == (len(layers), labels)
    assert not any(trace(pressed(network, mend, shape), SPARSE, TEN).problems for mend in found)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from((*LAYERS, POOLED)), min_size=1, max_size=4),
    st.sampled_from([DIGITS, (9,)]),
    st.sampled_from([SPARSE, MSE]),
)
def test_that_a_network_told_to_end_in_a_dense_is_offered_ways_that_differ(
    layers: list[Layer], shape: Shape, loss: Loss
) -> None:
    network = fitted(shape, tuple(layers))
    problem = trace(network, loss, TEN).loss_problem
    if problem is not None and problem.remedy == "Let the network end in a Dense with 10 units.":
        found = mends(network, loss, TEN, tokens=False, data_shape=shape)[len(network)]
        assert not trace(pressed(network, found[0], shape), loss, TEN).problems
        labels = [mend.label for mend in found]
        assert len(set(labels)) == len(labels)


def test_that_a_layer_is_taken_out_only_where_nothing_else_mends_it_and_it_helps() -> None:
    kernel = Network((8, 8, 1), (Conv2D(4, 9), Flatten(), CLASSES))
    assert not [mend for mend in mends(kernel, SPARSE, TEN)[0] if mend.label.startswith("Remove")]
    three = Network((4,), (Embedding(9, 2), Embedding(9, 2), Flatten(), Dense(3, "softmax")))
    assert [mend.label for mend in mends(three, SPARSE, Target(3))[1]] == ["Remove Embedding"]
    alone = Network((2,), (Conv1D(4, 3),))
    assert "Remove Conv1D" not in [mend.label for mend in mends(alone, SPARSE, Target(3), tokens=False).get(0, [])]
