"""Which rows of the network's list are selected, and how the selection follows an edit.

Invariant: an edit made here, undone or made again selects the layers that it touched, or what closes the gap where it
only took some away. The keyboard stays where it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Slot
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QListView, QWidget

from nncore.editing.edit_places import Place
from workbench.commands import UNDO
from workbench.document import Document
from workbench.editor.layer_model import LayerModel

Index = QModelIndex | QPersistentModelIndex


class ChoosingList(QListView):
    """A list of the network's rows in which layers are selected.

    Attributes:
        document: whose network is shown.
        rows: the model.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.rows = LayerModel(document, self)
        self.setModel(self.rows)
        self._choosing = self._settling = False
        self._led = False  # an edit chose other layers, and its trace, which decides the heights of rows, is not there
        self.rows.following.connect(self._let_go)
        self.rows.followed.connect(self._follow_edit)

    def select_position(self, position: int) -> None:
        """Select the layer at a position in the network, and no other."""
        self.select_positions((position,))

    def select_positions(self, positions: Collection[int], current: int = -1) -> None:
        """Select the layers at these positions, and no others; the last one, or ``current``, becomes the current row.

        Held keys have no say in it, as they would in Qt's own ``setCurrentIndex``.
        """
        selection = QItemSelection()
        for first, last in runs(sorted(positions)):
            selection.select(self.rows.index(first + 1), self.rows.index(last + 1))
        model = self.selectionModel()
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        place = current if current >= 0 else max(positions, default=-1)
        model.setCurrentIndex(self.rows.index(place + 1), QItemSelectionModel.SelectionFlag.NoUpdate)

    def selected_positions(self) -> list[int]:
        """Return the positions of the selected layers, in order; where no row is selected, that of the current one."""
        selection = self.selectionModel().selection()
        parts = [selection.at(number) for number in range(selection.count())]
        rows = {row for part in parts for row in range(part.top(), part.bottom() + 1)}
        return sorted({self.rows.position(row) for row in rows or {self.currentIndex().row()}} - {-1})

    @Slot()
    def selectAll(self) -> None:
        """Select every layer; input and loss are no layers."""
        self.select_positions(range(len(self.document.network)), max(0, self.rows.position(self.currentIndex().row())))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return where selected rows are: the whole list for more than one.

        Qt's own version asks for the height of each selected row, which takes longer than painting those in sight.
        """
        if sum(selection.at(number).height() for number in range(selection.count())) > 1:
            return QRegion(self.viewport().rect())
        return super().visualRegionForSelection(selection)

    # --- Following edits --------------------------------------------------------------------------------------

    @contextmanager
    def choosing(self) -> Iterator[None]:
        """Have the edits that are made within select what they touch."""
        self._choosing = True
        try:
            yield
        finally:
            self._choosing = False

    def _chooses(self, places: Sequence[Place], before: int) -> bool:
        """Whether an edit selects something else: it was made here or comes from the undo list, and touches layers."""
        mine = self._choosing or bool(self.document.way)
        return mine and (len(places) != before or any(place.touched for place in places))

    @Slot(object, int)
    def _let_go(self, places: Sequence[Place], before: int) -> None:
        """Select nothing where the selection is chosen anew after an edit.

        Qt would lead every selected row to its new place by itself: of 200, that takes as long as the edit.
        """
        if self._chooses(places, before):
            self._settling = True
            self.selectionModel().clearSelection()
            self._settling = False

    @Slot(object, int)
    def _follow_edit(self, places: Sequence[Place], before: int) -> None:
        """Select what an edit touched that was made here, or comes from the undo list."""
        if not self._chooses(places, before):
            return
        touched = [position for position, place in enumerate(places) if place.touched]
        origins = [place.origin for place in places if place.origin is not None]
        gone = set(range(before)).difference(origins)
        self._led = self._settling = True  # the trace that comes with the edit tells the choice
        if touched:
            self.select_positions(touched)
        elif gone:
            self._close_gap(origins, gone)
        self._settling = False

    def _close_gap(self, origins: Sequence[int], gone: Collection[int]) -> None:
        """Select the layer behind those that went; where adding them was undone, the one that they came behind."""
        first, last = min(gone), max(gone)
        if not origins:
            self.select_first()
        elif self.document.way == UNDO:
            self.select_position(max(0, sum(origin < first for origin in origins) - 1))
        else:
            self.select_position(min(sum(origin < last for origin in origins), len(origins) - 1))

    @Slot()
    def select_first(self) -> None:
        """Make the first layer current, or the input where there is none."""
        self.select_positions((), 0 if len(self.document.network) else -1)
        self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Make what follows the removed rows current; where several rows can be selected, Qt takes the row above."""
        if start <= self.currentIndex().row() <= end:
            follower = self.rows.index(end + 1)
            self.selectionModel().setCurrentIndex(follower, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        super().rowsAboutToBeRemoved(parent, start, end)


def runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of positions without a gap; Qt keeps a range for each."""
    first = last = None
    for position in positions:
        if last is not None and first is not None and position == last + 1:
            last = position
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = position
    if first is not None and last is not None:
        yield first, last
