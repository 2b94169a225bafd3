"""The buttons that mend a row have the width of their words, and stay where they are when the keyboard comes."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nncore.layers import LSTM
from workbench.document import Document
from workbench.editor import LayerView
from workbench.editor.row_layout import RowLayout, button_font_metrics, lay_out, mend_key
from workbench.theme import fonts

ROW = 5  # the LSTM, which gets no sequences


@pytest.fixture
def broken(document: Document, view: LayerView) -> Document:
    """A network whose last layer does not fit and can be mended in one way."""
    document.insert(len(document.network), LSTM(8))
    view.executeDelayedItemsLayout()
    assert len(view.rows.view(ROW).mends) == 1
    return document


def laid_out(view: LayerView) -> RowLayout:
    parts = view.painter_of_rows.layout(view.rows.index(ROW))
    assert parts is not None
    return parts


def widths(view: LayerView) -> tuple[float, float]:
    """How wide the words of the button are, and those of its key."""
    label, metrics = view.rows.view(ROW).mends[0].label, button_font_metrics()
    return metrics.horizontalAdvance(label) + 20 * fonts.scale(), metrics.horizontalAdvance(mend_key())


@pytest.mark.usefixtures("broken")
def test_that_a_button_has_room_for_its_key_only_while_it_tells_it(view: LayerView, qtbot: QtBot) -> None:
    elsewhere = QLineEdit(view)
    elsewhere.show()
    view.resize(460, 700)
    words, key = widths(view)
    elsewhere.setFocus()
    qtbot.waitUntil(elsewhere.hasFocus)
    (before,) = (rect for rect, _ in laid_out(view).buttons)
    height = view.sizeHintForIndex(view.rows.index(ROW)).height()
    assert before.width() == pytest.approx(words)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    (after,) = (rect for rect, _ in laid_out(view).buttons)
    assert after.width() == pytest.approx(words + key)
    assert after.topLeft() == before.topLeft(), "the words stay where they are"
    assert view.sizeHintForIndex(view.rows.index(ROW)).height() == height


@pytest.mark.usefixtures("broken")
def test_that_a_button_without_room_for_its_key_is_not_wider_for_it(view: LayerView, qtbot: QtBot) -> None:
    words, key = widths(view)
    view.resize(round(words + key / 2) + 24, 700)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    (button,) = (rect for rect, _ in laid_out(view).buttons)
    assert button.width() == pytest.approx(words)


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("width", [250, 300, 400, 500, 700])
def test_that_no_other_button_moves_when_the_keyboard_comes(view: LayerView, width: int) -> None:
    row = view.rows.view(ROW)
    short = dataclasses.replace(row.mends[0], label="Flatten")
    row = dataclasses.replace(row, mends=(short, *(dataclasses.replace(short, label="Use another") for _ in range(2))))
    away, there = (lay_out(row, QRectF(0, 0, width, 0), keyed=True, said=said) for said in (False, True))
    unkeyed = lay_out(row, QRectF(0, 0, width, 0), keyed=False)
    assert [rect for rect, _ in away.buttons[1:]] == [rect for rect, _ in there.buttons[1:]]
    assert away.height == there.height == unkeyed.height
    assert all(rect.right() <= away.words_rect.right() + 0.01 for rect, _ in there.buttons)
