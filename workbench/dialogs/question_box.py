"""A question in a box of its own, in the look of the other dialogs."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.theme import fonts, icons

_SIDE, _TOP = 24, 20  # pixels of the design around what is said


class QuestionBox(QMessageBox):
    """What is asked, what hangs on it, and a button for each answer; the safe one is coloured.

    Args:
        name: object name.
        title: of the box.
        words: the question.
        more: what hangs on it.
        icon: what stands beside it; ``role`` is its colour.
    """

    def __init__(self, name: str, title: str, words: str, more: str, icon: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setText(words)
        self.setInformativeText(more)
        side = fonts.pixels(28)
        self.setIconPixmap(icons.icon(icon, role).pixmap(QSize(side, side), self.devicePixelRatioF()))
        box = self.layout()
        if box is not None:
            box.setContentsMargins(*(fonts.pixels(margin) for margin in (_SIDE, _TOP, _SIDE, _TOP)))

    def offer(self, answers: QMessageBox.StandardButton, safe: QMessageBox.StandardButton) -> None:
        """Show a button for each of ``answers``; ``safe`` is the one that Return presses."""
        self.setStandardButtons(answers)
        self.setDefaultButton(safe)
        button = self.button(safe)
        button.setProperty("primary", True)
        button.style().polish(button)  # the box has given it its look already
