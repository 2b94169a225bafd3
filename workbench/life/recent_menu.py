"""File > Open recent: filled when it is opened, so that a file that is gone by then is grey."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.life.menu_names import entry_name
from workbench.preferences import PreferencesFile


class RecentMenu(QMenu):
    """Lists the files that were used last.

    Attributes:
        chosen: carries the path of a file. cleared: the list is to be emptied.
    """

    chosen = Signal(str)
    cleared = Signal()

    def __init__(self, preferences: PreferencesFile, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setTitle(self.tr("Open &recent"))
        self.setObjectName("recentMenu")
        self.setToolTipsVisible(True)
        self.clear_action = QAction(self.tr("&Clear"), self)
        self.clear_action.setObjectName("clearRecentAction")
        self.clear_action.setToolTip(self.tr("Empty this list; the files themselves stay"))
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """Show the files of now."""
        for action in self.actions():
            self.removeAction(action)
            if action is not self.clear_action:
                action.deleteLater()
        self._preferences.read()
        paths = self._preferences.recent
        for number, path in enumerate(paths):
            place = Path(path)
            there = place.is_file()
            words = self.tr("{number}  {name}") if there else self.tr("{number}  {name} (missing)")
            text = words.format(number=f"&{(number + 1) % 10}", name=entry_name(place.name))
            action = self.addAction(text)
            action.setObjectName(f"recentFile.{number}")
            action.setData(path)
            action.setToolTip(path)
            action.setEnabled(there)
        if not paths:
            self.addAction(self.tr("No files yet")).setEnabled(False)
        self.addSeparator()
        self.addAction(self.clear_action)
        self.clear_action.setEnabled(bool(paths))

    def _choose(self, action: QAction) -> None:
        if action is self.clear_action:
            self.cleared.emit()
        elif action.data():
            self.chosen.emit(action.data())
