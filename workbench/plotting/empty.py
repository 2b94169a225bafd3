"""A quiet sentence where there is nothing to show yet."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from workbench.theme import current, fill


class EmptyState(QLabel):
    """Lies over the middle of a view and lets the mouse through.

    Attributes:
        margins: what its words leave free at the edges.
        raised: whether it lies over a raised field, and not over a panel.

    Args:
        sentence: says what will be here, and what to do for it.
        layout, row, column: the cell of the view that it covers.
    """

    def __init__(self, sentence: str, parent: QWidget, layout: QGridLayout, row: int = 0, column: int = 0) -> None:
        super().__init__(sentence, parent)
        self.setObjectName("emptyState")
        self.setProperty("role", "dim")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.margins = QMargins(48, 8, 48, 8)
        self.raised = False
        self.setMinimumSize(0, 0)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(self, row, column)
        self.raise_()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence; an empty one hides the label."""
        if sentence:
            self.setText(sentence)
        self.setVisible(bool(sentence))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Clear the grid lines behind the words, then write them."""
        area = self.rect().marginsRemoved(self.margins)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        text = self.text()
        words = self.fontMetrics().boundingRect(area, flags, text)
        if words.height() > area.height():  # one line is less than its words, but not cut off
            area = self.rect().adjusted(8, 0, -8, 0)
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            words = self.fontMetrics().boundingRect(area, flags, text)
        painter = QPainter(self)
        tokens = current().tokens
        fill(painter, QRectF(words.adjusted(-12, -6, 12, 6)), 6, tokens.raised if self.raised else tokens.panel)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(area, flags, text)
        painter.end()
