"""A switch for yes and no, in the colours of the theme and with a visible focus."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from workbench.theme import blend, current, fill, fonts

_WIDTH, _HEIGHT, _HANDLE, _MARGIN = 30, 16, 12, 2
_GAP = 4  # between the groove and the word beside it


class Switch(QAbstractButton):
    """A handle in a groove, at the right and coloured when on, and a word beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        current().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        words = self.fontMetrics().size(0, self.text())
        height = max(fonts.pixels(_HEIGHT), words.height())
        return QSize(fonts.pixels(_WIDTH) + words.width() + 2 * _MARGIN + 2 * _GAP, height + 2 * _MARGIN)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current().tokens
        width, height, handle = fonts.pixels(_WIDTH), fonts.pixels(_HEIGHT), fonts.pixels(_HANDLE)
        groove = QRectF(_MARGIN, (self.height() - height) // 2, width, height)
        middle = groove.right() - height / 2 if self.isChecked() else groove.left() + height / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setOpacity(0.8 if self.isEnabled() else 0.6)
        painter.setBrush(QColor(tokens.accent if self.isChecked() else blend(tokens.dim, tokens.panel, 0.7)))
        painter.drawRoundedRect(groove, height / 2, height / 2)
        painter.setOpacity(1.0)
        painter.setBrush(QColor(tokens.panel))
        painter.drawEllipse(QRectF(middle - handle / 2, groove.center().y() - handle / 2, handle, handle))
        painter.setPen(self.palette().color(self.foregroundRole()))
        left = round(groove.right()) + _GAP
        beside = self.rect().adjusted(left, 0, 0, 0)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            fill(painter, QRectF(self.rect()), 6, "", tokens.accent, 2.0)
        painter.end()
