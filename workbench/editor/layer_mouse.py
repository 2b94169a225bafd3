"""What the mouse does in the network's list: presses mend buttons, drags layers out, drops them between rows.

Invariant: a drag that ends where it began, or with anything that is not a layer, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    Qt,
    Slot,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from nncore.losses import Problem
from nncore.mends import Mend
from workbench.document import Document
from workbench.editor.drop_check import drop_problem
from workbench.editor.drop_marker import paint_count, paint_gap, paint_problem
from workbench.editor.edge_scroller import EdgeScroller
from workbench.editor.layer_delegate import LayerDelegate
from workbench.editor.layer_model import LayerModel
from workbench.editor.mime import DraggedLayers, from_mime
from workbench.editor.row_layout import lay_out
from workbench.theme.theme import current

Index = QModelIndex | QPersistentModelIndex


class MouseList(QListView):
    """A list of the network's rows that takes part in drag and drop.

    Attributes:
        document: whose network is shown.
        rows: the model.
        drop_problem: what would not fit if the layers that are dragged were dropped now; None where all would.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.rows = LayerModel(document, self)
        self.painter_of_rows = LayerDelegate(self)
        self._gap: int | None = None  # where a dragged layer would land: a position in the network
        self._mouse = QPoint()
        self._checked: tuple[object, ...] = ()  # for which place and layers ``drop_problem`` holds
        self._dragged: tuple[DraggedLayers, bool] | None = None  # with whether they would move
        self.drop_problem: Problem | None = None
        self.setModel(self.rows)
        self.setItemDelegate(self.painter_of_rows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self._edges = EdgeScroller(self)
        self._edges.scrolled.connect(self._follow_scrolling)
        self.setAutoScrollMargin(0)
        self.setDropIndicatorShown(False)  # a line of its own is painted, between rows only
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self._plain = True  # whether no row had an error when Qt was last told of changes
        current().changed.connect(self.repaint_rows)

    @Slot()
    def lay_out_again(self) -> None:
        """Ask for the heights of the rows anew, once control is back at the event loop."""
        self.scheduleDelayedItemsLayout()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Take notice of changed rows: only an error, which makes its row taller, moves the others.

        QListView's own version lays all rows out again, and paints them only after that.
        """
        plain = not self.document.trace.problems
        if plain and self._plain:
            QAbstractItemView.dataChanged(self, first, last, roles)
        else:
            super().dataChanged(first, last, roles)
        self._plain = plain

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """Make what follows the removed rows current; where several rows can be selected, Qt takes the row above."""
        if start <= self.currentIndex().row() <= end:
            follower = self.rows.index(end + 1)
            self.selectionModel().setCurrentIndex(follower, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        super().rowsAboutToBeRemoved(parent, start, end)

    @Slot()
    def repaint_rows(self) -> None:
        """Paint the rows in the colours of now."""
        self.viewport().update()

    def select_position(self, position: int) -> None:
        """Select the layer at a position in the network, and no other."""
        self.select_positions((position,))

    def select_positions(self, positions: Collection[int], current: int = -1) -> None:
        """Select the layers at these positions, and no others; the last one, or ``current``, becomes the current row.

        Held keys have no say in it, as they would in Qt's own ``setCurrentIndex``.
        """
        selection = QItemSelection()
        for position in positions:
            index = self.rows.index(position + 1)
            selection.select(index, index)
        model = self.selectionModel()
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        place = current if current >= 0 else max(positions, default=-1)
        model.setCurrentIndex(self.rows.index(place + 1), QItemSelectionModel.SelectionFlag.NoUpdate)

    def selected_positions(self) -> list[int]:
        """Return the positions of the selected layers, in order; where no row is selected, that of the current one."""
        chosen = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        return sorted({self.rows.position(index.row()) for index in chosen if index.isValid()} - {-1})

    @Slot()
    def selectAll(self) -> None:
        """Select every layer; input and loss are no layers."""
        self.select_positions(range(len(self.document.network)), max(0, self.rows.position(self.currentIndex().row())))

    # --- Mend buttons ------------------------------------------------------------------------------------------------

    def _mend_at(self, place: QPoint) -> tuple[int, Mend] | None:
        index = self.indexAt(place)
        parts = self.painter_of_rows.layout(index) if index.isValid() else None
        for rect, mend in parts.buttons if parts is not None else ():
            if rect.contains(QPointF(place)):
                return index.row(), mend
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._mend_at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.painter_of_rows.pressed = (found[0], found[1].label)
            self.viewport().update()
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._mend_at(event.position().toPoint())
        hovered = None if found is None else (found[0], found[1].label)
        if hovered != self.painter_of_rows.hovered:
            self.painter_of_rows.hovered = hovered
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hovered else Qt.CursorShape.ArrowCursor)
            self.viewport().update()
        if self.painter_of_rows.pressed is None:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self.painter_of_rows.pressed = self.painter_of_rows.pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
            return
        self.viewport().update()
        found = self._mend_at(event.position().toPoint())
        if found is not None and (found[0], found[1].label) == pressed:
            self.document.apply(found[1])

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and self.painter_of_rows.hovered is not None:
            self.painter_of_rows.hovered = None
            self.viewport().update()
        return super().viewportEvent(event)

    # --- Drag and drop ----------------------------------------------------------------------------------------

    def startDrag(self, supported: Qt.DropAction) -> None:
        # Qt's own version would remove the dragged row after a move; here the model has moved it by then.
        chosen = [self.rows.index(position + 1) for position in self.selected_positions()]
        if not chosen:
            return
        current = self.currentIndex()
        drag = QDrag(self)
        drag.setMimeData(self.rows.mimeData(chosen))
        picture = self._picture(current if current in chosen else chosen[-1], len(chosen))
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(24, round(picture.height() / picture.devicePixelRatio() / 2)))
        drag.exec(supported, Qt.DropAction.MoveAction)

    def _picture(self, index: QModelIndex, count: int) -> QPixmap:
        row = self.rows.view(index.row())
        bounds = QRectF(0, 0, self.viewport().width(), 0)
        card = lay_out(row, bounds).card
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(card.width() * ratio), round((card.bottom() + 2) * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setOpacity(0.85)
        parts = lay_out(row, bounds)
        painter.setClipRect(parts.card)
        self.painter_of_rows.paint_row(painter, row, parts, selected=True)
        if count > 1:
            paint_count(painter, parts.card, count)
        painter.end()
        return picture

    def gap_at(self, place: QPoint) -> int:
        """Return the position in the network where a layer dropped at ``place`` would land."""
        for position in range(len(self.document.network)):
            if place.y() < self._card(position + 1).center().y():
                return position
        return len(self.document.network)

    def _card(self, row: int) -> QRectF:
        return lay_out(self.rows.view(row), QRectF(self.visualRect(self.rows.index(row)))).card

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        self._consider(event)

    def _consider(self, event: QDragMoveEvent) -> None:
        dragged = from_mime(event.mimeData())
        if dragged is None:
            self._show_gap(None)
            event.ignore()
            return
        self._mouse = event.position().toPoint()
        self._edges.hold(self._mouse)
        action = self._action(event)
        self._dragged = (dragged, action == Qt.DropAction.MoveAction)
        self._show_gap(self.gap_at(self._mouse))
        event.setDropAction(action)
        event.accept()

    def _action(self, event: QDropEvent) -> Qt.DropAction:
        """A layer of this list moves, unless Ctrl copies it; one from elsewhere is copied."""
        dragged = from_mime(event.mimeData())
        own = dragged is not None and dragged.home == self.rows.home
        copies = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return Qt.DropAction.MoveAction if own and not copies else Qt.DropAction.CopyAction

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._edges.release()
        self._show_gap(None)

    @Slot(QPoint)
    def _follow_scrolling(self, place: QPoint) -> None:
        self._mouse = place
        self._show_gap(self.gap_at(place))

    def dropEvent(self, event: QDropEvent) -> None:
        gap, action = self.gap_at(event.position().toPoint()), self._action(event)
        self._show_gap(None)
        self._edges.release()
        self.setState(QAbstractItemView.State.NoState)
        dragged = from_mime(event.mimeData())
        if dragged is None:
            event.ignore()
            return
        moved = action == Qt.DropAction.MoveAction
        if self.rows.dropMimeData(event.mimeData(), action, gap + 1, 0, QModelIndex()):
            first = gap - sum(position < gap for position in dragged.positions) if moved else gap
            self.select_positions(range(first, first + len(dragged.layers)))
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.setDropAction(action)
        event.accept()

    def _show_gap(self, gap: int | None) -> None:
        if gap is None:
            self._dragged = None
        state = (gap, self._dragged, self.document.network)
        if gap != self._gap or state != self._checked or self.drop_problem is not None:
            self.viewport().update()
        self._gap = gap
        if state != self._checked:
            self._checked = state
            self.drop_problem = self._check(gap)

    def _check(self, gap: int | None) -> Problem | None:
        if gap is None or self._dragged is None:
            return None
        dragged, moves = self._dragged
        if moves and not self.rows.holds(dragged):
            return None
        return drop_problem(self.document, dragged, gap, moves)

    # --- Painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is None:
            return
        # Row 0 is the input, so the card above the gap is the one whose row has the gap's own number.
        y = (self._card(self._gap).bottom() + self._card(self._gap + 1).top()) / 2
        if self.rows.view(self._gap).problem is not None:
            y = self._card(self._gap + 1).top() - 3
        painter = QPainter(self.viewport())
        paint_gap(painter, y, self.viewport().width(), self.drop_problem is not None)
        if self.drop_problem is not None:
            paint_problem(painter, self.drop_problem, self._mouse, QRectF(self.viewport().rect()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.lay_out_again()  # error texts wrap anew
