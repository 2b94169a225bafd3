"""The line that stands in the place of a heading while its name is changed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from workbench.theme import fonts

LONGEST = 40


class NameEdit(QLineEdit):
    """Asks for a name once: Enter and leaving it take what is typed, Escape does not.

    After a key the focus is where it was before: Qt would give it to whatever comes next, such as Train.

    Attributes:
        taken: carries the name.
        ended: the line is no longer needed; emitted once each time, after ``taken``.
    """

    taken = Signal(str)
    ended = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asking = False
        self._before: QWidget | None = None
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Name of the layer"))
        self.setToolTip(self.tr("A name of your own; empty for the usual one. Enter takes it, Escape does not."))
        self.setMaxLength(LONGEST)
        self.setMinimumWidth(fonts.pixels(120))
        self.hide()

    def ask(self, text: str) -> None:
        """Show the line with a name to change."""
        self._asking = True
        self._before = QApplication.focusWidget()
        self.setText(text)
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def _end(self, take: bool) -> None:
        if self._asking:
            self._asking = False
            if self.hasFocus() and self._before is not None and isValid(self._before):
                self._before.activateWindow()  # it may be in another one than this line
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            if take:
                self.taken.emit(self.text())
            self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(take=True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end(take=False)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._end(take=True)
