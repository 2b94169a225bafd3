"""Small widgets that several parts of the window share."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QStyle,
    QStyleOption,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.theme import current, fonts

HEADER_HEIGHT = 44


class ElidedLabel(QLabel):
    """One line of plain text that ends in dots where it has no room; it never makes its window wider."""

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.pixels(40), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        painter = QStylePainter(self)
        painter.drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option)
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        self.style().drawItemText(painter, area, self.alignment(), option.palette, True, shown, self.foregroundRole())
        painter.end()


class ProgressBar(QProgressBar):
    """A thin bar with round ends, however little of it is filled; Qt's own is square then, and stands out of them."""

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, area = current().tokens, QRectF(self.rect())
        share = (self.value() - self.minimum()) / max(1, self.maximum() - self.minimum())
        radius = area.height() / 2
        groove, filled = QPainterPath(), QPainterPath()
        groove.addRoundedRect(area, radius, radius)
        filled.addRoundedRect(QRectF(0, 0, share * area.width(), area.height()), radius, radius)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(groove, QColor(tokens.line))
        if share > 0:
            painter.fillPath(filled.intersected(groove), QColor(tokens.accent))
        painter.end()


def card(content: QWidget) -> QFrame:
    """Return a card with one thing in it."""
    made = QFrame()
    made.setProperty("card", True)
    layout = QVBoxLayout(made)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(content)
    return made


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a thin horizontal line."""
    line = QFrame(parent)
    line.setProperty("rule", True)
    return line


def label(text: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label in one of the roles of the style sheet: ``dim``, ``caption``, ``title``, ..."""
    made = QLabel(text, parent)
    if role:
        made.setProperty("role", role)
    return made


def chip(name: str, text: str, tip: str, parent: QWidget) -> QToolButton:
    """Return a small button that is pressed or not, with a border round its words."""
    made = QToolButton(parent)
    made.setObjectName(name)
    made.setText(text)
    made.setAccessibleName(text)
    made.setToolTip(tip)
    made.setProperty("chip", True)
    made.setCheckable(True)
    return made


def card_header(title: str, *controls: QWidget) -> QWidget:
    """Return the upper part of a card: its title on the left, some controls on the right; equally tall in all cards."""
    header = QWidget()
    header.setFixedHeight(fonts.pixels(HEADER_HEIGHT))
    row = QHBoxLayout(header)
    row.setContentsMargins(12, 0, 8, 0)
    row.setSpacing(2)
    row.addWidget(label(title, "title"))
    row.addStretch()
    for control in controls:
        row.addWidget(control)
    return header
