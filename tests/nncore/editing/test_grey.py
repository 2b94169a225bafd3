"""The input of a network on grey pictures has the axis of colours that its first layer asks for, and no other."""

from __future__ import annotations

import pytest

from nncore.editing.grey import with_fitting_input
from nncore.editing.mends import mends
from nncore.layers import LSTM, Conv1D, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.trace import trace

GREY = (28, 28)


@pytest.mark.parametrize(
    ("shape", "first", "wanted"),
    [
        (GREY, Conv2D(8, 3), (28, 28, 1)),
        ((28, 28, 1), LSTM(4), GREY),
        ((28, 28, 1), Conv1D(4, 3), GREY),
        (GREY, LSTM(4), GREY),
        (GREY, Flatten(), GREY),
        ((28, 28, 1), Flatten(), (28, 28, 1)),
        ((28, 28, 1), Conv2D(8, 3), (28, 28, 1)),
        (GREY, Conv2D(8, 29), GREY),  # which does not fit either way
    ],
)
def test_that_the_input_follows_the_wish_of_the_first_layer(
    shape: tuple[int, ...], first: Layer, wanted: tuple[int, ...]
) -> None:
    network = Network(shape, (first, Dense(10)))
    found = with_fitting_input(network, GREY)
    assert found == Network(wanted, network.layers)
    assert with_fitting_input(found, GREY) == found


def test_that_a_disabled_layer_has_no_wish() -> None:
    layers = (Conv2D(8, 3, disabled=True), LSTM(4))
    assert with_fitting_input(Network((28, 28, 1), layers), GREY).input_shape == GREY
    only = Network(GREY, (Conv2D(8, 3, disabled=True),))
    assert with_fitting_input(only, GREY) is only
    assert with_fitting_input(Network(GREY), GREY) == Network(GREY)


@pytest.mark.parametrize("data_shape", [None, (28, 28, 3), (784,), (8, 8)])
def test_that_the_input_stays_where_the_data_are_other_ones(data_shape: tuple[int, ...] | None) -> None:
    network = Network(GREY, (Conv2D(8, 3),))
    assert with_fitting_input(network, data_shape) is network


def test_that_pictures_are_brought_to_their_classes_in_one_step() -> None:
    loss, target = SparseCategoricalCrossentropy(), Target(10)
    network = Network((28, 28, 1), (Conv2D(8, 3, activation="relu"), MaxPooling2D(2)))
    (mend,) = mends(network, loss, target)[2]
    assert mend.label == "Append Flatten and Dense 10"
    assert mend.edit is not None
    mended = mend.edit.apply(network)
    assert mended.layers[2:] == (Flatten(), Dense(10, "softmax"))
    assert trace(mended, loss, target).problems == []


def test_that_a_row_of_numbers_behind_pictures_is_offered_its_dense() -> None:
    network = Network((28, 28, 1), (Conv2D(8, 3, activation="relu"), Flatten()))
    found = mends(network, SparseCategoricalCrossentropy(), Target(10))[2]
    assert [mend.label for mend in found] == ["Append Dense with 10 units"]
