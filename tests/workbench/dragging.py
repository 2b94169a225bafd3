"""Dropping layers into the list, without the native drag loop that a test cannot steer."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from nncore.layers import LAYERS
from workbench.editor import LayerView
from workbench.editor.mime import DraggedLayers
from workbench.main_window import MainWindow

BOTH = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
NONE = Qt.KeyboardModifier.NoModifier


def drop(view: LayerView, mime: QMimeData, place: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> QDropEvent:
    """Drag something over the list as Qt would, and let it fall at ``place``."""
    target, left = view.viewport(), Qt.MouseButton.LeftButton
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), BOTH, mime, left, modifiers))
    QApplication.sendEvent(target, QDragMoveEvent(place, BOTH, mime, left, modifiers))
    event = QDropEvent(QPointF(place), BOTH, mime, left, modifiers)
    QApplication.sendEvent(target, event)
    return event


def drag_layer(window: MainWindow, name: str, position: int) -> None:
    """Drag the layer called ``name`` from the palette between the rows of the list, to ``position`` in the network."""
    view = window.network.layers
    row = view.rows.index(position + 1)  # the input is the row above the first layer
    where = view.visualRect(row).topLeft() + QPoint(60, 1)
    drop(view, DraggedLayers((LAYERS.get(name).suggested(),)).to_mime(), where)
