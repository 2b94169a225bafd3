"""Gives the middle of the window the room of the panels at its sides, and gives it back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDockWidget

from workbench.watching import Watching


class Room(QObject):
    """Hides docks while the lower part of the middle is to be as large as it can; shows those again that were there."""

    def __init__(self, watching: Watching, docks: Sequence[QDockWidget], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._docks = tuple(docks)
        self._hidden: list[QDockWidget] = []
        watching.enlarged.connect(self._enlarge)

    @Slot(bool)
    def _enlarge(self, whole: bool) -> None:
        if whole:
            self._hidden = [dock for dock in self._docks if not dock.isHidden()]
        for dock in self._hidden:
            dock.setVisible(not whole)
