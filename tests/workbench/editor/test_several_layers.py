"""Several layers are selected, removed, moved, duplicated, disabled and dragged as one, and undone as one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.layers import LSTM, Activation, Dense, Dropout, Embedding, Flatten, MaxPooling2D
from nncore.losses import Target
from nncore.network import Network
from tests.workbench.editor.conftest import names
from workbench.document import Document
from workbench.editor import LayerView, layer_mouse
from workbench.editor.mime import DraggedLayers
from workbench.theme import current

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def click(qtbot: QtBot, view: LayerView, position: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    place = view.visualRect(view.rows.index(position + 1)).topLeft() + QPoint(20, 12)
    qtbot.mouseClick(view.viewport(), LEFT, modifiers, place)


def test_that_ctrl_and_shift_clicks_select_several_layers(view: LayerView, qtbot: QtBot) -> None:
    click(qtbot, view, 0)
    click(qtbot, view, 2, CONTROL)
    assert view.selected_positions() == [0, 2]
    click(qtbot, view, 0)
    click(qtbot, view, 3, SHIFT)
    assert view.selected_positions() == [0, 1, 2, 3]
    click(qtbot, view, 1)
    assert view.selected_positions() == [1]


def test_that_shift_and_arrows_select_several_layers_and_ctrl_a_all(view: LayerView, qtbot: QtBot) -> None:
    view.select_position(1)
    qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.selected_positions() == [1, 2]
    qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert view.selected_positions() == [1]
    qtbot.keyClick(view, Qt.Key.Key_A, CONTROL)
    assert view.selected_positions() == [0, 1, 2, 3]
    assert not view.selectionModel().isSelected(view.rows.index(0))


def test_that_ctrl_and_space_select_without_the_mouse(view: LayerView, qtbot: QtBot) -> None:
    view.select_position(0)
    qtbot.keyClick(view, Qt.Key.Key_Down, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Down, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Space, CONTROL)
    assert view.selected_positions() == [0, 2]


def test_that_several_layers_are_removed_and_come_back_in_one_step(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    before = document.project
    view.select_positions([0, 2])
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert names(document) == ["Dense", "Dense"]
    assert document.stack.undoText() == "Remove 2 layers"
    assert document.stack.count() == 1
    document.stack.undo()
    assert document.project == before
    document.stack.redo()
    assert names(document) == ["Dense", "Dense"]


def test_that_several_layers_move_together_and_stay_selected(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_positions([2, 3])
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    assert names(document) == ["Flatten", "Dropout", "Dense", "Dense"]
    assert document.network.layers[2] == Dense(10, "softmax")
    assert view.selected_positions() == [1, 2]
    assert document.stack.undoText() == "Move 2 layers"
    qtbot.keyClick(view, Qt.Key.Key_Down, ALT)
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]
    qtbot.keyClick(view, Qt.Key.Key_Down, ALT)
    assert document.stack.count() == 2  # at the end there is no further down


def test_that_several_layers_are_duplicated_behind_the_last_of_them(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_positions([0, 2])
    qtbot.keyClick(view, Qt.Key.Key_D, CONTROL)
    assert names(document) == ["Flatten", "Dense", "Dropout", "Flatten", "Dropout", "Dense"]
    assert view.selected_positions() == [3, 4]
    assert document.stack.undoText() == "Duplicate 2 layers"
    document.stack.undo()
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]


def test_that_ctrl_slash_disables_and_enables_the_selected_layers(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_positions([1, 2])
    assert view.commands["disableLayersAction"].text() == "Disa&ble layer"
    plain = view.viewport().grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_Slash, CONTROL)
    assert [layer.disabled for layer in document.network.layers] == [False, True, True, False]
    assert view.rows.view(2).disabled
    assert "disabled" in view.rows.view(2).spoken
    assert view.viewport().grab().toImage() != plain
    assert view.commands["disableLayersAction"].text() == "Ena&ble layer"
    qtbot.keyClick(view, Qt.Key.Key_Slash, CONTROL)
    assert not any(layer.disabled for layer in document.network.layers)
    assert document.stack.count() == 2


def test_that_commands_rest_where_they_could_do_nothing(view: LayerView) -> None:
    view.selectionModel().setCurrentIndex(view.rows.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    assert not view.commands["removeLayersAction"].isEnabled()
    assert view.commands["pasteLayersAction"].isEnabled()
    view.select_positions([0, 1])
    assert not view.commands["moveLayersUpAction"].isEnabled()
    assert view.commands["moveLayersDownAction"].isEnabled()


# --- Dragging -------------------------------------------------------------------------------------------------------


def hold(view: LayerView, mime: QMimeData, position: int, modifiers: Qt.KeyboardModifier = NONE) -> QPoint:
    """Hold something over the gap before the layer at ``position``; return the place."""
    place = view.visualRect(view.rows.index(position + 1)).topLeft() + QPoint(60, 8)
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(QPoint(5, 5), BOTH, mime, LEFT, modifiers))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(place, BOTH, mime, LEFT, modifiers))
    return place


def drop(view: LayerView, mime: QMimeData, position: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    place = hold(view, mime, position, modifiers)
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(place), BOTH, mime, LEFT, modifiers))


def of_rows(view: LayerView, *positions: int) -> QMimeData:
    return view.rows.mimeData([view.rows.index(position + 1) for position in positions])


@pytest.mark.parametrize(("gap", "order"), [
    (0, ["Flatten", "Dropout", "Dense", "Dense"]),
    (2, ["Dense", "Flatten", "Dropout", "Dense"]),
    (4, ["Dense", "Dense", "Flatten", "Dropout"]),
])  # fmt: skip
def test_that_several_dragged_layers_land_side_by_side(
    view: LayerView, document: Document, gap: int, order: list[str]
) -> None:
    drop(view, of_rows(view, 0, 2), gap)
    assert names(document) == order
    first = order.index("Flatten")
    assert view.selected_positions() == [first, first + 1]
    assert document.stack.count() == 1
    document.stack.undo()
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]


def test_that_ctrl_copies_several_dragged_layers(view: LayerView, document: Document) -> None:
    drop(view, of_rows(view, 1, 2), 4, CONTROL)
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense", "Dense", "Dropout"]
    assert document.stack.undoText() == "Insert 2 layers"


# --- A drop that cannot work ----------------------------------------------------------------------------------------


def wrongs(view: LayerView) -> int:
    image, wrong = view.viewport().grab().toImage(), current().tokens.wrong
    return sum(image.pixelColor(4, y).name() == wrong for y in range(image.height()))


def test_that_a_drop_that_cannot_work_says_why_before_it_is_dropped(view: LayerView, document: Document) -> None:
    picture = DraggedLayers((MaxPooling2D(),)).to_mime()
    hold(view, picture, 3)
    assert view.drop_problem is not None
    assert "MaxPooling2D" in view.drop_problem.sentence
    assert view.drop_problem.remedy == "Drop it above Flatten."  # there is nothing to remove yet
    assert wrongs(view) > 0
    assert document.stack.count() == 0
    QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
    assert view.drop_problem is None
    assert wrongs(view) == 0


def test_that_a_drop_that_works_is_not_warned_of_and_one_that_does_not_stays_allowed(
    view: LayerView, document: Document
) -> None:
    hold(view, DraggedLayers((Dropout(0.5),)).to_mime(), 2)
    assert view.drop_problem is None
    drop(view, DraggedLayers((MaxPooling2D(),)).to_mime(), 3)
    assert "MaxPooling2D" in names(document)
    assert view.drop_problem is None


def test_that_moving_a_layer_away_from_where_it_is_needed_is_warned_of(view: LayerView) -> None:
    hold(view, of_rows(view, 0), 4)
    assert view.drop_problem is not None
    hold(view, of_rows(view, 0, 2), 4)
    assert view.drop_problem is not None
    assert view.drop_problem.remedy == "Drop them at the top.", "the Flatten is one of those in the hand"


def test_that_the_words_say_only_where_the_layers_do_fit(view: LayerView, document: Document) -> None:
    hold(view, DraggedLayers((MaxPooling2D(), MaxPooling2D())).to_mime(), 3)
    assert view.drop_problem is not None
    assert view.drop_problem.remedy == "Drop them above Flatten."
    document.remove(0)
    document.set_data_info(Target(10), (16,))
    document.open(document.project.replace(network=Network((16,), document.network.layers)))
    hold(view, DraggedLayers((MaxPooling2D(),)).to_mime(), 3)
    assert view.drop_problem is not None
    assert view.drop_problem.remedy == ""
    hold(view, DraggedLayers((Embedding(10, 4), Flatten())).to_mime(), 3)
    assert view.drop_problem is not None
    assert view.drop_problem.remedy == "Drop them at the top."


@pytest.mark.parametrize("height", [700, 420, 300])
@pytest.mark.parametrize("gap", range(1, 5))
def test_that_the_words_cover_neither_row_beside_the_gap(
    view: LayerView, gap: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: list[QRectF] = []
    paint = layer_mouse.paint_problem
    monkeypatch.setattr(layer_mouse, "paint_problem", lambda *given: boxes.append(paint(*given)))
    view.resize(300, height)
    view.scrollTo(view.rows.index(gap + 1))
    hold(view, DraggedLayers((MaxPooling2D(),)).to_mime(), gap)
    view.viewport().grab()
    assert view.drop_problem is not None
    box = boxes[-1]
    assert QRectF(view.viewport().rect()).contains(box)
    rows = [QRectF(view.visualRect(view.rows.index(row))) for row in range(view.rows.rowCount())]
    assert not any(box.intersects(row.adjusted(0, 4, 0, -4)) for row in rows[gap : gap + 2])
    if rows[-1].bottom() + box.height() + 12 < view.viewport().height():
        assert box.top() > rows[-1].bottom()


def test_that_what_was_wrong_before_is_no_warning(view: LayerView, document: Document) -> None:
    document.replace_layer(3, LSTM(4))
    hold(view, DraggedLayers((Activation("relu"),)).to_mime(), 1)
    assert view.drop_problem is None


def test_that_a_place_is_checked_once(view: LayerView, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[int] = []
    monkeypatch.setattr("workbench.editor.layer_mouse.drop_problem", lambda *given: checked.append(given[2]))
    mime = DraggedLayers((Dropout(0.5),)).to_mime()
    for _ in range(5):
        hold(view, mime, 2)
    assert checked.count(2) <= 5
    place = view.visualRect(view.rows.index(3)).topLeft() + QPoint(60, 8)
    count = len(checked)
    for step in range(5):
        QApplication.sendEvent(view.viewport(), QDragMoveEvent(place + QPoint(step, 0), BOTH, mime, LEFT, NONE))
    assert len(checked) == count
