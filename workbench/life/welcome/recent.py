"""The files that were used last, as rows: one press opens a file, another takes it out of the list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.life.rows import clear
from workbench.theme import fonts, icons
from workbench.theme.widgets import label

SHOWN = 4
NAME = 0.6  # share of a row that a name takes at most, if its folder has no room otherwise
EDGES = 24  # pixels of the design around icon and words


class FileButton(QToolButton):
    """Name and folder of a file, shortened to the width of the button.

    Args:
        place: of the file.
        words: with ``{name}`` and ``{folder}``.
    """

    def __init__(self, place: Path, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._words = place, words
        self.setProperty("flat", True)
        self.setProperty("file", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        icons.bind(self, "file")
        self.setText(words.format(name=place.stem, folder=place.parent))
        self.setAccessibleName(self.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics, name, folder = self.fontMetrics(), self._place.stem, str(self._place.parent)
        between = metrics.horizontalAdvance(self._words.format(name="", folder=""))
        room = self.width() - self.iconSize().width() - fonts.pixels(EDGES) - between
        wanted = max(round(NAME * room), room - metrics.horizontalAdvance(folder))
        name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wanted)
        left = room - metrics.horizontalAdvance(name)
        folder = metrics.elidedText(folder, Qt.TextElideMode.ElideLeft, left)
        self.setText(self._words.format(name=name, folder=folder))


class RecentFiles(QWidget):
    """Rows of files; one that is missing is dim and can only be removed.

    Attributes:
        chosen, removed: carry the path of a file.
    """

    chosen = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recentFiles")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    def show_files(self, paths: Sequence[str]) -> None:
        """Show these files, the newest first."""
        clear(self._layout)
        for number, path in enumerate(paths[:SHOWN]):
            row = self._row(number, path)
            self._layout.addWidget(row)
            row.show()  # the layout would only do so later
        if not paths:
            self._layout.addWidget(label(self.tr("Files that you open or save appear here."), "caption"))

    def _row(self, number: int, path: str) -> QWidget:
        row, place = QWidget(self), Path(path)
        there = place.is_file()
        words = self.tr("{name} · {folder}") if there else self.tr("{name} · missing from {folder}")
        button = FileButton(place, words, row)
        button.setObjectName(f"recent.{number}")
        button.setToolTip(path)
        button.setEnabled(there)
        button.setProperty("path", path)
        button.clicked.connect(self._choose)
        remove = QToolButton(row)
        remove.setObjectName(f"recent.{number}.remove")
        remove.setProperty("flat", True)
        remove.setProperty("path", path)
        remove.setAccessibleName(self.tr("Remove {name} from the list").format(name=place.stem))
        remove.setToolTip(self.tr("Remove from this list; the file itself stays"))
        icons.bind(remove, "close")
        remove.clicked.connect(self._remove)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2)
        line.addWidget(button, 1)
        line.addWidget(remove)
        return row

    def _choose(self) -> None:
        self.chosen.emit(self.sender().property("path"))

    def _remove(self) -> None:
        self.removed.emit(self.sender().property("path"))
