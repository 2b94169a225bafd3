"""A setting is changed in the row that tells it: by a double click on its word, or by F3."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from nncore.layers import LSTM, Bidirectional, Dense, Dropout, Embedding, Layer, LeakyReLU
from workbench.document import Document
from workbench.editor import LayerView
from workbench.editor.in_place import InPlaceEditor
from workbench.editor.row_layout import RowLayout
from workbench.editor.row_words import words_places
from workbench.theme import current, fonts


def word(view: LayerView, position: int, *path: str) -> QPoint:
    """The middle of the word that tells a setting."""
    index = view.rows.index(position + 1)
    parts = view.painter_of_rows.layout(index)
    assert parts is not None
    (rect,) = [rect for rect, found in words_places(view.rows.view(position + 1), parts) if found == path]
    return rect.center().toPoint()


def opened(view: LayerView) -> list[InPlaceEditor]:
    return [editor for editor in view.viewport().findChildren(InPlaceEditor) if editor.isVisible()]


def line(view: LayerView) -> QLineEdit:
    (editor,) = opened(view)
    found = editor.findChild(QLineEdit, "inPlace")
    assert isinstance(found, QLineEdit)
    return found


def test_that_a_double_click_on_a_word_edits_its_setting(view: LayerView, document: Document, qtbot: QtBot) -> None:
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=word(view, 1, "units"))
    assert line(view).text() == "16"
    line(view).selectAll()
    qtbot.keyClicks(line(view), "24")
    assert document.stack.count() == 0
    qtbot.keyClick(line(view), Qt.Key.Key_Return)
    assert document.network.layers[1] == Dense(24, "relu")
    assert document.stack.undoText() == "Set units to 24"
    assert opened(view) == []
    assert view.selected_position() == 1


@pytest.mark.parametrize("size", ["normal", "largest"])
@pytest.mark.parametrize("path", ["units", "activation"])
def test_that_the_editor_leaves_name_and_bar_of_its_row_in_sight_and_cuts_no_words(
    view: LayerView, document: Document, path: str, size: str
) -> None:
    current().set_text_size(size)
    view.resize(fonts.pixels(300), 900)
    view.executeDelayedItemsLayout()
    index = view.rows.index(2)
    view.open_editor(index, (path,))
    (editor,) = opened(view)
    row, parts = view.rows.view(2), view.painter_of_rows.layout(index)
    assert parts is not None
    name = QFontMetricsF(fonts.font(bold=True)).horizontalAdvance(row.title)
    assert editor.geometry().left() >= parts.text_left + name
    assert editor.geometry().right() < parts.card.right()
    assert parts.card.top() < editor.geometry().top() <= parts.card.top() + 6 * fonts.scale()
    bar = parts.card.bottom() - 9 * fonts.scale()
    assert bar - 4 * fonts.scale() <= editor.geometry().bottom() <= bar
    assert ink(view, parts) == 0  # what stands in the second line would be cut
    view.close_editor()
    assert ink(view, parts) > 0


def ink(view: LayerView, parts: RowLayout) -> int:
    """How many colours there are where the second line begins, but for the one behind it."""
    image, px = view.viewport().grab().toImage(), fonts.scale()
    left, top = round(parts.text_left), round(parts.card.top() + 28 * px)
    area = image.copy(left, top, round(20 * px), round(12 * px))
    return len({area.pixel(x, y) for x in range(area.width()) for y in range(area.height())}) - 1


def test_that_an_editor_without_room_behind_the_name_leaves_the_icon_in_sight(
    view: LayerView, document: Document
) -> None:
    document.insert(0, Embedding(100, 8))
    view.resize(280, 700)
    view.executeDelayedItemsLayout()
    index = view.rows.index(1)
    view.open_editor(index, ("input_dim",))
    (editor,) = opened(view)
    parts = view.painter_of_rows.layout(index)
    assert parts is not None
    assert parts.tile.right() <= editor.geometry().left() < parts.text_left + 20
    assert editor.width() >= editor.minimumSizeHint().width()


@pytest.mark.parametrize("size", ["normal", "largest"])
@pytest.mark.parametrize(
    ("layer", "field"),
    [
        (Embedding(1000, 8), "input_dim"),
        (LeakyReLU(0.3), "negative_slope"),
        (Dropout(0.25), "rate"),
        (Dense(9), "units"),
    ],
)
def test_that_a_number_keeps_the_name_of_its_field_in_the_narrowest_list(
    view: LayerView, document: Document, layer: Layer, field: str, size: str
) -> None:
    current().set_text_size(size)
    document.insert(0, layer)
    view.resize(fonts.pixels(202), 700)  # as in the narrowest panel
    view.executeDelayedItemsLayout()
    view.open_editor(view.rows.index(1), (field,))
    (editor,) = opened(view)
    name = next(label for label in editor.findChildren(QLabel) if label.text() == layer.field(field).label)
    assert name.isVisible()
    assert name.width() >= name.sizeHint().width()
    assert editor.width() >= editor.minimumSizeHint().width()
    assert view.viewport().rect().contains(editor.geometry())
    number = line(view)
    assert number.width() > number.fontMetrics().horizontalAdvance(number.text()) + 8
    parts = [name, *(part for kind in (QSlider, QLineEdit) for part in editor.findChildren(kind) if part.isVisible())]
    ends = [part.mapTo(editor, part.rect().topRight()).x() for part in parts]
    assert all(end < part.mapTo(editor, QPoint()).x() for end, part in zip(ends, parts[1:], strict=False))


def test_that_a_slider_is_there_where_it_has_room(view: LayerView) -> None:
    view.resize(420, 900)
    view.executeDelayedItemsLayout()
    view.open_editor(view.rows.index(2), ("units",))
    (editor,) = opened(view)
    (slider,) = editor.findChildren(QSlider)
    assert slider.isVisible()


def test_that_the_editor_stands_where_its_word_is_when_the_list_had_to_scroll(view: LayerView) -> None:
    view.resize(300, 200)
    view.scrollToTop()
    view.open_editor(view.rows.index(4), ("units",))
    (editor,) = opened(view)
    assert view.visualRect(view.rows.index(4)).contains(editor.geometry().center())


def test_that_escape_drops_what_was_typed(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_position(1)
    qtbot.keyClick(view, Qt.Key.Key_F3)
    qtbot.keyClicks(line(view), "99")
    qtbot.keyClick(line(view), Qt.Key.Key_Escape)
    assert opened(view) == []
    assert document.stack.count() == 0


def test_that_tab_takes_the_value_and_goes_to_the_next_setting(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_position(1)
    qtbot.keyClick(view, Qt.Key.Key_F3)
    line(view).selectAll()
    qtbot.keyClicks(line(view), "24")
    qtbot.keyClick(line(view), Qt.Key.Key_Tab)
    assert document.network.layers[1] == Dense(24, "relu")
    (editor,) = opened(view)
    assert editor.path == ("activation",)
    box = editor.findChild(QComboBox, "inPlace")
    assert isinstance(box, QComboBox)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    chosen = box.currentData()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert chosen != "relu"
    assert document.network.layers[1] == Dense(24, chosen)
    assert opened(view) == []


def test_that_a_value_that_cannot_be_gets_a_sentence_and_stays_until_it_is_mended(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=word(view, 1, "units"))
    line(view).setText("0")
    qtbot.keyClick(line(view), Qt.Key.Key_Return)
    (editor,) = opened(view)
    assert "from 1 to" in editor.accessibleDescription()
    words = editor.findChild(QLabel, "inPlaceMessage")
    assert isinstance(words, QLabel)
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()), timeout=5_000)
    assert editor.rect().contains(words.geometry())
    assert document.stack.count() == 0
    line(view).setText("3")
    qtbot.keyClick(line(view), Qt.Key.Key_Return)
    assert document.network.layers[1] == Dense(3, "relu")


def test_that_a_setting_of_a_layer_within_a_layer_is_edited(view: LayerView, document: Document, qtbot: QtBot) -> None:
    document.insert(0, Bidirectional(LSTM(8)))
    view.executeDelayedItemsLayout()
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=word(view, 0, "layer", "units"))
    line(view).setText("5")
    qtbot.keyClick(line(view), Qt.Key.Key_Return)
    assert document.network.layers[0] == Bidirectional(LSTM(5))


def test_that_a_change_from_elsewhere_closes_the_editor(view: LayerView, document: Document, qtbot: QtBot) -> None:
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=word(view, 1, "units"))
    document.remove(1)
    assert opened(view) == []


@pytest.mark.parametrize("row", [0, 1, 5])
def test_that_f3_on_a_row_without_settings_asks_for_the_form(view: LayerView, qtbot: QtBot, row: int) -> None:
    view.setCurrentIndex(view.rows.index(row))
    if row == 1:
        with qtbot.waitSignal(view.form_wanted):
            qtbot.keyClick(view, Qt.Key.Key_F3)
    else:
        qtbot.keyClick(view, Qt.Key.Key_F3)
    assert opened(view) == []
