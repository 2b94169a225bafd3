"""The files that were used last, as rows: one press opens a file, another takes it out of the list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.theme import fonts, icons
from workbench.theme.widgets import label

SHOWN = 4
NAME, FOLDER = 200, 190  # pixels of the design


class RecentFiles(QWidget):
    """Rows of files; one that is missing is grey and can only be removed.

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
        while (item := self._layout.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.setParent(None)  # at once, so that nothing finds its buttons any more
                row.deleteLater()
        for number, path in enumerate(paths[:SHOWN]):
            row = self._row(number, path)
            self._layout.addWidget(row)
            row.show()  # the layout would only do so later
        if not paths:
            self._layout.addWidget(label(self.tr("Files that you open or save appear here."), "caption"))

    def _row(self, number: int, path: str) -> QWidget:
        row, place = QWidget(self), Path(path)
        there = place.is_file()
        button = QToolButton(row)
        button.setObjectName(f"recent.{number}")
        button.setProperty("flat", True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        icons.bind(button, "file")
        metrics = button.fontMetrics()
        name = metrics.elidedText(place.stem, Qt.TextElideMode.ElideRight, fonts.pixels(NAME))
        folder = metrics.elidedText(str(place.parent), Qt.TextElideMode.ElideLeft, fonts.pixels(FOLDER))
        words = self.tr("{name} · {folder}") if there else self.tr("{name} · missing from {folder}")
        button.setText(words.format(name=name, folder=folder))
        text = words.format(name=place.stem, folder=place.parent)
        button.setAccessibleName(text)
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
