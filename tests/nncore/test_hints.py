"""Hints: each is given where it is right, what it offers removes it, and the ready projects are quiet."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.datasets import load_training_data
from nncore.editing.mends import Mend, mends
from nncore.hints import Hint, hints
from nncore.layers import (
    GRU,
    Activation,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    LeakyReLU,
    Reshape,
    Softmax,
)
from nncore.losses import LOSSES, Loss, MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import load_preset, preset_titles
from nncore.trace import trace
from nncore.types import Shape
from tests.nncore.networks import networks

SPARSE = "sparse_categorical_crossentropy"
NUMBERS = Target(lowest=-1.6, highest=2.5)


@dataclasses.dataclass(frozen=True)
class Case:
    """A network that can be trained, but not as it was meant."""

    name: str
    layers: tuple[Layer, ...]
    row: int
    sentence: str
    labels: tuple[str, ...]
    loss: str = SPARSE
    target: Target = dataclasses.field(default_factory=lambda: Target(10))
    shape: Shape = (8, 8)


def dense(activation: str, units: int = 10) -> Dense:
    return Dense(units, activation)


CASES = (
    Case("relu", (Flatten(), dense("relu"), Softmax()), 1, "throws away the negative scores", ("Use linear",)),
    Case(
        "relu before what passes on",
        (Flatten(), dense("relu"), Dropout(0.0), Flatten(), Activation("softmax")),
        1,
        "throws away the negative scores",
        ("Use linear",),
    ),
    Case(
        "relu as a layer",
        (Flatten(), dense("linear"), Activation("relu"), Softmax()),
        2,
        "throws away",
        ("Remove Activation",),
    ),
    Case("sigmoid", (Flatten(), dense("sigmoid"), Softmax()), 1, "no class more than 23%", ("Use linear",)),
    Case("tanh", (Flatten(), dense("tanh"), Softmax()), 1, "no class more than 45%", ("Use linear",)),
    Case("softmax twice", (Flatten(), dense("softmax"), Softmax()), 1, "no class more than 23%", ("Use linear",)),
    Case(
        "relu before sigmoid",
        (dense("relu", 1), Activation("sigmoid")),
        0,
        "never says less than one half",
        ("Use linear",),
        "binary_crossentropy",
        Target(2),
        (2,),
    ),
    Case(
        "tanh before sigmoid",
        (dense("tanh", 1), Activation("sigmoid")),
        0,
        "stays from 27% to 73%",
        ("Use linear",),
        "binary_crossentropy",
        Target(2),
        (2,),
    ),
    Case(
        "two linear",
        (Flatten(), dense("linear", 64), dense("softmax")),
        1,
        "the two can learn no more than one",
        ("Use relu",),
    ),
    Case(
        "three linear",
        (dense("linear", 8), dense("linear", 8), dense("linear", 1)),
        0,
        "the 3 can learn no more than one",
        ("Use relu",),
        "mean_squared_error",
        NUMBERS,
        (4,),
    ),
    Case(
        "a softmax of one number inside",
        (Flatten(), dense("softmax", 1), dense("softmax")),
        1,
        "always 1",
        ("Use relu",),
    ),
    Case(
        "dropout at the output",
        (Flatten(), dense("softmax"), Dropout(0.2)),
        2,
        "strikes out parts of the answer",
        ("Remove Dropout", "Move it above Dense"),
    ),
    Case(
        "dropout on the scores",
        (Flatten(), dense("linear"), Dropout(0.2), Softmax()),
        2,
        "strikes out parts of the answer",
        ("Remove Dropout", "Move it above Dense"),
    ),
    Case("answers for themselves", (Flatten(), dense("sigmoid")), 1, "answered for itself", ("Use softmax",)),
    Case(
        "answers for themselves to a loss that never says no",
        (Flatten(), dense("sigmoid")),
        1,
        "answered for itself",
        ("Use softmax",),
        "kl_divergence",
    ),
    Case(
        "a yes or no to each class behind softmax",
        (Flatten(), dense("softmax")),
        2,
        "asks for a yes or no to each of the 10 classes, but softmax divides one whole among them",
        ("Use sparse categorical crossentropy",),
        "binary_crossentropy",
    ),
    Case(
        "the same at each step",
        (dense("linear", 53), Softmax()),
        2,
        "asks for a yes or no to each of the 53 classes",
        ("Use sparse categorical crossentropy",),
        "binary_crossentropy",
        Target(53, (16,)),
        (16, 4),
    ),
    *(
        Case(
            f"one number with {loss}",
            (dense("sigmoid", 1),),
            1,
            f"{loss.replace('_', ' ')} is made for one number for each class",
            ("Use binary crossentropy",),
            loss,
            Target(2),
            (2,),
        )
        for loss in ("categorical_crossentropy", "kl_divergence")
    ),
    Case(
        "relu for negative numbers",
        (dense("relu", 8), dense("relu", 1)),
        1,
        "nothing below 0, but the targets, as they are learned, go down to -1.6",
        ("Use linear",),
        "mean_squared_error",
        NUMBERS,
        (4,),
    ),
    Case(
        "tanh for large numbers",
        (dense("tanh", 1),),
        0,
        "nothing above 1, but the targets, as they are learned, go up to 2.5",
        ("Use linear",),
        "huber",
        Target(lowest=0.0, highest=2.5),
        (4,),
    ),
    Case(
        "a recurrent layer for large numbers",
        (GRU(1),),
        0,
        "nothing below -1",
        ("Append Dense with 1 unit",),
        "mean_squared_error",
        NUMBERS,
        (12, 1),
    ),
    Case(
        "squared error on classes",
        (Flatten(), dense("softmax")),
        2,
        "learns slowly on classes",
        ("Use sparse categorical crossentropy",),
        "mean_squared_error",
    ),
    Case(
        "squared error on yes and no",
        (dense("tanh", 8), dense("sigmoid", 1)),
        2,
        "learns slowly on classes",
        ("Use binary crossentropy",),
        "mean_squared_error",
        Target(2),
        (2,),
    ),
    Case(
        "squared error on separate answers",
        (Flatten(), dense("sigmoid")),
        2,
        "learns slowly on classes",
        ("Use sparse categorical crossentropy and softmax",),
        "mean_squared_error",
    ),
)


def found(network: Network, loss: Loss, target: Target | None, vocabulary: int = 0) -> dict[int, Hint]:
    return hints(network, trace(network, loss, target), loss, target, vocabulary)


def mended(network: Network, loss: Loss, mend: Mend) -> tuple[Network, Loss]:
    changed = network if mend.edit is None else mend.edit.apply(network)
    return changed, LOSSES.get(mend.loss).suggested() if mend.loss else loss


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_that_what_is_not_meant_gets_a_hint_and_each_mend_of_it_removes_it(case: Case) -> None:
    network, loss = Network(case.shape, case.layers), LOSSES.get(case.loss).suggested()
    assert not trace(network, loss, case.target).problems
    told = found(network, loss, case.target)
    assert list(told) == [case.row]
    hint = told[case.row]
    assert case.sentence in hint.words.sentence
    assert hint.words.sentence.endswith(".")
    assert hint.words.remedy.endswith(".")
    assert tuple(mend.label for mend in hint.mends) == case.labels
    for mend in hint.mends:
        changed, other = mended(network, loss, mend)
        assert not trace(changed, other, case.target).problems
        assert not found(changed, other, case.target)


@pytest.mark.parametrize("name", [name for name, _, _ in preset_titles()])
def test_that_a_ready_project_gets_no_hint(name: str) -> None:
    project = load_preset(name)
    chosen, loss = project.data, project.training.loss
    data = load_training_data(
        chosen.source,
        validation_split=project.training.validation_split,
        target_column=chosen.target_column,
        scaling=chosen.scaling,
        task=chosen.task,
    )
    vocabulary = len(data.data.vocabulary)
    assert not found(project.network, loss, data.target, vocabulary)
    assert not found(project.network, loss, None, vocabulary)


@pytest.mark.parametrize(
    ("layers", "target", "row", "label"),
    [
        ((dense("softmax", 2),), Target(2), 0, "Insert Embedding and Flatten above"),
        ((Dropout(0.1), dense("softmax", 2)), Target(2), 1, "Insert Embedding and Flatten above"),
        ((Flatten(), dense("softmax", 2)), Target(2), 1, "Insert Embedding above"),
        ((Reshape((16, 1)), GRU(8), dense("softmax", 2)), Target(2), 1, ""),
        ((Reshape((16, 1)), dense("softmax", 53)), Target(53, (16,)), 1, ""),
    ],
)
def test_that_numbers_of_words_are_to_be_embedded(
    layers: tuple[Layer, ...], target: Target, row: int, label: str
) -> None:
    network, loss = Network((16,), layers), LOSSES.get(SPARSE).suggested()
    assert not trace(network, loss, target).problems
    assert not found(network, loss, target)
    assert not found(network, loss, target, 2), "yes and no are amounts"
    assert not found(network, loss, None, 53)
    hint = found(network, loss, target, 53)[row]
    assert "stands for a word or a character" in hint.words.sentence
    assert [mend.label for mend in hint.mends] == ([label] if label else [])
    for mend in hint.mends:
        changed, _ = mended(network, loss, mend)
        assert changed.layers[0] == Embedding(53, 16)
        assert not trace(changed, loss, target).problems
        assert not found(changed, loss, target, 53)
        assert mend.edit is not None
        assert mend.edit.inverse().apply(changed) == network


@pytest.mark.parametrize("known", [1, 52])
def test_that_an_embedding_is_to_have_the_vocabulary_of_the_data(known: int) -> None:
    loss, target = LOSSES.get(SPARSE).suggested(), Target(2)
    network = Network((16,), (Embedding(known, 4), Flatten(), dense("softmax", 2)))
    hint = found(network, loss, target, 53)[0]
    assert hint.words.sentence == f"The vocabulary of the data has 53 entries, but Embedding has only {known}."
    (mend,) = hint.mends
    changed, _ = mended(network, loss, mend)
    assert changed.layers[0] == Embedding(53, 4)
    assert not found(changed, loss, target, 53)


@pytest.mark.parametrize("vocabulary", [0, 53])
def test_that_an_embedding_that_is_offered_has_the_vocabulary_of_the_data(vocabulary: int) -> None:
    loss, suggested = LOSSES.get(SPARSE).suggested(), Embedding.suggested()
    expected = suggested.replace(input_dim=vocabulary) if vocabulary else suggested
    for network, target in ((Network((40,)), Target(53, (40,))), (Network((40,), (GRU(2), Dense(2))), Target(2))):
        labels = [mend for mend in mends(network, loss, target, vocabulary=vocabulary)[0] if "Embedding" in mend.label]
        (edit,) = [mend.edit for mend in labels]
        assert edit is not None
        assert edit.apply(network).layers[0] == expected


@pytest.mark.parametrize(
    ("shape", "layers", "loss", "target"),
    [
        ((8, 8), (Flatten(), dense("relu", 64), Dropout(0.5), dense("softmax")), SPARSE, Target(10)),
        ((8, 8), (Flatten(), dense("relu", 64), dense("linear"), Softmax()), SPARSE, Target(10)),
        ((8, 8), (Flatten(), dense("softmax"), Dropout(0.0)), SPARSE, Target(10)),
        (
            (8, 8, 1),
            (Conv2D(10, 3, activation="relu"), Dropout(0.5), GlobalAveragePooling2D(), Softmax()),
            SPARSE,
            Target(10),
        ),
        (
            (9,),
            (dense("linear", 2), dense("linear", 9)),
            "mean_squared_error",
            Target(0, (9,), lowest=-2.0, highest=2.0),
        ),
        ((9,), (dense("linear", 8), LeakyReLU(), dense("linear", 1)), "mean_squared_error", NUMBERS),
        ((9,), (dense("linear", 8).replace(disabled=True), dense("linear", 1)), "mean_squared_error", NUMBERS),
        ((9,), (dense("relu", 8), dense("relu", 1)), "mean_squared_error", Target(lowest=0.0, highest=3.0)),
        ((9,), (dense("relu", 8), dense("relu", 1)), "mean_squared_error", Target()),
        ((9,), (dense("sigmoid", 3),), "binary_crossentropy", Target(3)),
        ((9,), (dense("softmax", 2),), "binary_crossentropy", Target(2)),
        ((9,), (dense("softmax", 9),), "binary_crossentropy", Target(0, (9,), unit_interval=True)),
        ((9,), (dense("softmax", 3),), "categorical_crossentropy", Target(3)),
        ((9,), (dense("softmax", 3),), "kl_divergence", Target(3)),
        ((9,), (dense("sigmoid", 9),), "kl_divergence", Target(0, (9,), unit_interval=True)),
        ((9,), (dense("linear", 3),), "mean_squared_error", Target(3)),
    ],
)
def test_that_what_may_be_meant_gets_no_hint(
    shape: Shape, layers: tuple[Layer, ...], loss: str, target: Target
) -> None:
    network, chosen = Network(shape, layers), LOSSES.get(loss).suggested()
    assert not trace(network, chosen, target).problems
    assert not found(network, chosen, target)


def test_that_a_network_that_is_being_built_gets_no_hint_for_its_output() -> None:
    network = Network((8, 8), (Flatten(), dense("relu", 64), Dropout(0.5)))
    assert trace(network, SparseCategoricalCrossentropy(), Target(10)).problems
    assert not found(network, SparseCategoricalCrossentropy(), Target(10))


def test_that_the_only_layer_is_not_to_be_removed() -> None:
    network, target = Network((4,), (Activation("relu"),)), Target(0, (4,), lowest=-3.0, highest=3.0)
    assert found(network, MeanSquaredError(), target)[0].mends == ()


def test_that_a_row_with_a_problem_gets_no_hint_besides() -> None:
    network = Network((5,), (Conv2D(4, 3, activation="relu"), Dense(8), Dense(1)))
    traced = trace(network, MeanSquaredError(), NUMBERS)
    assert traced.rows[0].problem is not None
    assert not hints(network, traced, MeanSquaredError(), NUMBERS)


@given(networks(), st.sampled_from(["mean_squared_error", SPARSE, "categorical_crossentropy"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_that_no_mend_of_a_hint_breaks_a_network(network: Network, loss_name: str, classes: bool) -> None:
    loss = LOSSES.get(loss_name).suggested()
    output = trace(network).output_shape
    assert output is not None
    target = Target(output[-1], output[:-1]) if classes and output else Target(0, output, lowest=-3.0, highest=3.0)
    before = len(trace(network, loss, target).problems)
    told = list(found(network, loss, target).values())
    for hint in told:
        for mend in hint.mends:
            changed, other = mended(network, loss, mend)
            assert len(trace(changed, other, target).problems) <= before
            # An equal layer beside it has an equal hint when it comes to stand there, or, at the output, a new one.
            left = list(found(changed, other, target).values())
            words = [one.words for one in left].count(hint.words), [one.words for one in told].count(hint.words)
            assert left.count(hint) < told.count(hint) or words[0] < words[1]


@pytest.mark.parametrize("between", [(), (Dropout(0.2),), (Flatten(),)])
def test_that_other_units_in_front_of_a_softmax_come_without_an_activation(between: tuple[Layer, ...]) -> None:
    network = Network((8, 8), (Flatten(), dense("relu", 3), *between, Softmax()))
    (offered, *_) = mends(network, SparseCategoricalCrossentropy(), Target(10))[len(network)]
    assert offered.label == "Set units to 10 with linear"
    assert offered.edit is not None
    changed = offered.edit.apply(network)
    assert changed.layers[1] == dense("linear")
    assert not trace(changed, SparseCategoricalCrossentropy(), Target(10)).problems


def test_that_other_units_in_front_of_a_softmax_keep_no_activation() -> None:
    network = Network((8, 8), (Flatten(), dense("linear", 3), Softmax()))
    labels = [mend.label for mend in mends(network, SparseCategoricalCrossentropy(), Target(10))[len(network)]]
    assert labels[0] == "Set units to 10"
