"""A quiet sentence where there is nothing to show yet."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from workbench.theme import current, fill

_FLAGS = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
_PAD = QPoint(12, 6)  # pixels around the words


class EmptyState(QLabel):
    """Lies over the middle of a view and lets the mouse through.

    Attributes:
        margins: what its words leave free at the edges.
        kept: what they leave free even where room is short, such as the numbers beside axes.
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
        self.margins, self.kept = QMargins(48, 8, 48, 8), QMargins()
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
        area, text, words = self.placed()
        painter = QPainter(self)
        tokens = current().tokens
        around = words.adjusted(-_PAD.x(), -_PAD.y(), _PAD.x(), _PAD.y())
        ground = QRectF(around.intersected(self.rect().marginsRemoved(self.kept)))
        fill(painter, ground, 6, tokens.raised if self.raised else tokens.panel)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(area, _FLAGS, text)
        painter.end()

    def placed(self) -> tuple[QRect, str, QRect]:
        """Return where the words may be, the words, and where they are."""
        area, text = self.rect().marginsRemoved(self.margins), self.text()
        words = self.fontMetrics().boundingRect(area, _FLAGS, text)
        if words.height() > area.height():  # one line is less than its words, but not cut off
            area = self.rect().marginsRemoved(self.kept).adjusted(_PAD.x(), 0, -_PAD.x(), 0)
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            words = self.fontMetrics().boundingRect(area, _FLAGS, text)
        return area, text, words
