"""The list's model tells Qt of every edit by the narrowest signal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from nncore.editing.clipboard import Pasted
from nncore.layers import LSTM, Activation, Dense, Dropout, Flatten
from nncore.losses import Problem, Target
from nncore.network import Network
from nncore.project import Change, Project
from workbench.document import Document
from workbench.editor import ROW_ROLE, LayerModel, RowView


@pytest.fixture
def model(document: Document) -> LayerModel:
    made = LayerModel(document, document)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def titles(model: LayerModel) -> list[str]:
    return [model.view(row).title for row in range(model.rowCount())]


def test_that_input_and_loss_are_rows_around_the_layers(model: LayerModel) -> None:
    assert titles(model) == ["Input", "Flatten", "Dense", "Dropout", "Dense", "Loss"]
    assert [model.position(row) for row in range(6)] == [-1, 0, 1, 2, 3, -1]


EDITS: list[Callable[[Document], object]] = [
    lambda document: document.insert(0, Dropout(0.1)),
    lambda document: document.insert(4, Activation("relu")),
    lambda document: document.remove(0),
    lambda document: document.remove(3),
    lambda document: document.move(0, 3),
    lambda document: document.move(3, 0),
    lambda document: document.move(1, 2),
    lambda document: document.duplicate(1),
    lambda document: document.insert_layers(2, [Dropout(0.1), Flatten(), Dropout(0.2)]),
    lambda document: document.remove_layers([0, 2, 3]),
    lambda document: document.move_layers([0, 2], 4),
    lambda document: document.move_layers([1, 3], 0),
    lambda document: document.duplicate_layers([0, 2]),
    lambda document: document.set_disabled([1, 2], True),
    lambda document: document.paste(1, Pasted((Flatten(), Dropout(0.1)), (4, 4))),
    lambda document: document.replace_layer(1, Dense(3)),
    lambda document: document.set_training(document.project.training.replace(epochs=99)),
]


@pytest.mark.parametrize("edit", EDITS)
def test_that_rows_follow_every_edit_and_its_undo_without_a_reset(
    model: LayerModel, document: Document, edit: Callable[[Document], object], qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(model.modelReset):
        edit(document)
        assert titles(model)[1:-1] == [layer.type_name for layer in document.network.layers]
        document.stack.undo()
        assert titles(model) == ["Input", "Flatten", "Dense", "Dropout", "Dense", "Loss"]
        document.stack.redo()
    assert model.rowCount() == len(document.network) + 2


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (Dense(10, "softmax"),),
        (Flatten(), Dense(10, "softmax")),
        (Flatten(), Dropout(0.5), Dense(16, "relu"), Dropout(0.25), Dropout(0.1), Dense(10, "softmax")),
    ],
)
def test_that_a_change_of_several_layers_keeps_what_both_have_in_common(
    model: LayerModel, document: Document, layers: tuple[Dense, ...], qtbot: QtBot
) -> None:
    loss_row = QPersistentModelIndex(model.index(5))
    before = document.project
    with qtbot.assertNotEmitted(model.modelReset):
        document.apply(Change("exchange", before, before.replace(network=Network((4, 4), layers))))
    assert titles(model)[1:-1] == [layer.type_name for layer in layers]
    assert loss_row.row() == model.rowCount() - 1


def test_that_a_row_moves_with_its_layer(model: LayerModel, document: Document) -> None:
    dropout = QPersistentModelIndex(model.index(3))
    document.move(2, 0)
    assert dropout.row() == 1
    document.remove(1)
    assert dropout.row() == 1
    document.stack.undo()
    document.stack.undo()
    assert dropout.row() == 3


def test_that_rows_move_with_several_layers(model: LayerModel, document: Document) -> None:
    first, dropout = QPersistentModelIndex(model.index(1)), QPersistentModelIndex(model.index(3))
    document.move_layers([0, 2], 4)
    assert (first.row(), dropout.row()) == (3, 4)
    document.stack.undo()
    assert (first.row(), dropout.row()) == (1, 3)


def test_that_inserting_a_twin_lands_where_it_was_inserted(model: LayerModel, document: Document) -> None:
    first = QPersistentModelIndex(model.index(1))
    document.insert(0, Flatten())
    assert first.row() == 2


def test_that_an_edit_repaints_all_rows_because_shapes_follow(
    model: LayerModel, document: Document, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(model.dataChanged) as told:
        document.replace_layer(1, Dense(3, "relu"))
    assert told.args is not None
    assert (told.args[0].row(), told.args[1].row()) == (0, 5)


def test_that_opening_another_project_resets_the_rows(model: LayerModel, document: Document, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.modelReset):
        document.open(Project("other", Network((2,), (Dense(1),))))
    assert titles(model) == ["Input", "Dense", "Loss"]


def test_that_only_layers_can_be_dragged(model: LayerModel) -> None:
    dragged = [bool(model.flags(model.index(row)) & Qt.ItemFlag.ItemIsDragEnabled) for row in range(6)]
    assert dragged == [False, True, True, True, True, False]


def test_that_a_layer_row_says_name_fields_shape_and_parameters(model: LayerModel) -> None:
    row = model.view(2)
    assert (row.title, row.detail, row.left, row.right) == ("Dense", "16 units · relu", "→ 16", "272 parameters")
    assert row.share == pytest.approx(256 / 416)
    assert model.view(1).share == 0


def test_that_input_and_loss_rows_tell_of_data_and_totals(model: LayerModel) -> None:
    first, last = model.view(0), model.view(5)
    assert (first.detail, first.left, first.right) == ("Squares", "4 × 4", "90 train · 10 validation")
    assert (last.detail, last.left, last.right) == ("sparse categorical crossentropy", "10 classes", "442 parameters")


def test_that_every_row_can_be_listened_to(model: LayerModel, document: Document) -> None:
    spoken = [str(model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(6)]
    assert spoken[2] == "Dense 16 units · relu, output shape 16, 272 parameters."
    assert "shape 4 × 4" in spoken[0]
    assert "442 parameters in all" in spoken[5]
    document.remove(0)
    wrong = str(model.index(1).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "would work on each" in wrong
    assert "Insert Flatten" in wrong


def test_that_the_error_stands_on_the_row_that_causes_it_with_its_mends(model: LayerModel, document: Document) -> None:
    document.remove(0)
    row = model.index(1).data(ROW_ROLE)
    assert isinstance(row, RowView)
    assert row.problem is not None
    assert [mend.label for mend in row.mends][:1] == ["Insert Flatten above"]
    assert model.view(2).problem is None


def test_that_a_shape_beyond_an_error_is_left_open(model: LayerModel, document: Document) -> None:
    document.replace_layer(1, Dense(1_000_000))
    document.replace_layer(3, Dense(1_000_000))
    assert model.view(4).problem is not None
    assert (model.view(4).left, model.view(4).right) == ("", "")


def test_that_a_row_is_made_once_for_each_state_of_the_document(model: LayerModel, document: Document) -> None:
    before = model.view(2)
    assert model.view(2) is before
    document.replace_layer(1, Dense(3))
    assert model.view(2).detail.startswith("3 units")
    document.stack.undo()
    assert model.view(2) == before
    document.set_data_info(document.target, (4, 4), "Circles")
    assert model.view(0).detail == "Circles"


def test_that_a_row_with_an_error_has_no_usual_height(model: LayerModel, document: Document) -> None:
    assert [model.plain_kind(row) for row in (0, 1, 5)] == ["input", "layer", "loss"]
    document.replace_layer(3, Dense(7, "softmax"))
    assert model.plain_kind(5) is None
    document.set_data_info(document.target, (5, 5))
    assert model.plain_kind(0) is None
    document.insert(0, LSTM(4))
    document.insert(1, LSTM(4))
    assert model.plain_kind(2) is None


def test_that_the_input_says_what_its_number_counts(model: LayerModel, document: Document) -> None:
    assert model.view(0).left == "4 × 4"
    document.open(Project("table", Network((13,), (Dense(1),))))
    assert model.view(0).left == "13 inputs"
    document.set_data_info(Target(), (13,), "Wine")
    assert model.view(0).left == "13 inputs"
    assert model.view(0).spoken == "Input Wine, 13 inputs."
    document.set_data_info(Target(2), (13,), "Reviews", sample="13 words")
    assert model.view(0).left == "13 words"
    document.set_data_info(Target(2), (16,), "Reviews", sample="16 words")
    assert model.view(0).left == "13 inputs"  # the network's, which the data do not fit
    document.open(Project("one", Network((1,), (Dense(1),))))
    assert model.view(0).left == "1 input"


def test_that_the_input_says_nothing_of_data_that_cannot_be_read(model: LayerModel, document: Document) -> None:
    document.set_data_info(None, problem=Problem("There is no such file.", "Check the name."))
    assert model.view(0).left == ""
    assert "4 × 4" not in model.view(0).spoken
    document.set_data_info(Target(10), (5, 5), problem=Problem("The data do not fit.", "Choose others."))
    assert model.view(0).left == "4 × 4"
