"""The input of a network on grey pictures has an axis of colours where its layers ask for one, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.editing.grey import with_fitting_input
from nncore.editing.mends import mends
from nncore.layers import (
    LSTM,
    BatchNormalization,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
    RandomFlip,
    Reshape,
)
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, adapted
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
        ((28, 28, 1), Flatten(), GREY),
        ((28, 28, 1), Conv2D(8, 3), (28, 28, 1)),
        (GREY, Conv2D(8, 29), (28, 28, 1)),  # which does not fit either way: its kernel is the thing to speak of
        ((28, 28, 1), Conv1D(8, 29), GREY),
        (GREY, Conv2D(8, 29, padding="same"), (28, 28, 1)),
        ((28, 28, 1), Reshape((9, 9)), GREY),
    ],
)
def test_that_the_input_follows_the_wish_of_the_layers(
    shape: tuple[int, ...], first: Layer, wanted: tuple[int, ...]
) -> None:
    network = Network(shape, (first, Dense(10)))
    found = with_fitting_input(network, GREY)
    assert found == Network(wanted, network.layers)
    assert with_fitting_input(found, GREY) == found


ANY = (
    BatchNormalization(),
    Conv1D(4, 3),
    Conv2D(4, 3),
    Conv2D(4, 29),
    Conv2D(4, 3, disabled=True),
    Dense(4),
    Dropout(0.1),
    Flatten(),
    GlobalAveragePooling2D(),
    LSTM(4),
    LSTM(4, return_sequences=True),
    MaxPooling2D(2),
    RandomFlip(),
    Reshape((28, 28, 1)),
    Reshape((28, 28)),
)


def working(network: Network) -> int:
    """Return how many layers can work, from the first on."""
    return sum(row.output_shape is not None for row in trace(network).rows)


def test_that_a_sequence_of_single_numbers_is_not_made_a_picture_that_is_too_small() -> None:
    for layers in ((Conv2D(8, 3),), (Dense(4), Conv2D(8, 3))):
        network = Network((12, 1), layers)
        assert with_fitting_input(network, (12, 1)) is network


@settings(deadline=None)
@given(st.lists(st.sampled_from(ANY), max_size=5))
def test_that_the_same_layers_always_get_the_same_input_and_the_one_that_lets_more_of_them_work(
    layers: list[Layer],
) -> None:
    forms = [Network(shape, tuple(layers)) for shape in (GREY, (*GREY, 1))]
    found, again = (with_fitting_input(form, GREY) for form in forms)
    assert found == again
    assert working(found) == max(map(working, forms))
    if found.input_shape != GREY:
        assert trace(forms[0]).problems, "the data's own shape would have done"


@pytest.mark.parametrize("first", [RandomFlip(), BatchNormalization(), Dropout(0.1), Dense(4)])
def test_that_a_layer_that_takes_either_does_not_keep_the_axis_from_the_one_below_it(first: Layer) -> None:
    network = Network(GREY, (first, Conv2D(8, 3)))
    assert with_fitting_input(network, GREY).input_shape == (28, 28, 1)
    assert with_fitting_input(Network((28, 28, 1), (first,)), GREY).input_shape == GREY


@pytest.mark.parametrize("shape", [GREY, (28, 28, 1)])
@pytest.mark.parametrize(
    "layers",
    [(Flatten(), Dense(10, "softmax")), (Dense(4), Flatten(), Dense(10, "softmax")), (Dropout(0.1), Flatten())],
)
def test_that_a_project_that_works_opens_with_the_input_that_it_was_saved_with(
    shape: tuple[int, ...], layers: tuple[Layer, ...]
) -> None:
    project = Project("saved", Network(shape, layers))
    assert adapted(project, GREY, Target(10)).network == project.network


def test_that_a_project_gets_the_input_of_other_data() -> None:
    project = Project("table", Network((12,), (Flatten(), Dense(10, "softmax"))))
    for shape in ((12, 1), (9,), GREY, (28, 28, 3)):
        assert adapted(project, shape, Target(10)).network.input_shape == shape


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
