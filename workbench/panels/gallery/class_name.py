"""The name of a class amid its points: outlined letters, between which the points can still be seen."""

from __future__ import annotations

import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols  # type: ignore[import-untyped]
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTransform

from workbench.plotting.marks import shape_of
from workbench.theme import current, fonts

_MARK, _SPACE, _HALO = 10, 4, 2.0  # pixels of the mark, from it to the letters, and of the outline on each side


class ClassName(pg.GraphicsObject):  # type: ignore[misc]  # its base has no type hints
    """The mark of a class and its name, centred on a place, as large as in the design however far the plot reaches.

    Args:
        text: the name.
        number: of the class; gives mark and colour.

    Attributes:
        text, font: of the letters.
    """

    def __init__(self, text: str, number: int) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(10)
        self.text = text
        tokens = current().tokens
        self._mark_ink = QColor(tokens.classes[number % len(tokens.classes)])
        self._ink, self._paper = QColor(tokens.text), QColor(tokens.panel)
        self.font = fonts.font(fonts.BODY, bold=True)
        metrics, side = QFontMetricsF(self.font), fonts.pixels(_MARK)
        width = side + _SPACE + metrics.horizontalAdvance(text)
        left = -width / 2
        self._mark = QTransform(side, 0, 0, side, left + side / 2, 0).map(Symbols[shape_of(number)])
        self._letters = QPainterPath()
        baseline = (metrics.ascent() - metrics.descent()) / 2
        self._letters.addText(QPointF(left + side + _SPACE, baseline), self.font, text)
        self._area = QRectF(left, -metrics.height() / 2, width, metrics.height()).adjusted(-_HALO, -_HALO, _HALO, _HALO)

    def boundingRect(self) -> QRectF:
        """Return the area in pixels, around the place."""
        return self._area

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        halo = QPen(self._paper, 2 * _HALO)
        halo.setJoinStyle(halo.joinStyle().RoundJoin)
        for path, ink in ((self._mark, self._mark_ink), (self._letters, self._ink)):
            painter.strokePath(path, halo)
            painter.fillPath(path, QBrush(ink))
