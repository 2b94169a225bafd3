"""Gives the middle of the window the room of the panels at its sides, and the panels that of the middle."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QMainWindow

from workbench.middle.watching import Watching
from workbench.theme import current, fonts
from workbench.window.side_panel import SidePanel

LEAST, FORM = 220, 272
"""Pixels of the design that the middle, and a panel at the right, needs for anything to be read in it."""


class Room(QObject):
    """Hides docks while the lower part of the middle is to be as large as it can; shows those again that were there.

    Where the window is too narrow for docks and middle, as with large text on a small screen, the docks have all of it
    until the middle is to be shown.
    """

    def __init__(self, watching: Watching, docks: Sequence[SidePanel], window: QMainWindow) -> None:
        super().__init__(window)
        self._watching, self._window, self._docks = watching, window, tuple(docks)
        self._hidden: list[SidePanel] = []
        self._fits = True
        watching.enlarged.connect(self._enlarge)
        for watched in (window, watching):
            watched.installEventFilter(self)
        current().text_size_changed.connect(self._share)
        for dock in window.findChildren(SidePanel):
            dock.toggleViewAction().toggled.connect(self._share)
            dock.topLevelChanged.connect(self._share)

    @Slot(bool)
    def _enlarge(self, whole: bool) -> None:
        if whole:
            self._hidden = [dock for dock in self._docks if dock.stands]
        for dock in self._hidden:
            dock.setVisible(not whole)

    @Slot()
    def _share(self) -> None:
        self._fits = self._window.width() - self._taken() >= fonts.pixels(LEAST)
        self._watching.setHidden(not self._fits)

    @Slot(bool)
    def fold(self, compact: bool) -> None:
        """Keep the docks hidden that a larger window brings back, while the middle is to be as large as it can."""
        if not self._watching.enlarge_button.isChecked():
            return
        if compact:
            self._hidden = []  # a small window leaves them out anyway
            return
        for dock in self._docks:
            if dock.stands:
                self._hidden.append(dock)
                dock.hide()

    def _shown(self) -> list[SidePanel]:
        return [dock for dock in self._window.findChildren(SidePanel) if dock.stands]

    def _taken(self) -> int:
        """Return how many pixels the docks need: those at the left side by side, those at the right under another."""
        shown = self._shown()
        right = [dock for dock in shown if self._window.dockWidgetArea(dock) == Qt.DockWidgetArea.RightDockWidgetArea]
        left = sum(dock.minimumSizeHint().width() for dock in shown if dock not in right)
        return left + max((max(dock.minimumSizeHint().width(), fonts.pixels(FORM)) for dock in right), default=0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._share()
        elif watched is self._watching and event.type() == QEvent.Type.ShowToParent and not self._fits:
            self.show_middle()
        return False

    @Slot()
    def show_middle(self) -> None:
        """Have the docks that a key brings back make room, where there is none for the middle."""
        if not self._fits:
            for dock in self._docks:
                if dock.stands:
                    dock.hide()
