"""A message above the plots: what went wrong and what to do, until it is read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.theme import icons
from workbench.theme.wrapped_label import WrappedLabel


class Banner(QFrame):
    """Hidden until ``show_message``; the cross, or Escape on it, hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBanner")
        self.setProperty("card", True)
        self.setAccessibleName(self.tr("Message"))
        self._mark = QToolButton(self)
        self._mark.setProperty("flat", True)
        self._mark.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark.setEnabled(True)
        icons.bind(self._mark, "alert", "wrong")
        self.sentence = WrappedLabel(self)
        self.sentence.setObjectName("messageSentence")
        self.remedy = WrappedLabel(self)
        self.remedy.setObjectName("messageRemedy")
        self.remedy.setProperty("role", "dim")
        self.close_button = QToolButton(self)
        self.close_button.setObjectName("closeMessageButton")
        self.close_button.setProperty("flat", True)
        self.close_button.setAccessibleName(self.tr("Close the message"))
        self.close_button.setToolTip(self.tr("Close the message"))
        icons.bind(self.close_button, "close")
        self.close_button.clicked.connect(self.hide)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.sentence)
        words.addWidget(self.remedy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_message(self, sentence: str, remedy: str) -> None:
        """Show what went wrong, and what to do."""
        for label, text in ((self.sentence, sentence), (self.remedy, remedy)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleDescription(f"{sentence} {remedy}")
        self.show()
