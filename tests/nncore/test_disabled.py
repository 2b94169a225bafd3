"""A layer that is switched off: the network works as if it were not there, but it keeps its place and its settings."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.drawing import arrange
from nncore.editing.edits import Insert, Move, Remove, Replace, Several
from nncore.editing.mends import Mend, mends
from nncore.errors import InputError
from nncore.events import Failed, StepDone
from nncore.export import EXPORTERS, export
from nncore.fields import from_json
from nncore.layers import (
    LAYERS,
    LSTM,
    Activation,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    Layer,
    Reshape,
)
from nncore.losses import MeanSquaredError, Problem, SparseCategoricalCrossentropy, Target
from nncore.models import Sequential
from nncore.network import Network, check_inputs, last_activation
from nncore.optimizers import SGD
from nncore.plan import Bound, Plan, initial_parameters, layout, tensors
from nncore.predictor import Predictor
from nncore.project import Project, TrainingSettings, adapted
from nncore.project_file import load_file, save_project
from nncore.session import Session, start_or_continue
from nncore.snapshot import Snapshot
from nncore.trace import Row, trace
from nncore.training.fingerprint import can_continue
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.examples import class_data, class_settings, finish
from tests.nncore.harness import QUICK
from tests.nncore.networks import networks, targets
from tests.nncore.test_network import LOSS, NETWORKS, TARGETS

ANY_LAYER = st.one_of([harness.declared(cls) for cls in LAYERS])
OFF = ANY_LAYER.map(lambda layer: layer.replace(disabled=True))
SPARSE = SparseCategoricalCrossentropy()
TRAINED = settings(QUICK, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
DENSE, DROPOUT, FLATTEN = (layer.replace(disabled=True) for layer in (Dense(7), Dropout(0.5), Flatten()))


@st.composite
def crowded(draw: st.DrawFn, among: st.SearchStrategy[Network]) -> Network:
    """Draw a network with disabled layers of any kind in it, also such as would not fit."""
    network = draw(among)
    layers = list(network.layers)
    for _ in range(draw(st.integers(1, 4))):
        layers.insert(draw(st.integers(0, len(layers))), draw(OFF))
    return Network(network.input_shape, tuple(layers))


def places(network: Network) -> list[int]:
    """Return where the layers stand that are not disabled."""
    return [index for index, layer in enumerate(network.layers) if not layer.disabled]


# --- What it computes -------------------------------------------------------------------------------------------


@TRAINED
@given(crowded(networks(5)))
def test_that_a_network_computes_and_learns_as_if_disabled_layers_were_not_there(network: Network) -> None:
    bare = network.without_disabled()
    parameters = initial_parameters(network, 5)
    np.testing.assert_array_equal(parameters, initial_parameters(bare, 5))
    x = harness.samples(bare, 12, np.random.default_rng(3)).astype(np.float32)
    for training in (False, True):
        one, other = (computed(each, parameters, x[:4], training) for each in (network, bare))
        for mine, theirs in zip(one, other, strict=True):
            np.testing.assert_array_equal(mine, theirs)
    one_course, other_course = learned(network, x), learned(bare, x)
    for mine, theirs in zip(one_course, other_course, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def computed(network: Network, parameters: Array, x: Array, training: bool) -> tuple[Array, ...]:
    """Return output, loss, gradients, the gradient of the input and all parameters after one batch."""
    plan = Plan(network, parameters.copy(), 4, loss=MeanSquaredError(), training=training, rng=np.random.default_rng(7))
    bound = Bound(plan, 4, input_gradient=training)
    bound.x[...] = x
    bound.target[...] = 0.25
    with np.errstate(all="ignore"):
        bound.forward()
        loss = bound.loss_value()
        if training:
            bound.backward()
    dx = np.zeros(0) if bound.dx is None else bound.dx.copy()
    return bound.output.copy(), np.array(loss), plan.gradients.copy(), dx, plan.parameters.copy()


def learned(network: Network, x: Array) -> tuple[Array, ...]:
    """Return the weights and losses after three steps, the last of them a short one, and what is predicted then."""
    y = targets(network, len(x))
    data = TrainingData(Data("random", TABLE, x, y, Target(0, y.shape[1:])), Samples(x, y), None, None, Scaling())
    chosen = TrainingSettings(
        loss=MeanSquaredError(), optimizer=SGD(1e-4, clipnorm=1.0), metric="mae", batch_size=5, epochs=1
    )
    session = Session(network, chosen, data)
    events = list(session.run())
    assert not any(isinstance(event, Failed) for event in events)
    assert sum(isinstance(event, StepDone) for event in events) == 3
    predicted = Predictor.of(session.snapshot).predict(x)
    return session.parameters, session.history.step_loss.values(), predicted


def test_that_a_loss_takes_over_the_activation_before_a_disabled_layer() -> None:
    network = Network((4,), (Dense(3, "softmax"), DENSE, DROPOUT))
    parameters = initial_parameters(network, 0)
    assert Plan(network, parameters, 2, loss=SPARSE).fused
    assert not Plan(Network((4,), (Dense(3, "softmax"), Dropout(0.5))), parameters, 2, loss=SPARSE).fused
    assert last_activation(network) == "softmax"
    assert last_activation(Network((4,), (Dense(3, "tanh"), Activation("softmax", disabled=True)))) == "tanh"


def test_that_a_mask_passes_a_disabled_layer_that_would_end_it() -> None:
    for between in ((), (Flatten(disabled=True),), (LSTM(2, disabled=True),)):
        network = Network((4,), (Embedding(5, 3, mask_zero=True), *between, GlobalAveragePooling1D()))
        bound = Plan(network, initial_parameters(network, 1), 1).bind(1)
        outputs = []
        for tail in (0, 3):
            bound.x[...] = [[1, 2, tail, 0]]
            bound.forward()
            outputs.append(bound.output.copy())
        table = initial_parameters(network, 1).reshape(5, 3)
        np.testing.assert_allclose(outputs[0][0], table[[1, 2]].mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(outputs[1][0], table[[1, 2, 3]].mean(axis=0), rtol=1e-6)


def test_that_samples_are_checked_by_the_first_layer_that_is_not_disabled() -> None:
    network = Network((2,), (DROPOUT, DENSE, Embedding(5, 3), Flatten(), Dense(2, "softmax")))
    assert not trace(network, SPARSE, Target(2)).problems
    with pytest.raises(InputError, match="holds 9"):
        check_inputs(network, np.array([[1, 9]], np.float32))
    check_inputs(Network((2,), (Embedding(5, 3, disabled=True), Dense(1))), np.array([[-3, 0.5]], np.float32))


def test_that_an_operation_of_a_disabled_layer_moves_nothing() -> None:
    network = Network((4,), (Dense(3), DENSE, Dense(2)))
    bound = Plan(network, initial_parameters(network, 0), 5, loss=MeanSquaredError(), training=True).bind(5)
    assert bound.ops[1].y is bound.ops[0].y
    assert bound.ops[1].dy is bound.ops[0].dy


# --- What is told of it -----------------------------------------------------------------------------------------


@QUICK
@given(crowded(NETWORKS) | crowded(networks(4)), LOSS, TARGETS)
def test_that_the_trace_tells_the_same_of_all_other_layers(network: Network, loss: object, target: Target) -> None:
    found = trace(network, loss, target)  # type: ignore[arg-type]
    bare = trace(network.without_disabled(), loss, target)  # type: ignore[arg-type]
    others = places(network)
    for row in found.rows:
        if row.index not in others:
            shape = found.rows[row.index - 1].output_shape if row.index else network.input_shape
            assert row == Row(row.index, shape, shape, disabled=True)
    if not others:
        assert found.problems
        return
    for row, same in zip((found.rows[index] for index in others), bare.rows, strict=True):
        problem = None if same.problem is None else row.problem
        assert (row.problem is None) == (same.problem is None)
        assert dataclasses.replace(row, index=same.index, problem=problem) == dataclasses.replace(same, problem=problem)
    assert (found.parameters, found.multiply_adds) == (bare.parameters, bare.multiply_adds)
    assert found.output_shape == bare.output_shape
    assert (found.loss_problem is None) == (bare.loss_problem is None)
    assert len(found.problems) == len(bare.problems)


def test_that_a_disabled_layer_that_would_not_fit_is_no_problem() -> None:
    network = Network((4,), (Conv2D(3, 3, disabled=True), LSTM(3, disabled=True), Dense(3, "softmax")))
    assert not trace(network, SPARSE, Target(3)).problems
    assert trace(Network((4,), (Conv2D(3, 3), network.layers[2])), SPARSE, Target(3)).problems
    huge = Network((1000,), (Dense(1_000_000, disabled=True), Dense(10, "softmax")))
    assert not trace(huge, SPARSE, Target(10)).problems
    assert huge.count_params() == 10_010


def test_that_the_row_of_a_disabled_layer_below_a_misfit_has_no_shape() -> None:
    found = trace(Network((), (Dense(3), DENSE)))
    assert found.rows[1] == Row(1, None, None, disabled=True)


def test_that_a_network_of_disabled_layers_only_is_told_to_enable_one() -> None:
    network = Network((4,), (DENSE, Dense(3, "softmax", disabled=True)))
    (problem,) = trace(network, SPARSE, Target(3)).problems
    assert problem == Problem("All layers of the network are disabled.", "Enable one of them, or insert another.")
    with pytest.raises(InputError, match="All layers of the network are disabled"):
        Session(network, class_settings(), class_data())
    x = np.ones((3, 4), np.float32)
    np.testing.assert_array_equal(Predictor(network, initial_parameters(network, 0)).predict(x), x)


def test_that_names_stay_when_a_layer_is_disabled() -> None:
    layers = (Dense(1), Dense(2), Dense(3, name="head"), Dense(4))
    names = ["dense", "dense_1", "head", "dense_2"]
    for place in range(4):
        off = tuple(layer.replace(disabled=index == place) for index, layer in enumerate(layers))
        assert Network((4,), off).names() == names


def test_that_the_tensors_keep_the_position_in_the_whole_list() -> None:
    network = Network((4,), (DENSE, Dense(3), DROPOUT, Dense(2)))
    named = tensors(network, initial_parameters(network, 0))
    assert list(named) == ["layers.1.kernel", "layers.1.bias", "layers.3.kernel", "layers.3.bias"]


def test_that_what_breaks_is_told_with_the_position_in_the_whole_list() -> None:
    network = Network((4,), (DENSE, Dense(8, "tanh"), DROPOUT, Dense(3, "softmax")))
    trained = Session(network, class_settings(), class_data())
    (slot,) = [slot for slot in layout(network) if slot.key == "layers.3.bias"]
    for event in trained.run():
        if isinstance(event, StepDone) and event.step == 1:
            slot.view(trained.parameters)[0] = np.nan
    assert isinstance(event, Failed)
    assert "first in the bias of layer 4 (Dense)" in event.sentence


def test_that_an_overflow_is_told_of_the_layer_and_not_of_the_disabled_one_behind_it() -> None:
    boom = Dense(3, "exponential", kernel_initializer="ones")
    network = Network((4,), (DENSE, boom, DROPOUT, Dense(3, "softmax")))
    data = class_data()
    large = TrainingData(data.data, Samples(abs(data.train.x) * 1e4, data.train.y), None, None, data.scaling)
    failed = finish(Session(network, class_settings(), large))[-1]
    assert isinstance(failed, Failed)
    assert "first in the output of layer 2 (Dense)" in failed.sentence


def test_that_data_are_fitted_to_the_first_layer_that_is_not_disabled() -> None:
    project = Project("test", Network((8, 8, 1), (FLATTEN, Conv2D(2, 3), Flatten(), Dense(3, "softmax"))))
    assert adapted(project, (8, 8), Target(3)).network.input_shape == (8, 8, 1)


# --- What is offered --------------------------------------------------------------------------------------------


@QUICK
@given(crowded(networks(3)), LOSS, TARGETS)
def test_that_mends_change_disabled_layers_by_enabling_them_only(
    network: Network, loss: object, target: Target
) -> None:
    bare = network.without_disabled()
    named = Network(network.input_shape, tuple(_with_name(network)))
    found = mends(named, loss, target)  # type: ignore[arg-type]
    for offered in found.values():
        for mend in offered:
            for edit in mend.edit.edits if isinstance(mend.edit, Several) else [mend.edit]:
                if isinstance(edit, Replace):
                    assert not edit.old.disabled or edit.new == edit.old.replace(disabled=False)
                assert not (isinstance(edit, Remove) and edit.layer.disabled)
                assert not (isinstance(edit, Move) and named.layers[edit.source].disabled)
    if not bare.layers:
        return
    positions = [*places(network), len(network)]
    others = {
        index: [mend.label for mend in offered if "Enable " not in mend.label] for index, offered in found.items()
    }
    same = mends(bare, loss, target)  # type: ignore[arg-type]
    assert {index: labels for index, labels in others.items() if labels} == {
        positions[index]: [mend.label for mend in offered] for index, offered in same.items()
    }


def _with_name(network: Network) -> list[Layer]:
    """Return the layers, the disabled ones with names that give no other layer another default name."""
    return [layer.replace(name=f"off {at}") if layer.disabled else layer for at, layer in enumerate(network.layers)]


def test_that_enabling_is_offered_where_it_helps() -> None:
    images = Network((28, 28), (Flatten(disabled=True, name="rows"), Dense(10, "softmax")))
    enable = Mend("Enable layer 1, rows (Flatten)", Replace(0, images.layers[0], Flatten(name="rows")))
    assert mends(images, SPARSE, Target(10)) == {1: [enable, Mend("Insert Flatten above", Insert(1, Flatten()))]}
    last = Network((4,), (Dense(8), Dense(3, "softmax", disabled=True)))
    assert mends(last, SPARSE, Target(3))[2][0].label == "Enable layer 2 (Dense)"
    useless = Network((4,), (Dropout(0.1, disabled=True), Dense(8, "softmax")))
    assert not any("Enable" in mend.label for mend in mends(useless, SPARSE, Target(3))[2])


def test_that_enabling_all_is_offered_where_one_is_not_enough() -> None:
    layers = (Flatten(), Dense(8, "relu"), Dense(3, "softmax"))
    network = Network((2, 2), tuple(layer.replace(disabled=True) for layer in layers))
    offered = mends(network, SPARSE, Target(3))[3]
    (wanted,) = [mend for mend in offered if mend.label == "Enable all 3 disabled layers"]
    assert wanted.edit is not None
    assert wanted.edit.apply(network) == Network((2, 2), layers)
    assert wanted.edit.inverse().apply(Network((2, 2), layers)) == network


def test_that_advice_looks_through_disabled_layers_and_not_at_them() -> None:
    network = Network((6, 2), (LSTM(4), LSTM(5, disabled=True), LSTM(3), Dense(3, "softmax")))
    (problem,) = trace(network, SPARSE, Target(3)).problems
    assert problem.remedy == "Switch return_sequences on in layer 1 (LSTM)."
    assert "Switch return sequences on in layer 1 (LSTM)" in [
        mend.label for mend in mends(network, SPARSE, Target(3))[2]
    ]
    steps = Network((6, 2), (LSTM(4, return_sequences=True), LSTM(5, disabled=True), Dense(3, "softmax")))
    assert "Switch return sequences off in layer 1 (LSTM)" in [
        mend.label for mend in mends(steps, SPARSE, Target(3))[2]
    ]
    removed = Network((4, 1), (Flatten(), Reshape((2, 2), disabled=True), LSTM(3), Dense(3, "softmax")))
    labels = [mend.label for mend in mends(removed, SPARSE, Target(3))[2]]
    assert labels[:2] == ["Enable layer 2 (Reshape)", "Remove Flatten above"]


def test_that_a_network_with_disabled_layers_is_drawn() -> None:
    network = Network((4,), (Conv2D(3, 3, disabled=True), Dense(8, "relu"), DENSE, FLATTEN, Dense(3, "softmax")))
    drawing = arrange(network, trace(network))
    titles = [node.title for node in drawing.nodes]
    assert titles == [("Input",), *((layer.type_name,) for layer in network.layers)]
    assert {place for place, _, _ in drawing.weights()} <= {1, 4}
    grey = [node for node, layer in zip(drawing.nodes[1:], network.layers, strict=True) if layer.disabled]
    assert all(node.family == "" and "disabled" in node.notes for node in grey)
    assert all("disabled" not in node.notes and node.family for node in drawing.nodes[1:] if node not in grey)


# --- Files and trainings ----------------------------------------------------------------------------------------


@QUICK
@given(crowded(NETWORKS))
def test_that_json_keeps_disabled_layers(network: Network) -> None:
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network


def test_that_json_says_only_what_is_disabled() -> None:
    assert "disabled" not in Dense(3).to_json()
    assert DENSE.to_json()["disabled"] is True
    assert from_json(Layer, {**Dense(3).to_json(), "disabled": False}) == Dense(3)
    with pytest.raises(InputError, match="disabled must be true or false"):
        from_json(Layer, {**Dense(3).to_json(), "disabled": "yes"})


def test_that_a_trained_project_survives_its_file(tmp_path: Path) -> None:
    network = Network((4,), (DENSE, Dense(8, "tanh"), Conv2D(2, 3, disabled=True), Dense(3, "softmax")))
    trained = Session(network, class_settings(epochs=1), class_data())
    finish(trained)
    save_project(tmp_path / "project.nnw", Project("test", network), trained.checkpoint())
    loaded = load_file(tmp_path / "project.nnw")
    assert loaded.project.network == network
    assert loaded.checkpoint is not None
    np.testing.assert_array_equal(loaded.checkpoint.snapshot.parameters, trained.parameters)


def test_that_a_training_goes_on_only_with_the_same_layers_enabled() -> None:
    on = Network((4,), (Dense(8, "tanh"), Dropout(0.3), Dense(3, "softmax")))
    off = Network((4,), (on.layers[0], on.layers[1].replace(disabled=True), on.layers[2]))
    for one, other in ((on, off), (off, on)):
        trained = Session(one, class_settings(epochs=1), class_data())
        finish(trained)
        checkpoint = trained.checkpoint()
        changed = Session(other, class_settings(epochs=1), class_data())
        assert can_continue(checkpoint, trained.fingerprint())
        assert not can_continue(checkpoint, changed.fingerprint())
        assert start_or_continue(one, class_settings(epochs=2), class_data(), checkpoint).step == trained.step
        assert start_or_continue(other, class_settings(epochs=2), class_data(), checkpoint).step == 0
        with pytest.raises(InputError, match="cannot go on"):
            Session(other, class_settings(epochs=2), class_data(), checkpoint=checkpoint)


@pytest.mark.parametrize("name", EXPORTERS.names())
def test_that_an_export_is_that_of_the_network_without_the_layer(name: str, tmp_path: Path) -> None:
    network = Network((3, 4), (DENSE, Flatten(), Dense(5, "relu"), DROPOUT, Dense(2)))
    parameters = initial_parameters(network, 3)
    for each in (network, network.without_disabled()):
        export(Snapshot.of(each, parameters, 1, 1.0), name, tmp_path / str(len(each)))
    read = EXPORTERS.get(name).read
    one, other = read(tmp_path / "5"), read(tmp_path / "3")
    assert list(one) == list(other)
    assert all(one[key].tobytes() == other[key].tobytes() for key in one)
    if name == "safetensors":
        assert (tmp_path / "5").read_bytes() == (tmp_path / "3").read_bytes()


# --- In scripts -------------------------------------------------------------------------------------------------


def test_that_a_model_says_in_its_summary_what_is_disabled(capsys: pytest.CaptureFixture[str]) -> None:
    model = Sequential([Flatten(input_shape=(2, 2), disabled=True), Dense(3), DENSE, Flatten(), Dense(2)])
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:4] for line in lines if "disabled" in line] == [
        ["flatten", "(Flatten,", "disabled)", "2"],
        ["dense_1", "(Dense,", "disabled)", "2"],
    ]
    assert model.count_params() == 2 * 3 + 3 + 6 * 2 + 2
    assert [weight.shape for weight in model.get_weights()] == [(2, 3), (3,), (6, 2), (2,)]
    assert model.layers[2].get_weights() == []
    assert model.layers[2].output_shape == (2, 3)


def test_that_a_model_with_a_disabled_layer_learns() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 4)).astype(np.float32), rng.integers(0, 3, 40)
    model = Sequential([DENSE, Conv2D(2, 3, disabled=True), Dense(3, "softmax"), DROPOUT])
    model.compile("sgd", "sparse_categorical_crossentropy")
    history = model.fit(x, y, epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert model.predict(x, verbose=0).shape == (40, 3)
