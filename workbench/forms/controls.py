"""Controls that behave in a form: the wheel scrolls past them, and they say what a person did and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QSlider,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from workbench.theme import current, fonts

_Index = QModelIndex | QPersistentModelIndex


class _Entries(QStyledItemDelegate):
    """Paints the open list as the style sheet says; a combo box's own delegate marks an entry in the full accent."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, 9) if _is_separator(index) else super().sizeHint(option, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        if _is_separator(index):
            middle = option.rect.center().y()
            line = option.rect.adjusted(6, 0, -6, 0)
            painter.fillRect(line.left(), middle, line.width(), 1, QColor(current().tokens.line))
        else:
            super().paint(painter, option, index)


def _is_separator(index: _Index) -> bool:
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")  # as Qt marks them


class QuietComboBox(QComboBox):
    """A combo box that lets the wheel scroll the form under it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Names of losses are long; the box may be narrower than its longest entry, the list may not.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setItemDelegate(_Entries(self))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def needed_width(self) -> int:
        """Return how wide the box must be for what is chosen to be read in full."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        return self.fontMetrics().horizontalAdvance(option.currentText) + self.width() - self._room(option)

    def _room(self, option: QStyleOptionComboBox) -> int:
        """Return the width that is left for words."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 4

    def paintEvent(self, event: QPaintEvent) -> None:
        # Under a style sheet Qt cuts a long text off in the middle of a letter.
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self._room(option)
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + fonts.pixels(32))
        super().showPopup()


class QuietSlider(QSlider):
    """A slider that lets the wheel scroll the form under it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ValueEdit(QLineEdit):
    """A line that says when it was changed by a person, and steps with the arrow keys.

    Attributes:
        submitted: Enter was pressed, or the focus left, and the text is another one than was shown or submitted before.
        stepped: the up (1) or down (-1) key.
    """

    submitted = Signal(str)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._told = ""
        self._read = self._written = ""

    def show_text(self, text: str, typed: str = "") -> None:
        """Show a value; this is not a change.

        Args:
            text: the value as it is read: ``1,000``.
            typed: as it is written, while the keyboard is in the line: ``1000``; the same when empty.
        """
        self._read, self._written = text, typed or text
        self._put(self._written if self.hasFocus() else text)
        self.setCursorPosition(0)

    def _put(self, text: str) -> None:
        self._shown = self._told = text
        self.setText(text)

    def show_refused(self, text: str) -> None:
        """Show again what a person submitted and what could not be taken; Escape leads back to the value."""
        self._told = text
        self.setText(text)

    def submit(self) -> None:
        """Report the text if a person changed it."""
        if self.text() != self._told:
            self._told = self.text()
            self.submitted.emit(self._told)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the project's history where nothing is typed that the line could take back."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.text() == self._told:
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            return not (event.matches(undo) or event.matches(redo)) and super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
            self.selectAll()
        elif key == Qt.Key.Key_Escape and not event.modifiers() and self.text() != self._shown:
            self.setText(self._shown)
            self._told = self._shown
            self.submitted.emit(self._shown)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.submit()
            self.stepped.emit(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.text() == self._read != self._written:
            self._put(self._written)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.submit()
            if self.text() == self._written != self._read:
                self._put(self._read)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        menu.addActions(self.actions())
        menu.popup(event.globalPos())
