"""Shapes of points, so that classes are told apart without their colours.

Invariant: the first ten classes have ten different shapes, and a legend draws the very shape that the plot draws.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

SHAPES = ("o", "s", "t1", "d", "star", "t", "p", "+", "h", "x")
"""pyqtgraph's names of the shapes, in the order of the classes."""

_LARGER = {"d": 1.15, "t": 1.2, "t1": 1.2, "star": 1.5, "+": 1.6, "x": 1.6}


def shape_of(number: int) -> str:
    """Return the shape of a class."""
    return SHAPES[number % len(SHAPES)]


def size_of(shape: str, size: float) -> int:
    """Return how large a point has to be to weigh as much as a disc of this size: thin shapes have little ink."""
    return round(size * _LARGER.get(shape, 1.0))


def draw_mark(painter: QPainter, centre: QPointF, size: float, shape: str, colour: QColor, filled: bool) -> None:
    """Draw one point; an outline where it is not filled."""
    # Legends without such points open without pyqtgraph.
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols  # type: ignore[import-untyped]  # it ships no type hints

    painter.save()
    painter.translate(centre)
    painter.scale(size, size)
    pen = QPen(colour, 0 if filled else 1.6)
    pen.setCosmetic(True)
    painter.setPen(Qt.PenStyle.NoPen if filled else pen)
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(Symbols[shape])
    painter.restore()
