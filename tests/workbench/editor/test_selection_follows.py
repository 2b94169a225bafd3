"""After an edit, its undo and its redo the layers are selected that it touched, and the keyboard stays where it was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nncore.layers import Activation, Dense, Flatten
from nncore.network import Network
from nncore.project import Change
from tests.workbench.editor.conftest import names
from workbench.document import Document
from workbench.editor import LayerView
from workbench.editor.chosen_rows import runs


def chosen(view: LayerView) -> list[int]:
    """The positions of the rows that are painted as selected."""
    return [row - 1 for row in range(view.rows.rowCount()) if view.selectionModel().isSelected(view.rows.index(row))]


@pytest.mark.parametrize("positions", [[1], [3], [0, 2], [0, 1, 2, 3]])
def test_that_undo_of_a_removal_selects_what_came_back(
    view: LayerView, document: Document, positions: list[int]
) -> None:
    view.select_positions(positions)
    view.remove_selected()
    view.select_first()
    document.stack.undo()
    assert chosen(view) == positions
    document.stack.redo()
    document.stack.undo()
    assert chosen(view) == positions


@pytest.mark.parametrize(
    ("positions", "follower"), [([0], 0), ([1], 1), ([3], 2), ([0, 1], 0), ([0, 2], 1), ([2, 3], 1), ([0, 3], 1)]
)
def test_that_a_removal_selects_what_follows_or_else_the_last_layer(
    view: LayerView, document: Document, positions: list[int], follower: int
) -> None:
    view.select_positions(positions)
    view.remove_selected()
    assert chosen(view) == [follower]
    assert view.selected_position() == follower
    document.stack.undo()
    document.stack.redo()
    assert chosen(view) == [follower]


def test_that_the_input_is_selected_when_no_layer_is_left(view: LayerView, document: Document) -> None:
    view.selectAll()
    view.remove_selected()
    assert names(document) == []
    assert chosen(view) == [-1]
    assert view.currentIndex().row() == 0


def test_that_undo_of_an_insertion_selects_the_layer_that_it_came_behind(view: LayerView, document: Document) -> None:
    view.select_position(1)
    view.add(Activation("tanh"))
    assert chosen(view) == [2]
    document.stack.undo()
    assert chosen(view) == [1]
    document.stack.redo()
    assert chosen(view) == [2]


def test_that_undo_and_redo_of_a_move_select_what_moved(view: LayerView, document: Document) -> None:
    view.select_positions([2, 3])
    view.move_up()
    view.select_first()
    document.stack.undo()
    assert chosen(view) == [2, 3]
    document.stack.redo()
    assert chosen(view) == [1, 2]


def test_that_undo_of_a_setting_selects_its_layer(view: LayerView, document: Document) -> None:
    document.replace_layer(3, Dense(7, "softmax"))
    assert chosen(view) == [0]  # an edit that was made elsewhere leaves the selection
    document.stack.undo()
    assert chosen(view) == [3]
    view.select_first()
    document.set_disabled([1, 2], True)
    document.stack.undo()
    assert chosen(view) == [1, 2]


def test_that_undo_of_what_is_no_layer_leaves_the_selection(view: LayerView, document: Document) -> None:
    view.select_positions([1, 2])
    document.set_training(document.project.training.replace(epochs=3))
    document.stack.undo()
    assert chosen(view) == [1, 2]


def test_that_undo_of_an_exchange_selects_what_differs(view: LayerView, document: Document) -> None:
    before = document.project
    layers = (Flatten(), Dense(16, "relu"), Activation("tanh"), Dense(10, "softmax"))
    document.apply(Change("Exchange", before, before.replace(network=Network((4, 4), layers))))
    document.stack.undo()
    assert chosen(view) == [2]


def test_that_undo_leaves_the_keyboard_where_it_is(view: LayerView, document: Document, qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    view.select_position(2)
    view.remove_selected()
    line.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    document.stack.undo()
    assert chosen(view) == [2]
    assert line.hasFocus()


def test_that_undo_tells_its_choice_once(view: LayerView, document: Document) -> None:
    view.select_position(3)
    view.remove_selected()
    told: list[int] = []
    view.row_chosen.connect(lambda _, position: told.append(position))
    document.stack.undo()
    assert told == [3]


def test_that_what_came_back_is_in_sight(view: LayerView, document: Document, qtbot: QtBot) -> None:
    document.insert_layers(0, [Dense(4)] * 60)
    view.select_position(0)
    view.remove_selected()
    view.select_position(63 - 1)
    view.scrollToBottom()
    document.stack.undo()
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.currentIndex())))
    assert view.currentIndex().row() == 1


def test_that_positions_without_a_gap_are_one_run() -> None:
    assert list(runs([])) == []
    assert list(runs([1, 2, 3, 7, 9, 10])) == [(1, 3), (7, 7), (9, 10)]


def test_that_a_shortcut_moves_the_selection_as_the_button_does(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_position(1)
    qtbot.keyClick(view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert chosen(view) == [2]
    document.stack.undo()
    assert chosen(view) == [1]
    assert view.commands["duplicateLayersAction"].shortcut() == QKeySequence("Ctrl+D")
