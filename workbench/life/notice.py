"""What earlier windows left behind that nobody had saved when they ended: a row for each, with the choice beside it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.life.recovery import About
from workbench.life.rows import clear
from workbench.theme.widgets import ElidedLabel

SHOWN = 3


class RecoveryNotice(QFrame):
    """Hidden until there is something to restore.

    Attributes:
        restore_wanted, discard_wanted: carry the number of a kept project, in the order in which they were shown.
    """

    restore_wanted = Signal(int)
    discard_wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryNotice")
        self.setAccessibleName(self.tr("Unsaved work of an earlier window"))
        self.setProperty("card", True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 8, 8, 8)
        self._layout.setSpacing(4)
        self.hide()

    def show_kept(self, kept: Sequence[About]) -> None:
        """Show a row for each; none hides the notice."""
        clear(self._layout)
        words = self.tr("The workbench ended before this was saved, and has kept it:")
        if len(kept) > 1:
            words = self.tr("The workbench ended before these were saved, and has kept them:")
        heading = QLabel(words, self)
        heading.setObjectName("recovery.heading")
        heading.setWordWrap(True)
        self._layout.addWidget(heading)
        for number, about in enumerate(kept[:SHOWN]):
            row = self._row(number, about)
            self._layout.addWidget(row)
            row.show()  # the layout would only do so later
        more = len(kept) - SHOWN
        if more > 0:
            words = self.tr("{count} more are shown when these are decided.").format(count=more)
            rest = QLabel(self.tr("One more is shown when these are decided.") if more == 1 else words, self)
            rest.setObjectName("recovery.rest")
            rest.setWordWrap(True)
            self._layout.addWidget(rest)
        self.setVisible(bool(kept))

    def _row(self, number: int, about: About) -> QWidget:
        row = QWidget(self)
        words = self.tr('"{name}", last kept {time}')
        text = ElidedLabel(words.format(name=about.name[:80], time=moment(about.time)), row)
        text.setObjectName(f"recovery.{number}.words")
        text.setProperty("role", "dim")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setToolTip(about.path or self.tr("It was never saved."))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(text, 1)
        for name, title, tip, slot in (
            ("restore", self.tr("Restore"), self.tr("Open it as it was kept, with what was learned"), self._restore),
            ("discard", self.tr("Discard"), self.tr("Put it away; File > Unsaved work brings it back"), self._discard),
        ):
            button = QPushButton(title, row)
            button.setObjectName(f"recovery.{number}.{name}")
            button.setAccessibleName(self.tr("{title} {name}").format(title=title, name=about.name[:80]))
            button.setToolTip(tip)
            button.setProperty("number", number)
            button.clicked.connect(slot)
            line.addWidget(button)
        return row

    def take_keyboard(self) -> None:
        """Put the focus on the first row's Restore, if there is a row: that is the question to decide first."""
        first = self.findChild(QPushButton, "recovery.0.restore")
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        self.restore_wanted.emit(self.sender().property("number"))

    def _discard(self) -> None:
        self.discard_wanted.emit(self.sender().property("number"))


def moment(seconds: float) -> str:
    """Return a time of today as 12:31, of another day with its date."""
    then = time.localtime(seconds)
    return time.strftime("%H:%M" if then[:3] == time.localtime()[:3] else "%Y-%m-%d %H:%M", then)
