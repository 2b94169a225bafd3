"""The undo history: every change by name, and the way to any of them by a click or an arrow key."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from workbench.document import Document
from workbench.theme import blend, current, fill, fonts, icons
from workbench.theme.widgets import card_header, rule

_ROW, _PAD = 26, 10
_SHOWN = 12
"""Rows that the list asks room for."""


class HistoryPanel(QFrame):
    """A card with the list of changes of a document.

    Attributes:
        list: the changes, the beginning first; the current row is the state that is shown.
        close_wanted: the button in the heading was pressed.
    """

    close_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        self.setProperty("card", True)
        self._document = document
        self.list = HistoryList(document, self)
        close = QToolButton()
        close.setObjectName("historyClose")
        close.setProperty("flat", True)
        close.setToolTip(self.tr("Hide the undo history"))
        close.setAccessibleName(close.toolTip())
        icons.bind(close, "close")
        close.clicked.connect(self.close_wanted)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(card_header(self.tr("Undo history"), close))
        whole.addWidget(rule())
        whole.addWidget(self.list)


class HistoryList(QUndoView):
    """Qt's own view of the stack, which goes to the row that is chosen; painted like the other lists."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setObjectName("historyList")
        self.setAccessibleName(self.tr("Undo history"))
        self.setToolTip(self.tr("Choose a line to go back, or forward again, to just after that change"))
        self.setItemDelegate(_Delegate(document, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStack(document.stack)
        document.path_changed.connect(self._name_start)
        document.project_changed.connect(self._name_start)
        document.clean_changed.connect(self._repaint)
        current().changed.connect(self._repaint)
        self._name_start()

    @Slot()
    def _name_start(self) -> None:
        """Say what the first line stands for."""
        words = self.tr("Start: {name}").format(name=self._document.title)
        if words != self.emptyLabel():
            self.setEmptyLabel(words)

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), fonts.pixels(_ROW * _SHOWN))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()


class _Delegate(QStyledItemDelegate):
    """The current state filled, what was taken back dim, what is in the file marked."""

    def __init__(self, document: Document, view: HistoryList) -> None:
        super().__init__(view)
        self._document, self._view = document, view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        size.setHeight(fonts.pixels(_ROW))
        return size

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens, stack, row = current().tokens, self._document.stack, index.row()
        here, pad = row == stack.index(), fonts.pixels(_PAD)
        rect = QRectF(option.rect).adjusted(6, 1, -6, -1)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if here:
            focused = self._view.hasFocus()
            border = tokens.accent if focused else ""
            fill(painter, rect, 6, blend(tokens.accent, tokens.panel, 0.16), border, 2.0)
        elif hovered:
            fill(painter, rect, 6, blend(tokens.text, tokens.panel, 0.06))
        words = rect.adjusted(pad, 0, -pad, 0)
        if row == stack.cleanIndex():
            side = fonts.pixels(16)
            place = QRectF(words.right() - side, words.center().y() - side / 2, side, side).toRect()
            icons.icon("save", "accent" if here else "dim").paint(painter, place)
            words.setRight(words.right() - side - pad / 2)
            painter.setFont(fonts.font(fonts.SMALL))
            painter.setPen(QColor(tokens.dim))
            saved = self.tr("saved")
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), saved)
            words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(saved) - pad / 2)
        painter.setFont(fonts.font(bold=here))
        taken_back = row > stack.index()
        painter.setPen(QColor(tokens.dim if taken_back else tokens.text))
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()
