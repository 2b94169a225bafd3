"""Layers leave and come as text; a text that is none gets a sentence and changes nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from nncore.editing.clipboard import network_text, read_layers
from nncore.layers import Dense, Dropout, Flatten
from nncore.network import Network
from nncore.project import Project, load_preset
from tests.workbench.editor.conftest import names
from workbench.document import Document
from workbench.editor import LayerView
from workbench.main_window import MainWindow
from workbench.window import labels

CONTROL = Qt.KeyboardModifier.ControlModifier


def clip(text: str | None = None) -> str:
    """The text in the clipboard, after putting one there."""
    board = QGuiApplication.clipboard()
    if text is not None:
        board.setText(text)
    return board.text()


def test_that_copied_layers_are_text_and_come_back_as_they_were(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_positions([1, 2])
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert read_layers(clip()).layers == document.network.layers[1:3]
    assert document.stack.count() == 0
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert view.selected_positions() == [3, 4]
    assert document.stack.undoText() == "Paste 2 layers"
    document.stack.undo()
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]


def test_that_cut_layers_are_gone_until_they_are_pasted(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_position(0)
    qtbot.keyClick(view, Qt.Key.Key_X, CONTROL)
    assert names(document) == ["Dense", "Dropout", "Dense"]
    view.select_position(2)
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert names(document) == ["Dense", "Dropout", "Dense", "Flatten"]
    assert document.stack.count() == 2


def test_that_a_whole_network_pasted_into_an_empty_list_brings_its_input_shape(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    network = load_preset("mnist-cnn").network
    document.open(Project("empty", Network((2,), ())))
    clip(f"Try this:\n```json\n{network_text(network)}```\n")
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert document.network == network
    document.stack.undo()
    assert document.network == Network((2,), ())


def test_that_a_whole_network_is_copied_and_lands_behind_the_current_row(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert read_layers(clip()).input_shape == (4, 4)
    view.select_position(0)
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert names(document)[:6] == ["Flatten", "Flatten", "Dense", "Dropout", "Dense", "Dense"]
    assert document.network.input_shape == (4, 4)


def test_that_a_listing_from_a_lesson_is_pasted(view: LayerView, document: Document, qtbot: QtBot) -> None:
    clip('model.add(layers.Dense(32, activation="relu"))\nmodel.add(layers.Dropout(0.5))\n')
    view.select_position(0)
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert document.network.layers[1:3] == (Dense(32, "relu"), Dropout(0.5))


def test_that_a_name_that_is_taken_is_not_given_twice(view: LayerView, document: Document, qtbot: QtBot) -> None:
    document.rename_layer(0, "first")
    view.select_position(0)
    qtbot.keyClick(view, Qt.Key.Key_C, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert [layer.name for layer in document.network.layers[:2]] == ["first", None]


BAD = {
    "words": "Hello, how are you?",
    "nothing": "  ",
    "too large": "x" * 300_000,
    "nested": "[{" + '"type":[{' * 10_000,
    "unknown layer": '[{"type": "Dens", "units": 3}]',
    "out of bounds": '{"type": "Dense", "units": 0}',
    "broken": '[{"type": "Dense", "units": 3',
    "code": "Dense(__import__('os').system('true'))",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_that_text_that_is_no_network_gets_a_sentence_and_a_remedy_and_changes_nothing(
    view: LayerView, document: Document, qtbot: QtBot, text: str
) -> None:
    clip(text)
    before = document.project
    with qtbot.waitSignal(view.message) as told:
        qtbot.keyClick(view, Qt.Key.Key_V, CONTROL)
    assert told.args is not None
    sentence, remedy, error = told.args
    assert error
    assert sentence.endswith((".", "?"))
    assert remedy
    assert len(sentence) < 300
    assert document.project is before
    assert document.stack.count() == 0


def test_that_the_window_shows_what_could_not_be_pasted(window: MainWindow, qtbot: QtBot) -> None:
    clip("Hello")
    paste = window.network.layers.commands["pasteLayersAction"]
    assert paste in window.menus.edit.actions()
    paste.trigger()
    assert window.watching.banner.isVisible()
    assert "not a network" in window.watching.banner.sentence.text()
    clip("Flatten()")
    paste.trigger()
    assert Flatten() in window.document.network.layers
    assert window.status.text().startswith("Pasted Flatten.")
    assert not window.watching.banner.isVisible(), "the error is over"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("copyLayersAction", "Copied 2 layers."),
        ("cutLayersAction", "Cut 2 layers."),
        ("copyNetworkAction", "Copied the network as text."),
    ],
)
def test_that_what_is_told_of_copies_goes_with_the_next_edit(window: MainWindow, name: str, told: str) -> None:
    window.network.layers.select_positions([0, 1])
    window.network.layers.commands[name].trigger()
    assert window.status.text() == told
    window.document.insert(0, Dense(3))
    assert window.status.text() == ""
    window.show_message("It is done.", "", False)
    window.document.insert(0, Dense(3))
    assert window.status.text() == "It is done.", "what was told later does not pass"


def test_that_what_is_told_of_copies_goes_after_a_while(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "PASSING", 20)
    window.network.layers.select_positions([0])
    window.network.layers.copy()
    assert window.status.text() == "Copied Dense."
    qtbot.waitUntil(lambda: window.status.text() == "")
    window.network.layers.copy()
    window.show_message("It is done.", "", False)
    qtbot.wait(60)
    assert window.status.text() == "It is done."


def test_that_settings_which_were_not_pasted_are_told(window: MainWindow) -> None:
    clip('Flatten()\nmodel.compile(loss="mse")')
    window.network.layers.commands["pasteLayersAction"].trigger()
    assert window.status.text().startswith("Pasted Flatten. compile and fit were not read")
