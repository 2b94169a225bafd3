"""Dropping a layer as the palette does, without the native drag loop that a test cannot steer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from nncore.layers import LAYERS
from workbench.editor.mime import DraggedLayers
from workbench.main_window import MainWindow


def drag_layer(window: MainWindow, name: str, position: int) -> None:
    """Drag the layer called ``name`` from the palette between the rows of the list, to ``position`` in the network."""
    view = window.network.layers
    row = view.rows.index(position + 1)  # the input is the row above the first layer
    where = view.visualRect(row).topLeft() + QPoint(60, 1)
    data = DraggedLayers((LAYERS.get(name).suggested(),)).to_mime()
    actions, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(where, actions, data, button, none))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(where, actions, data, button, none))
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(where), actions, data, button, none))
