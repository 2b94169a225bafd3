"""A row says the layer's own name where it has one, and never hides what kind of layer it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF

from nncore.layers import Dense
from workbench.document import Document
from workbench.editor import LayerView
from workbench.editor.row_layout import lay_out
from workbench.editor.row_words import first_line, words_places
from workbench.theme import fonts

LONG = "the layer that sees all of the picture"


def test_that_a_name_stands_before_the_type(view: LayerView, document: Document) -> None:
    assert (view.rows.view(2).title, view.rows.view(2).detail) == ("Dense", "16 units · relu")
    document.rename_layer(1, "thinking")
    row = view.rows.view(2)
    assert (row.title, row.detail) == ("thinking", "Dense · 16 units · relu")
    assert row.icon == "Dense"
    assert row.spoken.startswith("thinking Dense · 16 units · relu, output shape 16")
    assert view.rows.index(2).data(Qt.ItemDataRole.DisplayRole) == "thinking Dense · 16 units · relu"
    document.rename_layer(1, "")
    assert view.rows.view(2).title == "Dense"


@pytest.mark.parametrize("width", [220, 255, 300])
def test_that_a_long_name_leaves_room_for_the_type(view: LayerView, document: Document, width: int) -> None:
    document.rename_layer(1, LONG)
    row = view.rows.view(2)
    parts = lay_out(row, QRectF(0, 0, width, 56))
    line = first_line(row, parts)
    metrics = QFontMetricsF(fonts.font(fonts.CAPTION))
    assert line.detail.startswith("Dense")
    assert line.title.right() < line.behind.left()
    assert metrics.horizontalAdvance("Dense…") <= line.behind.width()
    assert line.behind.right() <= parts.card.right()


def test_that_the_type_of_a_named_layer_is_no_setting_to_edit(view: LayerView, document: Document) -> None:
    plain = [path for _, path in words_places(view.rows.view(2), lay_out(view.rows.view(2), QRectF(0, 0, 400, 56)))]
    document.rename_layer(1, "thinking")
    row = view.rows.view(2)
    places = words_places(row, lay_out(row, QRectF(0, 0, 400, 56)))
    assert [path for _, path in places] == plain == [("units",), ("activation",)]
    line = first_line(row, lay_out(row, QRectF(0, 0, 400, 56)))
    assert places[0][0].left() > line.behind.left() + QFontMetricsF(fonts.font()).horizontalAdvance("Dense")
    view.select_position(1)
    view.edit_in_place()
    assert view._editor is not None
    assert view._editor.path == ("units",)
    view.close_editor()


def test_that_a_disabled_row_says_so_in_words(view: LayerView, document: Document) -> None:
    document.set_disabled([1], True)
    row = view.rows.view(2)
    assert row.right == "disabled"
    assert "disabled" in row.spoken
    assert row.spoken.count("disabled") == 1


def test_that_an_error_names_the_type_in_bold_also_below_a_name(view: LayerView, document: Document) -> None:
    document.replace_layer(0, Dense(3, name="first"))
    rows = [view.rows.view(row) for row in range(view.rows.rowCount())]
    wrong = [row for row in rows if row.problem is not None]
    assert wrong
    for row in wrong:
        words = lay_out(row, QRectF(0, 0, 300, 56)).words
        assert words is not None
        assert row.problem is not None
        assert words.toPlainText().startswith(row.problem.sentence)
