"""What the mouse does in the network's list: presses mend buttons, drags layers out, drops them between rows.

Invariant: a drag that ends where it began, or with anything that is not a layer, changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
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

from nncore.editing.mends import Mend
from nncore.losses import Problem
from workbench.document import Document
from workbench.editor.chosen_rows import ChoosingList
from workbench.editor.drop_check import drop_problem
from workbench.editor.drop_marker import paint_count, paint_gap, paint_problem
from workbench.editor.edge_scroller import EdgeScroller
from workbench.editor.layer_delegate import LayerDelegate
from workbench.editor.mime import DraggedLayers, from_mime
from workbench.editor.row_layout import lay_out, plain_height
from workbench.editor.rows import LAYER, RowView
from workbench.theme import fonts
from workbench.theme.theme import current

Index = QModelIndex | QPersistentModelIndex
GAP = 3
"""Pixels between the rows and the scroll bar."""


class MouseList(ChoosingList):
    """A list of the network's rows that takes part in drag and drop.

    Attributes:
        drop_problem: what would not fit if the layers that are dragged were dropped now; None where all would.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.painter_of_rows = LayerDelegate(self)
        self._tall: tuple[RowView, ...] = ()  # the rows with an error when the rows were last laid out
        self._laid: tuple[object, ...] = ()  # what the places of the rows followed from then; empty where they are gone
        self._gap: int | None = None  # where a dragged layer would land: a position in the network
        self._checked: tuple[object, ...] = ()  # for which place and layers ``drop_problem`` holds
        self._dragged: tuple[DraggedLayers, bool] | None = None  # with whether they would move
        self.drop_problem: Problem | None = None
        self.setItemDelegate(self.painter_of_rows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setViewportMargins(0, 0, GAP, 0)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self._edges = EdgeScroller(self)
        self._edges.scrolled.connect(self._follow_scrolling)
        self.setAutoScrollMargin(0)
        self.setDropIndicatorShown(False)  # a line of its own is painted, between rows only
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        current().changed.connect(self.repaint_rows)
        current().text_size_changed.connect(self._show_current_later)

    @Slot()
    def lay_out_again(self) -> None:
        """Ask for the heights of the rows anew, once control is back at the event loop."""
        self.scheduleDelayedItemsLayout()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Take notice of changed rows: only an error, which makes its row taller, moves the others.

        What an edit led to is wholly in sight then, and so is the current row, if it was, with new words under it.
        QListView's own version lays all rows out again, by a timer, and paints them only after that; and that of every
        view looks for the place of each row that changed, so that only those in sight are told to it.
        """
        here, known = self.currentIndex(), self._tall
        if self.rows.tall_rows() != known:
            seen = self.viewport().rect().intersects(self.visualRect(here))
            self.doItemsLayout()
            new_words = here.row() in self.rows.tall_numbers() and self.rows.view(here.row()) not in known
            self._led = self._led or (seen and new_words)
        if self._led:
            self._led = False
            self.scrollTo(here)
        top, bottom = self._in_sight()
        if max(first.row(), top) <= min(last.row(), bottom):
            changed = self.rows.index(max(first.row(), top)), self.rows.index(min(last.row(), bottom))
            QAbstractItemView.dataChanged(self, *changed, roles)

    def _in_sight(self) -> tuple[int, int]:
        """Return the first and the last row in sight."""
        edge = QPoint(0, self.viewport().height() - 1)
        first, last = self.indexAt(QPoint(0, 0)).row(), self.indexAt(edge).row()
        return max(0, first), last if last >= 0 else self.rows.rowCount() - 1

    def doItemsLayout(self) -> None:
        """Lay the rows out where the height of one of them changed, and note which errors have their room.

        Qt wants it for every new order of the rows, too, and asks then for every row and its height.
        """
        self._tall = self.rows.tall_rows()
        heights = (self.rows.rowCount(), self._tall, self.viewport().size(), fonts.scale())
        if heights == self._laid:
            QAbstractItemView.doItemsLayout(self)  # the scroll bars, and painting
            return
        with self.painter_of_rows.laying_out():
            super().doItemsLayout()
        self._laid = heights

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        """Have the rows laid out anew: Qt forgets their places."""
        self._laid = ()
        super().rowsInserted(parent, start, end)

    def reset(self) -> None:
        """Have the rows laid out anew: Qt forgets their places."""
        self._laid = ()
        super().reset()

    @Slot()
    def repaint_rows(self) -> None:
        """Paint the rows in the colours of now."""
        self.viewport().update()

    @Slot()
    def _show_current_later(self) -> None:
        """Bring the current row into view again when the rows have their new heights."""
        QTimer.singleShot(0, self, self._show_current)

    @Slot()
    def _show_current(self) -> None:
        """Do so where there is room for a row: a list that is only being put into its window would scroll for good."""
        if self.isVisible() and self.viewport().height() >= plain_height(LAYER):
            self.scrollTo(self.currentIndex())

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
        count = len(self.document.network)
        index = self.indexAt(place)
        if not index.isValid():  # above all rows or below them
            return 0 if count and place.y() < self.visualRect(self.rows.index(0)).top() else count
        below = place.y() >= self._card(index.row()).center().y()
        return min(max(index.row() - 1 + below, 0), count)

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
        mouse = event.position().toPoint()
        self._edges.hold(mouse)
        action = self._action(event, dragged)
        self._dragged = (dragged, action == Qt.DropAction.MoveAction)
        self._show_gap(self.gap_at(mouse))
        event.setDropAction(action)
        event.accept()

    def _action(self, event: QDropEvent, dragged: DraggedLayers) -> Qt.DropAction:
        """A layer of this list moves, unless Ctrl copies it; one from elsewhere is copied."""
        own = dragged.home == self.rows.home
        copies = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return Qt.DropAction.MoveAction if own and not copies else Qt.DropAction.CopyAction

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._edges.release()
        self._show_gap(None)

    @Slot(QPoint)
    def _follow_scrolling(self, place: QPoint) -> None:
        self._show_gap(self.gap_at(place))

    def dropEvent(self, event: QDropEvent) -> None:
        gap, dragged = self.gap_at(event.position().toPoint()), from_mime(event.mimeData())
        self._show_gap(None)
        self._edges.release()
        self.setState(QAbstractItemView.State.NoState)
        if dragged is None:
            event.ignore()
            return
        action = self._action(event, dragged)
        moved = action == Qt.DropAction.MoveAction
        with self.choosing():
            dropped = self.rows.drop(dragged, action, gap)
        if dropped:
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
        if self.rows.view(self._gap).told is not None:
            y = self._card(self._gap + 1).top() - 3
        painter = QPainter(self.viewport())
        paint_gap(painter, y, self.viewport().width(), self.drop_problem is not None)
        if self.drop_problem is not None:
            neighbours = self._card(self._gap).united(self._card(self._gap + 1))
            end = self.visualRect(self.rows.index(self.rows.rowCount() - 1)).bottom()
            paint_problem(painter, self.drop_problem, neighbours, end, QRectF(self.viewport().rect()))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current row in view, if it was there."""
        here = self.currentIndex()
        seen = here.isValid() and QRect(QPoint(0, 0), event.oldSize()).intersects(self.visualRect(here))
        super().resizeEvent(event)
        if self._tall and event.oldSize().width() != event.size().width():
            self.lay_out_again()  # error texts wrap anew
        if seen and event.size().height() < event.oldSize().height():
            self.scrollTo(here)
