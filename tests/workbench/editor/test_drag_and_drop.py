"""Layers are dropped between rows; what is not a layer, or lands where it was, changes nothing."""

from __future__ import annotations

import json
from typing import ClassVar

import pytest
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from nncore.editing.clipboard import read_layers
from nncore.layers import Activation, Dense, Dropout, Layer
from tests.workbench.dragging import BOTH, NONE, drop
from tests.workbench.editor.conftest import names
from workbench.document import Document
from workbench.editor import LAYER_FORMAT, LayerView, layer_mouse
from workbench.editor import palette_list as palette_module
from workbench.editor.mime import DraggedLayers, from_mime
from workbench.editor.palette import PaletteList
from workbench.theme import current


def above(view: LayerView, row: int) -> QPoint:
    """A place in the upper part of a row's card."""
    return view.visualRect(view.rows.index(row)).topLeft() + QPoint(60, 8)


def of_row(view: LayerView, row: int) -> QMimeData:
    return view.rows.mimeData([view.rows.index(row)])


def new(name: str = "tanh") -> QMimeData:
    return DraggedLayers((Activation(name),)).to_mime()


@pytest.mark.parametrize(
    ("row", "position"), [(0, 0), (1, 0), (2, 1), (4, 3), (5, 4)], ids=["input", "first", "second", "last", "loss"]
)
def test_that_a_layer_from_the_palette_lands_above_the_row_it_is_dropped_on(
    view: LayerView, document: Document, row: int, position: int
) -> None:
    event = drop(view, new(), above(view, row))
    assert event.isAccepted()
    assert document.network.layers[position] == Activation("tanh")
    assert len(document.network) == 5
    assert view.selected_position() == position


def test_that_a_layer_dropped_below_everything_is_the_last(view: LayerView, document: Document) -> None:
    drop(view, new(), QPoint(60, view.viewport().height() - 5))
    assert document.network.layers[-1] == Activation("tanh")


def test_that_the_lower_half_of_a_row_means_behind_it(view: LayerView, document: Document) -> None:
    drop(view, new(), view.visualRect(view.rows.index(1)).bottomLeft() + QPoint(60, -8))
    assert names(document)[:2] == ["Flatten", "Activation"]


@pytest.mark.parametrize(("row", "place", "order"), [
    (3, 1, ["Dropout", "Flatten", "Dense", "Dense"]),
    (1, 4, ["Dense", "Dropout", "Flatten", "Dense"]),
    (1, 5, ["Dense", "Dropout", "Dense", "Flatten"]),
    (4, 0, ["Dense", "Flatten", "Dense", "Dropout"]),
])  # fmt: skip
def test_that_a_dragged_layer_moves(
    view: LayerView, document: Document, row: int, place: int, order: list[str]
) -> None:
    layer = document.network.layers[row - 1]
    event = drop(view, of_row(view, row), above(view, place))
    assert event.dropAction() == Qt.DropAction.MoveAction
    assert names(document) == order
    assert document.network.layers[view.selected_position()] == layer
    assert document.stack.count() == 1


@pytest.mark.parametrize("place", [2, 3])
def test_that_dropping_a_layer_on_itself_changes_nothing(view: LayerView, document: Document, place: int) -> None:
    drop(view, of_row(view, 2), above(view, place))
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]
    assert document.stack.count() == 0


def test_that_ctrl_copies_a_dragged_layer(view: LayerView, document: Document) -> None:
    event = drop(view, of_row(view, 2), above(view, 4), Qt.KeyboardModifier.ControlModifier)
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense", "Dense"]


def test_that_a_layer_of_another_list_is_copied(view: LayerView, document: Document, qtbot: QtBot) -> None:
    other = LayerView(Document(document.project))
    qtbot.addWidget(other)
    drop(view, of_row(other, 2), above(view, 1))
    assert names(document) == ["Dense", "Flatten", "Dense", "Dropout", "Dense"]
    assert len(other.document.network) == 4


def test_that_a_layer_that_changed_while_in_the_air_is_left_alone(view: LayerView, document: Document) -> None:
    mime = of_row(view, 2)
    document.replace_layer(1, Dense(99))
    count = document.stack.count()
    drop(view, mime, above(view, 1))
    assert document.stack.count() == count


def foreign(content: object) -> QMimeData:
    mime = QMimeData()
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    mime.setData(LAYER_FORMAT, QByteArray(raw))
    return mime


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 50_000,
        b" " * 200_000,
        [],
        {"type": "Dense", "units": 10**9},
        {"type": "NoSuchLayer"},
        {"units": 3},
        3,
    ],
)
def test_that_rubbish_from_another_program_changes_nothing(
    view: LayerView, document: Document, content: object
) -> None:
    event = drop(view, foreign(content), above(view, 1))
    assert not event.isAccepted()
    assert document.stack.count() == 0


def test_that_a_file_is_not_taken_for_a_layer(view: LayerView) -> None:
    mime = QMimeData()
    mime.setText("Dense")
    assert not drop(view, mime, above(view, 1)).isAccepted()


def accents(view: LayerView) -> int:
    """How many pixels of the list's left edge have the colour of the drop indicator."""
    image, accent = view.viewport().grab().toImage(), QColor(current().tokens.accent)
    return sum(image.pixelColor(4, y) == accent for y in range(image.height()))


