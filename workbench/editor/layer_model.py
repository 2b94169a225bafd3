"""The rows of the network's list as a Qt model.

Invariant: the truth is the document; this adapter remembers only which layers Qt has been told of, and tells Qt of
every edit by the narrowest signal there is, so that selection and scroll position survive.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from nncore.editing.edit_places import places_after, places_between
from nncore.editing.edits import Edit, Move
from nncore.layers import Layer
from nncore.project import Change
from nncore.trace import Trace
from workbench.document import Document
from workbench.editor.mime import LAYER_FORMAT, DraggedLayers, from_mime
from workbench.editor.row_changes import Put, RowChange, Taken, row_changes
from workbench.editor.rows import INPUT, LAYER, LOSS, RowView, input_row, layer_row, loss_row
from workbench.theme import fonts

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
# Qt asks for these so often that putting them together each time would take most of an edit of many layers.
_ROW_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_LAYER_FLAGS = _ROW_FLAGS | Qt.ItemFlag.ItemIsDragEnabled
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the ``RowView`` of a row."""


class LayerModel(QAbstractListModel):
    """Input, layers and loss of a document.

    Attributes:
        following: Qt is about to be told of an edit; carries what will stand at each position, and how many layers
            there are still.
        followed: Qt has been told of an edit; carries what stands at each position now, and how many layers there were.
        document: where the rows come from and where drops go to.
        home: names this model in what is dragged out of it.
    """

    following = Signal(object, int)
    followed = Signal(object, int)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.home = uuid.uuid4().hex
        self._layers = document.network.layers
        self._views: dict[int, RowView] = {}
        self._tall: frozenset[int] | None = None
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
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.view(index.row())
            return f"{row.title} {row.detail}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.view(index.row()).spoken
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(self.view(index.row()))
        return None

    def view(self, row: int) -> RowView:
        """Return what a row of the list says; made once for each state of the document."""
        self._renew()
        if row not in self._views:
            self._views[row] = self._view(row)
        return self._views[row]

    def _renew(self) -> None:
        """Forget what was made for another state of the document."""
        traced, layers = self._views_of
        if traced is not self.document.trace or layers is not self._layers:
            self._views, self._views_of, self._tall = {}, (self.document.trace, self._layers), None

    def _view(self, row: int) -> RowView:
        if row == 0:
            return input_row(self.document)
        if row > len(self._layers):
            return loss_row(self.document)
        return layer_row(self.document, self._layers[row - 1], row - 1)

    def plain_kind(self, row: int) -> str | None:
        """Return the kind of a row without words under it, which alone decides its height; None for one with words."""
        if row in self.tall_numbers():
            return None
        return INPUT if row == 0 else LOSS if row > len(self._layers) else LAYER

    def tall_rows(self) -> tuple[RowView, ...]:
        """Return the rows with an error or a hint, whose height depends on what they say."""
        return tuple(self.view(row) for row in sorted(self.tall_numbers()))

    def tall_numbers(self) -> frozenset[int]:
        """Return which rows have words under them; found once for each state, as Qt asks for every row's height."""
        self._renew()
        if self._tall is None:
            traced, end = self.document.trace, len(self._layers) + 1
            problems = (traced.input_problem, *(row.problem for row in traced.rows[: end - 1]))
            wrong = {row for row, problem in enumerate(problems) if problem is not None}
            told = {min(position + 1, end) for position in self.document.hints}
            self._tall = frozenset(wrong | told | ({end} if traced.loss_problem is not None else set()))
        return self._tall

    def mend_row(self, current: int) -> int:
        """Return the row whose first change the key makes: the current one, or else the first with an error, or hint.

        -1 where no row has a change that mends it.
        """
        wrong = [position for position, found in self.document.mends.items() if found]
        hinted = [position for position, hint in self.document.hints.items() if hint.mends]
        if current - 1 in (*wrong, *hinted):
            return current
        return min(wrong or hinted, default=-2) + 1

    @property
    def follows(self) -> bool:
        """Whether Qt has been told of the document's layers as they are now; in the midst of an edit it has not."""
        return self._layers is self.document.network.layers

    def position(self, row: int) -> int:
        """Return the position in the network of the layer in a row of the list; -1 for input and loss."""
        return row - 1 if 1 <= row <= len(self._layers) else -1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return _ROW_FLAGS if self.position(index.row()) < 0 else _LAYER_FLAGS

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
        gap = min(max(row - 1, 0), len(self._layers)) if row >= 0 else len(self._layers)
        return dragged is not None and self.drop(dragged, action, gap)

    def drop(self, dragged: DraggedLayers, action: Qt.DropAction, gap: int) -> bool:
        """Put dragged layers to a position in the network; whether it changed by it."""
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
    def _follow(self, edit: Edit | Change | None) -> None:
        old, new = self._layers, self.document.network.layers
        if edit is None:
            self.beginResetModel()
            self._layers = new
            self.endResetModel()
            return
        if isinstance(edit, Change):
            places = places_between(edit.before.network, edit.after.network)
        else:
            places = places_after(edit, len(old))
        self.following.emit(places, len(old))
        if isinstance(edit, Move):
            gap = edit.target + 2 if edit.target > edit.source else edit.target + 1
            self.beginMoveRows(_NONE, edit.source + 1, edit.source + 1, _NONE, gap)
            self._layers = new
            self.endMoveRows()
        else:
            for change in row_changes(old, new, places):
                self._make(change)
        self._layers = new
        self.followed.emit(places, len(old))

    def _make(self, change: RowChange) -> None:
        """Tell Qt of rows that come, go or change their order."""
        if isinstance(change, Taken):
            self.beginRemoveRows(_NONE, change.first + 1, change.last + 1)
            self._layers = change.layers
            self.endRemoveRows()
        elif isinstance(change, Put):
            self.beginInsertRows(_NONE, change.first + 1, change.last + 1)
            self._layers = change.layers
            self.endInsertRows()
        else:
            self.layoutAboutToBeChanged.emit()
            known = self.persistentIndexList()
            ends = {0: 0, len(self._layers) + 1: len(self._layers) + 1}
            rows = [index.row() for index in known]
            self._layers = change.layers
            moved = [self.index(ends[row] if row in ends else change.targets[row - 1] + 1) for row in rows]
            self.changePersistentIndexList(known, moved)
            self.layoutChanged.emit()

    @Slot()
    def _announce_all(self) -> None:
        # One layer's change moves the shapes, shares and errors of the others.
        self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))


def _tip(row: RowView) -> str:
    """Return a row as rich text, of which alone Qt breaks long lines; each number has a line of its own."""
    told = row.told
    problem = html.escape(f"{told.sentence} {told.remedy}") if told is not None else ""
    facts = "<br>".join(map(html.escape, row.facts))
    parts = (f"{fonts.strong(html.escape(row.title))} {html.escape(row.detail)}", facts, problem)
    return "".join(f"<p>{part}</p>" for part in parts if part)
