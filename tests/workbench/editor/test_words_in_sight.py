"""A layer that was moved, put or edited is wholly in sight with the words under it, whatever brought it there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nncore.editing.clipboard import layers_text
from nncore.layers import Conv2D, Dense, Flatten, MaxPooling2D
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from tests.workbench.dragging import drop
from workbench.document import Document
from workbench.editor import LayerView
from workbench.editor.mime import DraggedLayers
from workbench.theme import current


@pytest.fixture
def low(view: LayerView, document: Document) -> LayerView:
    """The list over four rows in the largest text, its first layer selected."""
    layers = (Conv2D(32, (3, 3), activation="relu"), MaxPooling2D(), Flatten(), Dense(10, "softmax"))
    settings = TrainingSettings(loss=SparseCategoricalCrossentropy())
    document.open(Project("low", Network((28, 28, 1), layers), training=settings))
    document.set_data_info(Target(10), (28, 28, 1))
    current().set_text_size("largest")
    QApplication.processEvents()
    view.resize(480, view.visualRect(view.rows.index(3)).bottom() + 40)
    QApplication.processEvents()
    return view


def below(view: LayerView, row: int) -> QPoint:
    """A place in the lower part of a row's card."""
    return view.visualRect(view.rows.index(row)).bottomLeft() + QPoint(60, -8)


def drag(view: LayerView) -> None:
    drop(view, view.rows.mimeData([view.rows.index(1)]), below(view, 3))


def move_by_keys(view: LayerView) -> None:
    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)


def drop_from_palette(view: LayerView) -> None:
    drop(view, DraggedLayers((Conv2D(8, (3, 3)),)).to_mime(), below(view, 3))


def paste(view: LayerView) -> None:
    QGuiApplication.clipboard().setText(layers_text([Conv2D(8, (3, 3))]))
    view.select_position(2)
    view.paste()


def move_again(view: LayerView) -> None:
    view.document.move_layers([0], 3)
    view.document.stack.undo()
    view.scrollToTop()
    view.document.stack.redo()


def edit_the_row_in_sight(view: LayerView) -> None:
    view.select_position(1)
    view.document.replace_layer(1, MaxPooling2D((50, 50)))


WAYS = (drag, move_by_keys, drop_from_palette, paste, move_again, edit_the_row_in_sight)


@pytest.mark.parametrize("way", WAYS)
def test_that_an_error_of_the_layer_is_in_sight_with_its_buttons(
    low: LayerView, way: Callable[[LayerView], None]
) -> None:
    way(low)
    row = low.visualRect(low.currentIndex())
    assert low.rows.view(low.currentIndex().row()).told is not None
    assert low.viewport().rect().contains(row)


def test_that_a_row_taller_than_the_list_begins_at_its_top(low: LayerView) -> None:
    low.resize(low.width(), 190)
    low.scrollTo(low.rows.index(3))
    low.select_position(2)
    paste(low)
    row = low.visualRect(low.currentIndex())
    assert row.height() > low.viewport().height()
    assert row.top() == 0


def test_that_a_person_who_has_scrolled_away_stays_there_while_editing(low: LayerView, document: Document) -> None:
    low.resize(low.width(), 190)
    low.select_position(1)
    low.scrollToBottom()
    before = low.verticalScrollBar().value()
    document.replace_layer(1, MaxPooling2D((3, 3)))
    assert low.verticalScrollBar().value() == before
