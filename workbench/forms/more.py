"""The row that unfolds the settings that few people need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from workbench.forms.heading import make_dot
from workbench.theme import fonts, icons
from workbench.theme.widgets import ElidedLabel


class MoreRow(QWidget):
    """A button "More" and, dim behind it, what is folded; a dot says that something in there is changed.

    Attributes:
        toggled: carries whether the rows are to be shown.
        button: named ``<form>.more``.
    """

    toggled = Signal(bool)

    def __init__(self, name: str, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dot = make_dot(f"{name}.more.changed", self)
        self._dot.clicked.connect(self._unfold)
        self.button = QToolButton(self)
        self.button.setObjectName(f"{name}.more")
        self.button.setProperty("more", True)
        self.button.setText(self.tr("More"))
        self.button.setAccessibleName(self.tr("More: {settings}").format(settings=", ".join(labels)))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Painted before the form is laid out, a smaller button would have no room for its icon.
        self.button.setMinimumSize(fonts.pixels(56), fonts.pixels(22))
        self.button.setCheckable(True)
        self.button.toggled.connect(self._turn)
        self._words = ElidedLabel(", ".join(labels), self)
        self._words.setProperty("role", "small")
        self._words.setToolTip(", ".join(labels))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._dot)
        row.addWidget(self.button)
        row.addSpacing(4)
        row.addWidget(self._words, 1)
        row.addStretch()
        self.show_state(False, ())
        self._turn(False)

    def show_labels(self, labels: Sequence[str]) -> None:
        """Say which rows are folded; without any there is nothing to unfold."""
        self.setVisible(bool(labels))
        words = ", ".join(labels)
        if words != self._words.text():
            self._words.setText(words)
            self._words.setToolTip(words)
            self.button.setAccessibleName(self.tr("More: {settings}").format(settings=words))

    def show_state(self, shown: bool, changed: Sequence[str]) -> None:
        """Show whether the rows are unfolded; while they are not, ``changed`` names those that differ."""
        self.button.setChecked(shown)
        self._words.setVisible(not shown)
        self._dot.setVisible(bool(changed) and not shown)
        words = self.tr("Changed: {settings}").format(settings=", ".join(changed)) if changed else ""
        self._dot.setToolTip(words)
        self._dot.setAccessibleName(words or self.tr("Nothing changed"))
        self.button.setToolTip(words or self.tr("Show or fold the settings that few people need"))
        self.button.setAccessibleDescription(words)

    @Slot(bool)
    def _turn(self, shown: bool) -> None:
        icons.bind(self.button, "down" if shown else "right")
        self.toggled.emit(shown)

    @Slot()
    def _unfold(self) -> None:
        self.button.setChecked(True)
