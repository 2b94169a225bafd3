"""A switch for yes and no, in the colours of the theme and with a visible focus."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from superqt import QToggleSwitch

from workbench.theme import blend, fonts
from workbench.theme.theme import current, fill


class Switch(QToggleSwitch):
    """superqt's switch, which brings its own colours, in those of the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAnimationDuration(0)  # a switch that still moves shows neither state
        self.switchWidth, self.switchHeight, self.handleSize = fonts.pixels(30), fonts.pixels(16), fonts.pixels(12)
        current().changed.connect(self.take_colours)
        self.take_colours()

    @Slot()
    def take_colours(self) -> None:
        """Use the colours of the theme in force."""
        tokens = current().tokens
        self.onColor = QColor(tokens.accent)
        self.offColor = QColor(blend(tokens.dim, tokens.panel, 0.7))
        self.handleColor = QColor(tokens.panel)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            fill(painter, QRectF(self.rect()), 6, "", current().tokens.accent, 2.0)
            painter.end()
