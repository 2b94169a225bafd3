"""The document changes by undoable edits only, and every one of them can be taken back exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.editing.clipboard import read_layers
from nncore.editing.edits import Insert, Move, Remove, Replace
from nncore.editing.mends import Mend
from nncore.layers import Activation, Dense, Dropout, Flatten
from nncore.losses import CategoricalCrossentropy, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.optimizers import SGD, Adam
from nncore.project import Change, DataSettings, Project, TrainingSettings
from workbench.commands import Command
from workbench.document import Document
from workbench.open_project import LONG


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def make_project() -> Project:
    layers = (Flatten(), Dense(16, "relu"), Dropout(0.25), Dense(10, "softmax"))
    training = TrainingSettings(loss=SparseCategoricalCrossentropy())
    return Project("test", Network((4, 4), layers), DataSettings(), training)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def document(qapp: QApplication, clock: Clock) -> Document:
    made = Document(make_project())
    made.clock = clock
    made.set_data_info(Target(10), (4, 4), "Squares", "90 train · 10 validation")
    return made


EDITS: dict[str, Callable[[Document], bool]] = {
    "Insert Activation": lambda document: document.insert(1, Activation("tanh")),
    "Remove Dropout": lambda document: document.remove(2),
    "Move Dense": lambda document: document.move(1, 3),
    "Duplicate Dense": lambda document: document.duplicate(1),
    "Set units to 128": lambda document: document.replace_layer(1, Dense(128, "relu")),
    "Set activation to tanh": lambda document: document.replace_layer(1, Dense(16, "tanh")),
    "Set bias to no": lambda document: document.replace_layer(1, Dense(16, "relu", use_bias=False)),
    "Disable Dropout": lambda document: document.set_disabled([2], True),
    "Disable 3 layers": lambda document: document.set_disabled([3, 0, 2, 0], True),
    'Rename Dense to "hidden"': lambda document: document.rename_layer(1, " hidden "),
    "Reset Dense": lambda document: document.reset_layer(1),
    "Insert 2 layers": lambda document: document.insert_layers(1, [Dense(3), Flatten()]),
    "Remove 2 layers": lambda document: document.remove_layers([0, 2]),
    "Move 2 layers": lambda document: document.move_layers([0, 1], 4),
    "Duplicate 2 layers": lambda document: document.duplicate_layers([1, 3]),
    "Paste 2 layers": lambda document: document.paste(2, read_layers("Dense(3)\nFlatten()")),
    "Change Dense to Flatten": lambda document: document.replace_layer(1, Flatten()),
    "Change Dense": lambda document: document.replace_layer(1, Dense(3, "tanh")),
    "Set data set to iris": lambda document: document.set_data(DataSettings(source="iris"), (4,)),
    "Fit the input to the data": lambda document: document.set_data(DataSettings(), (8, 8)),
    "Set epochs to 3": lambda document: document.set_training(document.project.training.replace(epochs=3)),
    "Set optimizer to SGD": lambda document: document.set_training(document.project.training.replace(optimizer=SGD())),
    "Set learning rate to 0.01": lambda document: document.set_training(
        document.project.training.replace(optimizer=Adam(0.01))
    ),
}


@pytest.mark.parametrize("text", EDITS)
def test_that_every_edit_has_a_name_and_is_undone_and_redone_exactly(document: Document, text: str) -> None:
    before = document.project
    assert EDITS[text](document)
    after = document.project
    assert after != before
    assert document.stack.undoText() == text
    document.stack.undo()
    assert document.project == before
    document.stack.redo()
    assert document.project == after


def test_that_layers_are_switched_off_and_on_in_one_step_each(document: Document) -> None:
    before = document.network
    assert document.set_disabled([2], True)
    assert document.set_disabled([1, 2], True)
    assert document.stack.undoText() == "Disable Dense"
    assert [row.disabled for row in document.trace.rows] == [False, True, True, False]
    assert not document.trace.problems
    assert document.set_disabled(range(4), False)
    assert document.stack.undoText() == "Enable 2 layers"
    assert document.network == before
    assert document.set_disabled([3], True)
    assert document.mends[4][0].label == "Enable layer 4 (Dense)"
    assert document.apply(document.mends[4][0])
    assert document.stack.undoText() == "Enable layer 4 (Dense)"
    assert document.network == before
    assert document.stack.count() == 5
    with pytest.raises(IndexError):
        document.set_disabled([4], True)


def test_that_a_chain_of_edits_is_undone_step_by_step(document: Document, clock: Clock) -> None:
    states = [document.project]
    for edit in EDITS.values():
        clock.now += 10
        if len(document.network) > 3 and edit(document):
            states.append(document.project)
    for state in reversed(states[:-1]):
        document.stack.undo()
        assert document.project == state
    assert document.clean


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: document.move(1, 1),
        lambda document: document.replace_layer(1, Dense(16, "relu")),
        lambda document: document.set_data(DataSettings()),
        lambda document: document.set_training(document.project.training),
        lambda document: document.apply(Move(2, 2)),
        lambda document: document.set_disabled([0, 1], False),
        lambda document: document.set_disabled([], True),
        lambda document: document.apply(Change("nothing", document.project, document.project)),
    ],
)
def test_that_an_edit_that_changes_nothing_leaves_no_undo_step(
    document: Document, edit: Callable[[Document], bool], qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(document.project_changed):
        assert not edit(document)
    assert document.stack.count() == 0
    assert document.clean


def test_that_an_impossible_edit_leaves_no_undo_step(document: Document) -> None:
    with pytest.raises(IndexError):
        document.insert(99, Flatten())
    with pytest.raises(IndexError):
        document.remove(99)
    assert document.stack.count() == 0


# --- Bursts ---------------------------------------------------------------------------------------------------------


def test_that_a_burst_on_one_field_is_one_undo_step(document: Document, clock: Clock) -> None:
    before = document.project
    for units in (17, 20, 32, 64):
        clock.now += 0.2
        document.replace_layer(1, Dense(units, "relu"))
    assert document.stack.count() == 1
    assert document.stack.undoText() == "Set units to 64"
    document.stack.undo()
    assert document.project == before


def test_that_a_burst_on_a_nested_field_is_one_undo_step(document: Document, clock: Clock) -> None:
    for rate in (0.002, 0.005, 0.01):
        clock.now += 0.2
        document.set_training(document.project.training.replace(optimizer=Adam(rate)))
    assert document.stack.count() == 1
    document.stack.undo()
    assert document.project == make_project()


def test_that_a_pause_begins_a_new_undo_step(document: Document, clock: Clock) -> None:
    document.replace_layer(1, Dense(32, "relu"))
    clock.now += 5
    document.replace_layer(1, Dense(64, "relu"))
    assert document.stack.count() == 2


def test_that_different_fields_and_layers_do_not_merge(document: Document) -> None:
    document.replace_layer(1, Dense(32, "relu"))
    document.replace_layer(1, Dense(32, "tanh"))
    document.replace_layer(3, Dense(32, "softmax"))
    document.set_training(document.project.training.replace(epochs=2))
    document.set_training(document.project.training.replace(seed=2))
    assert document.stack.count() == 5


def test_that_a_burst_back_to_the_start_vanishes(document: Document) -> None:
    document.replace_layer(1, Dense(32, "relu"))
    document.replace_layer(1, Dense(16, "relu"))
    assert document.stack.count() == 0
    assert document.project == make_project()


def test_that_structural_edits_never_merge(document: Document) -> None:
    document.insert(1, Dropout(0.1))
    document.insert(1, Dropout(0.1))
    assert document.stack.count() == 2


# --- Trace and mends ------------------------------------------------------------------------------------------------


def test_that_the_trace_is_that_of_the_project_when_a_change_is_told(document: Document) -> None:
    seen: list[tuple[int, int]] = []

    def look(edit: object) -> None:
        seen.append((len(document.network), len(document.trace.rows)))

    document.project_changed.connect(look)
    document.insert(0, Flatten())
    document.remove(0)
    document.stack.undo()
    assert seen == [(5, 5), (4, 4), (5, 5)]


def test_that_the_signal_carries_the_edit(document: Document) -> None:
    seen: list[object] = []
    document.project_changed.connect(seen.append)
    document.insert(0, Flatten())
    document.stack.undo()
    document.move(1, 2)
    assert seen == [Insert(0, Flatten()), Remove(0, Flatten()), Move(1, 2)]


def test_that_mends_are_offered_and_applied(document: Document) -> None:
    document.remove(0)
    (mend, *_) = document.mends[0]
    assert document.apply(mend)
    assert document.trace.problems == []
    assert document.stack.undoText() == mend.label
    assert document.mends == {}


def test_that_a_mend_of_the_loss_changes_the_training(document: Document) -> None:
    before = document.project
    assert document.apply(Mend("Use categorical crossentropy", None, "categorical_crossentropy"))
    assert document.project.training.loss == CategoricalCrossentropy()
    document.stack.undo()
    assert document.project == before


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Insert(0, Flatten()), "Insert Flatten"),
        (Remove(0, Flatten()), "Remove Flatten"),
        (Move(0, 1), "Move Flatten"),
        (Replace(2, Dropout(0.25), Dropout(0.5)), "Set rate to 0.5"),
    ],
)
def test_that_edits_made_elsewhere_can_be_applied(document: Document, edit: object, text: str) -> None:
    assert isinstance(edit, Insert | Remove | Move | Replace)
    expected = edit.apply(document.network)
    assert document.apply(edit)
    assert document.network == expected
    assert document.stack.undoText() == text


def test_that_data_of_another_shape_are_reported_on_the_input(document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(document.trace_changed):
        document.set_data_info(Target(10), (9, 9))
    assert document.trace.input_problem is not None


def test_that_data_and_input_change_in_one_step(document: Document) -> None:
    assert document.set_data(DataSettings(source="iris"), (4,))
    assert document.network.input_shape == (4,)
    assert document.stack.count() == 1


# --- Saving and opening ---------------------------------------------------------------------------------------------


def test_that_the_document_knows_whether_it_was_saved(document: Document, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(document.clean_changed):
        document.remove(2)
    assert not document.clean
    document.mark_saved(tmp_path / "project.nnw")
    assert document.clean
    assert document.path == tmp_path / "project.nnw"
    document.stack.undo()
    assert not document.clean
    document.stack.redo()
    assert document.clean


def test_that_an_edit_after_saving_does_not_merge_into_what_was_saved(document: Document, tmp_path: Path) -> None:
    document.replace_layer(1, Dense(32, "relu"))
    document.mark_saved(tmp_path / "project.nnw")
    document.replace_layer(1, Dense(64, "relu"))
    assert not document.clean
    document.stack.undo()
    assert document.clean
    assert document.network.layers[1] == Dense(32, "relu")


def test_that_opening_another_project_forgets_undo_and_data(document: Document, qtbot: QtBot) -> None:
    document.remove(2)
    other = Project("other", Network((2,), (Dense(1),)))
    with qtbot.waitSignal(document.project_changed) as told:
        document.open(other)
    assert told.args == [None]
    assert document.project is other
    assert not document.stack.canUndo()
    assert document.clean
    assert document.target is None


def test_that_a_copy_does_not_share_a_name_of_its_own(document: Document) -> None:
    document.replace_layer(1, Dense(16, "relu", name="hidden"))
    document.duplicate(1)
    assert document.network.names()[1:3] == ["hidden", "dense"]


def test_that_a_name_changes_nothing_else_of_a_layer(document: Document) -> None:
    document.set_disabled([1], True)
    before = document.network.layers[1]
    assert document.rename_layer(1, "hidden")
    assert document.network.layers[1] == before.replace(name="hidden")
    assert document.rename_layer(1, "")
    assert document.network.layers[1] == before


def test_that_a_command_that_cannot_be_carried_out_leaves_no_way_behind(document: Document) -> None:
    before = document.project
    with pytest.raises(IndexError):
        Command(document, Remove(99, Dense(1)), "Remove what is not there").undo()
    assert document.way == ""
    assert document.project == before


def test_that_a_copy_that_was_dragged_has_no_name_that_is_taken(qapp: QApplication) -> None:
    document = Document(Project("test", Network((4,), (Dense(8, name="first"), Dense(2)))))
    document.insert_layers(2, (document.network.layers[0],))
    document.insert_layers(0, (Dense(3, name="other"), Dense(8, name="first")))
    assert [layer.name for layer in document.network.layers] == ["other", None, "first", None, None]


def test_that_what_can_wait_is_told_of_a_short_network_at_once(document: Document, qtbot: QtBot) -> None:
    told: list[str] = []
    document.trace_changed.connect(lambda: told.append("trace"))
    document.settled.connect(lambda: told.append("settled"))
    document.insert(1, Activation("tanh"))
    document.stack.undo()
    document.set_data_info(Target(10), (4, 4))
    assert told == ["trace", "settled"] * 3


def test_that_what_can_wait_is_told_once_after_edits_of_a_long_network(document: Document, qtbot: QtBot) -> None:
    told: list[int] = []
    document.settled.connect(lambda: told.append(len(document.network)))
    document.insert_layers(1, [Dense(4)] * LONG)
    document.insert(0, Dropout(0.5))
    document.stack.undo()
    document.stack.undo()  # from more layers to few
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [4]


def test_that_what_waited_is_not_told_of_a_project_that_was_closed(document: Document, qtbot: QtBot) -> None:
    told: list[int] = []
    document.settled.connect(lambda: told.append(len(document.network)))
    document.insert_layers(1, [Dense(4)] * LONG)
    document.open(make_project())
    assert told == [4]
    qtbot.wait(20)
    assert told == [4]
