"""The network as a value: edits and their inverses, the trace and the mends it offers."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.editing.edits import Insert, Move, Remove, Replace
from nncore.editing.mends import Mend, mends
from nncore.errors import DataError, InputError, ShapeError
from nncore.layers import LAYERS, Activation, Conv2D, Dense, Dropout, Embedding, Flatten, Layer, Reshape
from nncore.losses import (
    LOSSES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Hinge,
    KLDivergence,
    Loss,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    Target,
)
from nncore.network import PARAMETER_LIMIT, Network, check_inputs, last_activation, shape_text, snake_case
from nncore.plan import Plan
from nncore.trace import Trace, trace
from nncore.types import Shape
from tests.nncore import harness
from tests.nncore.harness import QUICK
from tests.nncore.networks import networks

ANY_LAYER = st.one_of([harness.declared(cls) for cls in LAYERS])
SHAPES = st.lists(st.integers(1, 40), min_size=1, max_size=4).map(tuple)
HUGE_SHAPES = st.lists(st.integers(1, 10**9), max_size=32).map(tuple)
NETWORKS = st.builds(Network, SHAPES, st.lists(ANY_LAYER, max_size=6).map(tuple))
LOSS = st.sampled_from([variant for cls in LOSSES for variant in harness.variants(cls)])
TARGETS = st.one_of(
    st.builds(Target, st.integers(2, 12)),
    st.builds(Target, st.just(0), st.lists(st.integers(1, 6), max_size=3).map(tuple)),
    st.builds(Target, st.just(0), HUGE_SHAPES),
)
IMAGE = Network((28, 28), (Flatten(), Dense(128, "relu"), Dropout(0.2), Dense(10, "softmax")))
SPARSE = SparseCategoricalCrossentropy()


# --- Edits ------------------------------------------------------------------------------------------------------


@QUICK
@given(NETWORKS, ANY_LAYER, st.data())
def test_that_an_edit_and_its_inverse_change_nothing(network: Network, layer: Layer, data: st.DataObject) -> None:
    edits: list[Insert | Remove | Move | Replace] = [Insert(data.draw(st.integers(0, len(network))), layer)]
    if network.layers:
        places = st.integers(0, len(network) - 1)
        edits.append(Move(data.draw(places), data.draw(places)))
        index = data.draw(places)
        edits.append(Remove(index, network.layers[index]))
        edits.append(Replace(index, network.layers[index], layer))
    for edit in edits:
        changed = edit.apply(network)
        assert edit.inverse().apply(changed) == network
        assert edit.inverse().inverse() == edit
        assert edit.inverse().inverse().apply(network) == changed


@QUICK
@given(NETWORKS, st.data())
def test_that_a_moved_layer_ends_at_its_target(network: Network, data: st.DataObject) -> None:
    if not network.layers:
        with pytest.raises(IndexError):
            Move(0, 0).apply(network)
        return
    places = st.integers(0, len(network) - 1)
    source, target = data.draw(places), data.draw(places)
    moved = Move(source, target).apply(network)
    assert moved.layers[target] is network.layers[source]
    others = [layer for index, layer in enumerate(network.layers) if index != source]
    assert [layer for index, layer in enumerate(moved.layers) if index != target] == others


def test_that_each_edit_does_what_it_says() -> None:
    a, b, c = Dense(1), Dense(2), Dense(3)
    network = Network((4,), (a, b))
    assert Insert(0, c).apply(network).layers == (c, a, b)
    assert Insert(2, c).apply(network).layers == (a, b, c)
    assert Remove(0, a).apply(network).layers == (b,)
    assert Move(0, 1).apply(network).layers == (b, a)
    assert Replace(1, b, c).apply(network).layers == (a, c)
    assert network.layers == (a, b)


@pytest.mark.parametrize(
    "edit", [Insert(4, Dense(1)), Insert(-1, Dense(1)), Remove(3, Dense(1)), Move(0, 3), Move(-1, 0), Move(3, 0)]
)
def test_that_a_position_outside_the_network_is_refused(edit: Insert | Remove | Move) -> None:
    with pytest.raises(IndexError, match="outside"):
        edit.apply(Network((4,), (Dense(1), Dense(2), Dense(3))))


@pytest.mark.parametrize("edit", [Remove(0, Dense(9)), Replace(0, Dense(9), Dense(2))])
def test_that_an_edit_of_a_layer_that_is_not_there_is_refused(edit: Remove | Replace) -> None:
    with pytest.raises(ValueError, match="position 0 holds"):
        edit.apply(Network((4,), (Dense(1),)))


# --- JSON and names ---------------------------------------------------------------------------------------------


@QUICK
@given(NETWORKS)
def test_that_json_restores_an_equal_network(network: Network) -> None:
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"layers": []},
        {"layers": {}, "input_shape": [3]},
        {"layers": [], "input_shape": [0]},
        {"layers": [], "input_shape": "3"},
        {"layers": [3], "input_shape": [3]},
        {"layers": [{"type": "Dense"}], "input_shape": [3]},
        {"layers": [{"type": "Dence", "units": 3}], "input_shape": [3]},
    ],
)
def test_that_json_of_something_else_is_an_input_error(data: object) -> None:
    with pytest.raises(InputError):
        Network.from_json(data)


def test_that_layers_are_named_like_in_keras() -> None:
    network = Network((4,), (Dense(1), Dropout(0.1), Dense(2), Dense(3, name="head"), Dense(4)))
    assert network.names() == ["dense", "dropout", "dense_1", "head", "dense_2"]
    assert snake_case("MaxPooling2D") == "max_pooling2d"
    assert snake_case("Conv1D") == "conv1d"
    assert len(network) == 5
    assert shape_text((28, 28, 1)) == "28 × 28 × 1"
    assert shape_text(None) == "?"


# --- The trace --------------------------------------------------------------------------------------------------


@QUICK
@given(st.builds(Network, HUGE_SHAPES, st.lists(ANY_LAYER, max_size=8).map(tuple)), LOSS, TARGETS, HUGE_SHAPES)
def test_that_the_trace_never_raises(network: Network, loss: Loss, target: Target, data_shape: Shape) -> None:
    for found in (trace(network), trace(network, loss, target), trace(network, loss, target, data_shape)):
        assert len(found.rows) == len(network)
        assert found.parameters <= PARAMETER_LIMIT
        for problem in found.problems:
            assert problem.sentence.endswith(".")
            assert problem.remedy.endswith(".")
    assert set(mends(network, loss, target)) <= set(range(len(network) + 1))


@QUICK
@given(networks(4), LOSS, TARGETS)
def test_that_a_trace_without_problems_can_be_trained(network: Network, loss: Loss, target: Target) -> None:
    if trace(network, loss, target).problems:
        return
    y = np.zeros(2, np.int64) if target.classes else np.zeros((2, *target.shape))
    plan = Plan(network, np.ones(network.count_params()), 2, loss=loss, training=True)
    bound = plan.bind(2)
    bound.x[...] = 0.5
    bound.target[...] = loss.encode(y, plan.output_shape, target.classes, plan.dtype)
    bound.forward()
    assert math.isfinite(bound.loss_value())
    bound.backward()
    assert np.isfinite(plan.gradients).all()


def test_that_the_trace_counts_parameters_and_work() -> None:
    found = trace(IMAGE, SPARSE, Target(10), (28, 28))
    assert [row.parameters for row in found.rows] == [0, 784 * 128 + 128, 0, 1290]
    assert [row.multiply_adds for row in found.rows] == [0, 784 * 128, 0, 1280]
    assert found.parameters == 101_770
    assert found.output_shape == (10,)
    assert not found.problems
    found.require()


def only_problem(found: Trace) -> str:
    """Return the sentence of the one problem there is."""
    (problem,) = found.problems
    return problem.sentence


def test_that_a_missing_flatten_is_told_at_the_layer_that_needs_it() -> None:
    network = Network((28, 28), (Dropout(0.2), Dense(64, "relu"), Dense(10, "softmax")))
    found = trace(network, SPARSE, Target(10))
    assert [row.index for row in found.rows if row.problem] == [1]
    assert "each of the 28 places separately" in only_problem(found)
    assert found.problems[0].remedy == "Insert Flatten above it."
    offered = mends(network, SPARSE, Target(10))
    assert offered == {1: [Mend("Insert Flatten above", Insert(1, Flatten()))]}


def test_that_wrong_units_are_told_with_both_numbers() -> None:
    network = Network((4,), (Dense(8, "relu"), Dense(7, "softmax")))
    found = trace(network, SPARSE, Target(3))
    assert found.loss_problem is not None
    assert only_problem(found) == "The output has 7 numbers, but 3 classes need 3 numbers."
    assert "3 units" in found.loss_problem.remedy
    labels = [mend.label for mend in mends(network, SPARSE, Target(3))[2]]
    assert "Set units to 3" in labels


def test_that_a_wrong_activation_is_told_with_the_one_that_helps() -> None:
    network = Network((4,), (Dense(3),))
    for loss, name in ((SPARSE, "softmax"), (CategoricalCrossentropy(), "softmax"), (BinaryCrossentropy(), "sigmoid")):
        found = trace(network, loss, Target(3))
        assert "but the last activation is linear" in only_problem(found)
        assert name in found.problems[0].remedy
        assert f"Use {name}" in [mend.label for mend in mends(network, loss, Target(3))[1]]


def test_that_logits_asked_for_after_a_softmax_are_a_problem() -> None:
    found = trace(Network((4,), (Dense(3, "softmax"),)), SparseCategoricalCrossentropy(from_logits=True), Target(3))
    assert "set to take logits" in only_problem(found)
    assert not trace(Network((4,), (Dense(3),)), SparseCategoricalCrossentropy(from_logits=True), Target(3)).problems


def test_that_a_loss_for_classes_is_a_problem_where_the_targets_are_numbers() -> None:
    network = Network((4,), (Dense(1),))
    found = trace(network, SPARSE, Target(0))
    assert "needs classes, but the targets of these data are numbers" in only_problem(found)
    assert Mend("Use mean squared error", None, "mean_squared_error") in mends(network, SPARSE, Target(0))[1]
    assert not trace(network, MeanSquaredError(), Target(0)).problems


def test_that_a_billion_parameters_are_refused_before_memory_is_taken() -> None:
    found = trace(Network((1000,), (Dense(1_000_000), Dense(10))), SPARSE, Target(10))
    assert "Dense would need 1,001,000,000 numbers; at most 200,000,000" in only_problem(found)
    assert found.rows[0].output_shape is None
    assert found.rows[1].input_shape is None
    with pytest.raises(InputError, match="1,001,000,000"):
        found.require()


def test_that_many_middling_layers_together_are_refused_too() -> None:
    found = trace(Network((10_000,), (Dense(10_000), Dense(10_000), Dense(10_000))))
    assert [row.problem is None for row in found.rows] == [True, False, True]


def test_that_an_empty_network_is_told_to_get_a_layer() -> None:
    found = trace(Network((4,)), SPARSE, Target(3))
    assert only_problem(found) == "The network has no layers yet."
    assert found.loss_problem is not None
    assert found.loss_problem.remedy == "Add a layer, for example Dense."  # the palette may be folded away


@pytest.mark.parametrize(
    ("shape", "target", "loss", "label"),
    [
        ((4,), Target(3), SPARSE, "Add Dense with 3 units"),
        ((4,), Target(), MeanSquaredError(), "Add Dense with 1 unit"),
        ((28, 28), Target(10), SPARSE, "Add Flatten and Dense with 10 units"),
        ((12, 1), Target(), MeanSquaredError(), "Add Flatten and Dense with 1 unit"),
        ((28, 28), Target(shape=(28, 28)), MeanSquaredError(), "Add Dense with 28 units"),
        ((20, 1), Target(2, (20,)), SPARSE, "Add Dense with 2 units"),
        ((40,), Target(53, (40,)), SPARSE, "Add Embedding and Dense with 53 units"),
        ((2,), Target(2), BinaryCrossentropy(), "Add Dense with 2 units"),
    ],
)
def test_that_the_first_layers_that_are_offered_make_a_network_that_fits(
    shape: Shape, target: Target, loss: Loss, label: str
) -> None:
    network = Network(shape)
    (mend,) = mends(network, loss, target)[0]
    assert mend.label == label
    assert mend.edit is not None
    changed = mend.edit.apply(network)
    assert trace(changed, loss, target).problems == []
    assert mend.edit.inverse().apply(changed) == network


def test_that_numbers_that_stand_for_nothing_are_not_embedded_to_begin_with() -> None:
    assert mends(Network((40,)), SPARSE, Target(53, (40,)), tokens=False) == {}
    assert mends(Network((4,)), SPARSE, Target()) == {}  # no layers make numbers of class numbers


def test_that_data_of_another_shape_are_a_problem_of_the_input() -> None:
    found = trace(IMAGE, SPARSE, Target(10), (8, 8))
    assert found.input_problem is not None
    assert only_problem(found) == "The network expects samples of shape 28 × 28, but the data have 8 × 8."


def test_that_one_output_serves_two_classes() -> None:
    network = Network((2,), (Dense(1, "sigmoid"),))
    assert not trace(network, BinaryCrossentropy(), Target(2)).problems
    assert not trace(network, MeanSquaredError(), Target(2)).problems
    assert trace(network, SPARSE, Target(2)).problems
    assert trace(network, BinaryCrossentropy(), Target(3)).problems


def test_that_the_rows_after_a_misfit_have_no_shapes() -> None:
    network = Network((), (Dense(3), Dense(4)))
    found = trace(network)
    assert found.rows[0].problem is not None
    assert found.rows[1] == found.rows[1].__class__(1, None, None)
    with pytest.raises(ShapeError):
        network.shapes()


def test_that_the_last_activation_is_looked_for_through_layers_without_one() -> None:
    assert last_activation(Network((4,), (Dense(3, "softmax"), Dropout(0.1), Flatten()))) == "softmax"
    assert last_activation(Network((4,), (Dense(3, "softmax"), Dense(3)))) == "linear"
    assert last_activation(Network((4,), (Dense(3), Activation("tanh")))) == "tanh"
    assert last_activation(Network((4,), (Dropout(0.1),))) == "linear"


# --- Mends ------------------------------------------------------------------------------------------------------


@QUICK
@given(networks(4), LOSS, TARGETS)
def test_that_every_mend_offered_helps_and_brings_no_new_problem(network: Network, loss: Loss, target: Target) -> None:
    before = trace(network, loss, target)
    for index, offered in mends(network, loss, target).items():
        problem = before.loss_problem if index == len(network) else before.rows[index].problem
        assert problem is not None
        assert len({mend.label for mend in offered}) == len(offered)
        for mend in offered:
            changed = network if mend.edit is None else mend.edit.apply(network)
            other = LOSSES.get(mend.loss).suggested() if mend.loss else loss
            left = trace(changed, other, target).problems
            # What a layer got wrong may have hidden what the loss misses; then that comes to light instead.
            assert len(left) < len(before.problems) or (index < len(network) and len(left) == len(before.problems))
            assert problem not in left


@pytest.mark.parametrize(
    ("network", "loss", "target"),
    [
        (Network((28, 28), (Dense(10, "softmax"),)), SPARSE, Target(10)),
        (Network((4,), (Dense(7, "softmax"),)), SPARSE, Target(3)),
        (Network((4,), (Dense(3, "relu"),)), SPARSE, Target(3)),
        (Network((4,), (Dense(7),)), SPARSE, Target(3)),
        (Network((4,), (Dense(1, "sigmoid"),)), BinaryCrossentropy(), Target(3)),
        (Network((4,), (Dense(1),)), SPARSE, Target(0)),
        (Network((4,), (Dense(5),)), MeanSquaredError(), Target(0, (2,))),
        (Network((4,), (Dense(3),)), CategoricalCrossentropy(), Target(3)),
    ],
)
def test_that_each_common_mistake_has_a_mend(network: Network, loss: Loss, target: Target) -> None:
    assert any(mends(network, loss, target).values())


@QUICK
@given(networks(3), LOSS, TARGETS)
def test_that_at_most_two_other_losses_are_offered_and_they_suit_the_targets(
    network: Network, loss: Loss, target: Target
) -> None:
    for offered in mends(network, loss, target).values():
        losses = [mend.loss for mend in offered if mend.loss]
        assert len(losses) <= 2
        for name in losses:
            assert LOSSES.get(name).needs_classes == bool(target.classes)


def test_that_the_most_fitting_loss_is_offered() -> None:
    for layer, loss, target, wanted in (
        (Dense(3, "softmax"), Hinge(), Target(3), ["sparse_categorical_crossentropy"]),
        (Dense(2, "softmax"), Hinge(), Target(2), ["sparse_categorical_crossentropy", "binary_crossentropy"]),
        (Dense(1, "sigmoid"), Hinge(), Target(2), ["binary_crossentropy"]),
        (Dense(1), SPARSE, Target(0), ["mean_squared_error"]),
        (Dense(2), BinaryCrossentropy(), Target(0, (2,)), ["mean_squared_error"]),
    ):
        offered = mends(Network((4,), (layer,)), loss, target)[1]
        assert [mend.loss for mend in offered if mend.loss] == wanted


def test_that_shares_are_made_with_softmax_for_a_divergence() -> None:
    network = Network((4,), (Dense(8, "relu"), Dense(3)))
    offered = mends(network, KLDivergence(), Target(3))[2]
    assert offered == [Mend("Use softmax", Replace(1, Dense(3), Dense(3, "softmax")))]


def test_that_no_mend_is_offered_twice_for_the_same_network() -> None:
    network = Network((4,), (Dense(1, "softmax"),))
    offered = mends(network, BinaryCrossentropy(), Target(2))[1]
    assert [mend.label for mend in offered] == ["Use sigmoid", "Set units to 2"]
    assert len({mend.edit for mend in offered}) == len(offered)


def test_that_the_layer_that_makes_the_output_is_the_one_that_is_changed() -> None:
    network = Network((4,), (Dense(8, "relu"), Dense(7), Activation("softmax"), Dropout(0.1)))
    assert mends(network, SPARSE, Target(3))[4] == [Mend("Set units to 3", Replace(1, Dense(7), Dense(3)))]


def test_that_token_numbers_may_not_be_changed_before_they_are_looked_up() -> None:
    network = Network((4,), (Dropout(0.1), Embedding(9, 2), Flatten(), Dense(3, "softmax")))
    assert "layer 1 (Dropout) stands above it" in only_problem(trace(network, SPARSE, Target(3)))
    assert mends(network, SPARSE, Target(3)) == {1: [Mend("Move Embedding to the top", Move(1, 0))]}
    rearranged = Network((2, 2), (Flatten(), Reshape((4, 1)), Embedding(9, 2), Flatten(), Dense(3, "softmax")))
    assert not trace(rearranged, SPARSE, Target(3)).problems
    with pytest.raises(DataError, match="holds 9 at position 3, 1"):
        check_inputs(rearranged, np.array([[[0, 1], [9, 3]]], np.float32))
    check_inputs(rearranged, np.array([[[0, 1], [8, 3]]], np.float32))


def test_that_samples_without_a_number_are_a_problem_of_the_input() -> None:
    found = trace(Network((0, 2), (Flatten(), Dense(3, "softmax"))), SPARSE, Target(3), (0, 2))
    assert only_problem(found) == "Each sample has the shape 0 × 2, so there is no number in it."


def test_that_a_network_without_problems_needs_no_mend() -> None:
    assert mends(IMAGE, SPARSE, Target(10)) == {}


def test_that_a_layer_for_pictures_on_a_table_is_first_offered_to_be_taken_out() -> None:
    network = Network((4,), (Conv2D(8, 3), Dense(3, "softmax")))
    first, *_ = mends(network, SparseCategoricalCrossentropy(), Target(3))[0]
    assert first.label == "Remove Conv2D"
    pictures = Network((28, 28, 1), (Flatten(), Conv2D(8, 3), Flatten(), Dense(3, "softmax")))
    labels = [mend.label for mend in mends(pictures, SparseCategoricalCrossentropy(), Target(3))[1]]
    assert "Remove Conv2D" not in labels
