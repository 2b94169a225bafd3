"""A row that can be trained, but is hardly meant so, says it: quietly, in words, with a button, and to every reader."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Dropout, Flatten, Softmax
from nncore.losses import MeanSquaredError
from nncore.network import Network
from nncore.project import Change
from workbench.document import Document
from workbench.editor import LayerView, layer_delegate
from workbench.theme import current

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hinted(document: Document, view: LayerView) -> Document:
    """A network whose second layer, in the third row, throws away what the Softmax behind it compares."""
    network = Network((4, 4), (Flatten(), Dense(10, "relu"), Dropout(0.0), Softmax()))
    document.apply(Change("Take another", document.project, document.project.replace(network=network)))
    document.stack.clear()
    return document


def picture(view: LayerView) -> QImage:
    return view.grab().toImage()


def shows(image: QImage, colour: str) -> bool:
    wanted = QColor(colour)
    return any(image.pixelColor(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def button(view: LayerView, row: int, number: int = 0) -> QPoint:
    parts = view.painter_of_rows.layout(view.rows.index(row))
    assert parts is not None
    return parts.buttons[number][0].center().toPoint()


def test_that_a_hint_stands_under_its_row_and_keeps_nobody_from_training(view: LayerView, hinted: Document) -> None:
    assert not hinted.trace.problems
    row = view.rows.view(2)
    assert row.problem is None
    assert row.hint is not None
    assert view.visualRect(view.rows.index(2)).height() > view.visualRect(view.rows.index(1)).height() + 40


def test_that_a_hint_is_marked_in_the_colour_of_warnings_and_not_of_errors(view: LayerView, hinted: Document) -> None:
    tokens, image = current().tokens, picture(view)
    assert shows(image, tokens.warning)
    assert not shows(image, tokens.wrong)
    hinted.apply(view.rows.view(2).mends[0])
    assert not shows(picture(view), tokens.warning)


def test_that_a_reader_of_the_screen_hears_the_hint(view: LayerView, hinted: Document) -> None:
    words = view.rows.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Warning: relu throws away the negative scores that softmax compares." in words
    assert words.endswith("Use linear: the activation comes with softmax.")


def test_that_the_tip_of_a_row_has_a_line_for_each_number_and_the_hint(view: LayerView, hinted: Document) -> None:
    index = view.rows.index(2)
    told = QTextDocumentFragment.fromHtml(index.data(Qt.ItemDataRole.ToolTipRole)).toPlainText()
    named, shape, count, hint = told.splitlines()
    assert named.startswith("Dense 10 units")
    assert (shape, count) == ("output shape 10", view.rows.view(2).right)
    assert hint.startswith("relu throws away")
    assert hint.endswith("Use linear: the activation comes with softmax.")
    assert index.data(Qt.ItemDataRole.ToolTipRole).startswith("<p>"), "only lines of rich text are broken"


@pytest.mark.parametrize("way", ["mouse", "keys", "menu"])
def test_that_a_hint_is_mended_in_one_undo_step(view: LayerView, hinted: Document, qtbot: QtBot, way: str) -> None:
    before = hinted.network
    if way == "mouse":
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button(view, 2))
    elif way == "keys":
        qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)
    else:
        menu: QMenu = view.make_menu(2)
        next(action for action in menu.actions() if action.text() == "Use linear").trigger()
    assert hinted.network.layers[1] == Dense(10)
    assert view.rows.view(2).hint is None
    assert hinted.stack.count() == 1
    assert view.visualRect(view.rows.index(2)).height() == view.visualRect(view.rows.index(1)).height()
    hinted.stack.undo()
    assert hinted.network == before
    assert view.rows.view(2).hint is not None


def test_that_the_key_mends_errors_before_hints(view: LayerView, hinted: Document, qtbot: QtBot) -> None:
    hinted.replace_layer(1, Dense(3, "relu"))
    assert hinted.trace.loss_problem is not None
    assert view.rows.view(2).hint is not None
    view.setCurrentIndex(view.rows.index(1))
    qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)
    assert hinted.network.layers[1] == Dense(10)
    assert not hinted.hints


def test_that_only_the_menu_of_the_row_that_the_key_mends_tells_the_key(view: LayerView, hinted: Document) -> None:
    hinted.replace_layer(1, Dense(3, "relu"))
    view.setCurrentIndex(view.rows.index(1))
    end = view.rows.rowCount() - 1
    keys = {row: view.make_menu(row).actions()[0].shortcut().toString() for row in (2, end)}
    assert view.rows.mend_row(1) == end
    assert keys == {2: "", end: "Ctrl+Return"}


def test_that_the_key_stands_in_the_button_that_it_presses(
    view: LayerView, hinted: Document, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    paint = layer_delegate._write
    monkeypatch.setattr(layer_delegate, "_write", lambda *given: (written.append(given[1]), paint(*given))[1])

    def buttons() -> list[str]:
        QApplication.processEvents()
        written.clear()
        view.grab()
        return [words for words in written if words.startswith(("Use", "Set", "Remove"))]

    hinted.insert(len(hinted.network), Dropout(0.5))
    key = layer_delegate.mend_key()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    for row in (2, 5):
        view.setCurrentIndex(view.rows.index(row))
        assert [words.endswith(key) for words in buttons() if words.startswith(("Use", "Remove"))] == [
            row == 2,
            row == 5,
        ]
    view.setCurrentIndex(view.rows.index(1))
    assert [words.endswith(key) for words in buttons()] == [True, False], "else the first"


def test_that_mending_is_offered_while_there_is_something_to_mend(view: LayerView, hinted: Document) -> None:
    assert view.commands["mendAction"].isEnabled()
    hinted.apply(hinted.hints[1].mends[0])
    assert not view.commands["mendAction"].isEnabled()
    hinted.replace_layer(1, Dense(3))
    assert view.commands["mendAction"].isEnabled()


def test_that_the_loss_has_its_hint_too(view: LayerView, document: Document, qtbot: QtBot) -> None:
    document.set_training(document.project.training.replace(loss=MeanSquaredError()))
    assert view.rows.view(5).hint is not None
    assert "learns slowly on classes" in view.rows.view(5).spoken
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button(view, 5))
    assert document.project.training.loss.type_name == "sparse_categorical_crossentropy"
    assert view.rows.view(5).hint is None
