"""The status bar's tip of what is under the mouse, which waits while a message is fresh.

Qt shows such a tip in place of all else in the bar, and the mouse lies on the very button whose message has just come.

Invariant: a fresh message is seen; a tip that had to wait for it comes afterwards if the mouse is still there.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QStatusTipEvent
from PySide6.QtWidgets import QMainWindow

FRESH = 5000  # milliseconds for which a message is fresh: long enough to read two sentences


class Tips(QObject):
    """Holds back the tips of one window."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._bar = window.statusBar()
        self._tip = ""  # of what is under the mouse, shown or not
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.release)
        window.installEventFilter(self)

    def hold(self) -> None:
        """A message has come: let it be seen for a while."""
        self._timer.start(FRESH)
        self._bar.clearMessage()

    @Slot()
    def release(self) -> None:
        """The message is fresh no more."""
        self._timer.stop()
        if self._tip:
            self._bar.showMessage(self._tip)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QStatusTipEvent):
            self._tip = event.tip()
            return self._timer.isActive()
        return False
