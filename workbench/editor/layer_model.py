"""The rows of the network's list as a Qt model.

Invariant: the truth is the document; this adapter remembers only which layers Qt has been told of, and tells Qt of
every edit by the narrowest signal there is, so that selection and scroll position survive.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from nncore.edits import Insert, Move, Remove, Several
from nncore.layers import Layer
from nncore.network import Network
from nncore.trace import Trace
from workbench.document import Document
from workbench.editor.mime import LAYER_FORMAT, DraggedLayers, from_mime
from workbench.editor.rows import INPUT, LAYER, LOSS, RowView, input_row, layer_row, loss_row

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the ``RowView`` of a row."""
PLAIN_ROLE = ROW_ROLE + 1
"""Gives the kind of a row without an error, which alone decides its height; None for a row with an error."""


class LayerModel(QAbstractListModel):
    """Input, layers and loss of a document.

    Attributes:
        document: where the rows come from and where drops go to.
        home: names this model in what is dragged out of it.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.home = uuid.uuid4().hex
        self._layers = document.network.layers
        self._views: dict[int, RowView] = {}
        self._views_of: tuple[Trace, tuple[Layer, ...]] = document.trace, self._layers
        document.project_changed.connect(self._follow)
        document.trace_changed.connect(self._announce_all)

    # --- Reading ----------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._layers) + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not self.checkIndex(index, QAbstractListModel.CheckIndexOption.IndexIsValid):
            return None
        if role == ROW_ROLE:
            return self.view(index.row())
        if role == PLAIN_ROLE:
            return self._plain_kind(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.view(index.row())
            return f"{row.title} {row.detail}".strip()
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.view(index.row()).spoken
        return None

    def view(self, row: int) -> RowView:
        """Return what a row of the list says; made once for each state of the document."""
        traced, layers = self._views_of
        if traced is not self.document.trace or layers is not self._layers:
            self._views, self._views_of = {}, (self.document.trace, self._layers)
        if row not in self._views:
            self._views[row] = self._view(row)
        return self._views[row]

    def _view(self, row: int) -> RowView:
        if row == 0:
            return input_row(self.document)
        if row > len(self._layers):
            return loss_row(self.document)
        return layer_row(self.document, self._layers[row - 1], row - 1)

    def _plain_kind(self, row: int) -> str | None:
        traced = self.document.trace
        if row == 0:
            return INPUT if traced.input_problem is None else None
        if row > len(self._layers):
            return LOSS if traced.loss_problem is None else None
        return LAYER if row > len(traced.rows) or traced.rows[row - 1].problem is None else None

    @property
    def follows(self) -> bool:
        """Whether Qt has been told of the document's layers as they are now; in the midst of an edit it has not."""
        return self._layers is self.document.network.layers

    def position(self, row: int) -> int:
        """Return the position in the network of the layer in a row of the list; -1 for input and loss."""
        return row - 1 if 1 <= row <= len(self._layers) else -1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if self.position(index.row()) >= 0:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    # --- Drag and drop ----------------------------------------------------------------------------------------

    def mimeTypes(self) -> list[str]:
        return [LAYER_FORMAT]

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        positions = sorted({self.position(index.row()) for index in indexes} - {-1})
        if not positions:
            return QMimeData()
        layers = tuple(self._layers[position] for position in positions)
        return DraggedLayers(layers, self.home, tuple(positions)).to_mime()

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        return from_mime(data) is not None

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Put dragged layers before a row of the list; whether the network changed by it."""
        dragged = from_mime(data)
        if dragged is None:
            return False
        gap = min(max(row - 1, 0), len(self._layers)) if row >= 0 else len(self._layers)
        if dragged.home != self.home or action == Qt.DropAction.CopyAction:
            return self.document.insert_layers(gap, dragged.layers)
        if not self.holds(dragged):
            return False  # the network changed while the layers were in the air
        return self.document.move_layers(dragged.positions, gap)

    def holds(self, dragged: DraggedLayers) -> bool:
        """Whether the layers that are dragged still lie where they were taken."""
        pairs = zip(dragged.positions, dragged.layers, strict=False)
        known = all(0 <= place < len(self._layers) and self._layers[place] == layer for place, layer in pairs)
        return known and len(set(dragged.positions)) == len(dragged.layers)

    # --- Following the document -------------------------------------------------------------------------------

    @Slot(object)
    def _follow(self, edit: object) -> None:
        layers = self.document.network.layers
        if edit is None:
            self.beginResetModel()
            self._layers = layers
            self.endResetModel()
        elif isinstance(edit, Several):
            network = Network(self.document.network.input_shape, self._layers)
            for part in edit.edits:
                network = part.apply(network)
                self._follow_edit(part, network.layers)
            self._layers = layers
        else:
            self._follow_edit(edit, layers)

    def _follow_edit(self, edit: object, layers: tuple[Layer, ...]) -> None:
        if isinstance(edit, Move):
            gap = edit.target + 2 if edit.target > edit.source else edit.target + 1
            self.beginMoveRows(_NONE, edit.source + 1, edit.source + 1, _NONE, gap)
            self._layers = layers
            self.endMoveRows()
        elif isinstance(edit, Insert):
            self.beginInsertRows(_NONE, edit.index + 1, edit.index + 1)
            self._layers = layers
            self.endInsertRows()
        elif isinstance(edit, Remove):
            self.beginRemoveRows(_NONE, edit.index + 1, edit.index + 1)
            self._layers = layers
            self.endRemoveRows()
        else:
            self._exchange(layers)

    def _exchange(self, layers: tuple[Layer, ...]) -> None:
        """Tell of rows that came and went, by what both ends of the list have in common."""
        old = self._layers
        if len(old) == len(layers):
            self._layers = layers
            return
        shorter = min(len(old), len(layers))
        head = next((at for at in range(shorter) if old[at] != layers[at]), shorter)
        rest = shorter - head
        tail = next((at for at in range(rest) if old[-1 - at] != layers[-1 - at]), rest)
        gone, come = len(old) - head - tail, len(layers) - head - tail
        if gone:
            self.beginRemoveRows(_NONE, head + 1, head + gone)
            self._layers = old[:head] + old[head + gone :]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(_NONE, head + 1, head + come)
            self._layers = layers
            self.endInsertRows()
        self._layers = layers

    @Slot()
    def _announce_all(self) -> None:
        # One layer's change moves the shapes, shares and errors of the others.
        self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))
