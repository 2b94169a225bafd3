"""Words on as many lines as they need, whatever they are made of."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QWidget

from workbench.theme import fonts


class WrappedLabel(QLabel):
    """Plain text; a word that has no room in a line of its own, such as the name of a file, goes on in the next.

    Qt's own label never breaks a word, so that a long one makes its window wider than the screen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.pixels(80), self.fontMetrics().height())

    def heightForWidth(self, width: int) -> int:
        return math.ceil(self._lines(width).boundingRect().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        area, lines = self.contentsRect(), self._lines(self.width())
        spare = area.height() - lines.boundingRect().height()
        lines.draw(painter, QPointF(area.left(), area.top() + max(0.0, spare / 2)))
        painter.end()

    def _lines(self, width: int) -> QTextLayout:
        """Return the text in lines that are no wider."""
        lines = QTextLayout(self.text().replace("\n", "\N{LINE SEPARATOR}"), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        lines.setTextOption(option)
        height = 0.0
        lines.beginLayout()
        while (line := lines.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0.0, height))
            height += line.height()
        lines.endLayout()
        return lines