def test_that_a_line_shows_where_the_layer_will_land(view: LayerView) -> None:
    view.select_position(3)
    view.clearSelection()
    assert accents(view) == 0
    mime, left = new(), Qt.MouseButton.LeftButton
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(above(view, 2), BOTH, mime, left, NONE))
    assert accents(view) > 0
    QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
    assert accents(view) == 0


def test_that_a_layer_survives_its_journey() -> None:
    dragged = DraggedLayers((Dense(7, "tanh", use_bias=False),), "home", (3,))
    assert from_mime(dragged.to_mime()) == dragged


def test_that_what_travels_is_the_json_of_the_layer() -> None:
    layer = Dense(7, "tanh")
    mime = DraggedLayers((layer,)).to_mime()
    assert read_layers(bytes(mime.data(LAYER_FORMAT).data()).decode()).layers == (layer,)
    assert read_layers(mime.text()).layers == (layer,)


def test_that_a_lie_about_the_place_changes_nothing(view: LayerView, document: Document) -> None:
    for position in (-1, 99, 0):
        drop(view, DraggedLayers((Activation("tanh"),), view.rows.home, (position,)).to_mime(), above(view, 3))
    assert document.stack.count() == 0


def test_that_the_list_scrolls_while_a_layer_is_held_at_its_edge_and_stops_when_it_drops(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    for _ in range(20):
        document.insert(0, Activation("relu"))
    view.resize(300, 300)
    view.executeDelayedItemsLayout()
    bar = view.verticalScrollBar()
    bar.setValue(0)
    edge = QPoint(60, view.viewport().height() - 3)
    mime, left = new(), Qt.MouseButton.LeftButton
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(edge, BOTH, mime, left, NONE))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(edge, BOTH, mime, left, NONE))
    qtbot.waitUntil(lambda: bar.value() > 20)
    assert bar.value() < bar.maximum()
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(edge), BOTH, mime, left, NONE))
    assert view.state() == QAbstractItemView.State.NoState
    assert not any(timer.isActive() for timer in view.findChildren(QTimer))


class RecordedDrag:
    """Stands for QDrag, whose own event loop would wait for a real mouse."""

    dragged: ClassVar[list[Layer]] = []

    def __init__(self, source: QWidget) -> None:
        assert source is not None

    def setMimeData(self, mime: QMimeData) -> None:
        found = from_mime(mime)
        assert found is not None
        self.dragged.extend(found.layers)

    def setPixmap(self, pixmap: QPixmap) -> None:
        assert pixmap.width() > 50
        assert pixmap.height() > 20

    def setHotSpot(self, spot: QPoint) -> None:
        pass

    def exec(self, *actions: Qt.DropAction) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[Layer]:
    monkeypatch.setattr(RecordedDrag, "dragged", [])
    monkeypatch.setattr(palette_module, "QDrag", RecordedDrag)
    monkeypatch.setattr(layer_mouse, "QDrag", RecordedDrag)
    return RecordedDrag.dragged


def pull(qtbot: QtBot, view: QAbstractItemView, start: QPoint) -> None:
    """Press the left button, move away, and let go."""
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mousePress(port, left, pos=start)
    for step in (4, 12, 24):
        place = QPointF(start + QPoint(0, step))
        move = QMouseEvent(QEvent.Type.MouseMove, place, port.mapToGlobal(place), left, left, NONE)
        QApplication.sendEvent(port, move)
    qtbot.mouseRelease(port, left, pos=start + QPoint(0, 24))


def test_that_the_mouse_pulls_a_layer_out_of_the_palette(qtbot: QtBot, drags: list[Layer]) -> None:
    entries = PaletteList()
    qtbot.addWidget(entries)
    entries.show()
    for name in ("Dropout", "Core"):
        (item,) = entries.findItems(name, Qt.MatchFlag.MatchExactly)
        pull(qtbot, entries, entries.visualItemRect(item).center())
    assert drags == [Dropout.suggested()]


def test_that_the_mouse_pulls_layers_but_not_input_and_loss(
    view: LayerView, document: Document, qtbot: QtBot, drags: list[Layer]
) -> None:
    for row in (2, 0, 5):
        pull(qtbot, view, view.visualRect(view.rows.index(row)).center())
    assert drags == [Dense(16, "relu")]
    assert document.stack.count() == 0  # whoever takes the layer moves it, never the one who lets go


def test_that_pulling_at_a_mend_button_drags_nothing(
    view: LayerView, document: Document, qtbot: QtBot, drags: list[Layer]
) -> None:
    document.remove(0)
    view.executeDelayedItemsLayout()
    parts = view.painter_of_rows.layout(view.rows.index(1))
    assert parts is not None
    pull(qtbot, view, parts.buttons[0][0].center().toPoint())
    assert drags == []


def test_that_the_palette_drags_what_the_list_takes(view: LayerView, document: Document, qtbot: QtBot) -> None:
    palette = PaletteList()
    qtbot.addWidget(palette)
    (item,) = palette.findItems("Dropout", Qt.MatchFlag.MatchExactly)
    layer = palette.layer(item)
    assert layer is not None
    drop(view, DraggedLayers((layer,)).to_mime(), above(view, 1))
    assert names(document)[0] == "Dropout"
