"""A network in the size of a stamp: dense layers as columns, pictures as stacks, recurrent layers with their loop.

Drawn from the layers themselves, in the colours that their families have everywhere.
"""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nncore.layers import Layer
from nncore.project import Project
from nncore.types import Shape
from workbench.theme import Tokens, blend

_MOST_DOTS = 6
_PLAIN = ("Activation", "Reshape", "Softmax")  # nothing that a stamp has room for


def paint_network(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """Paint the layers of the project from left to right."""
    shapes = project.network.shapes()[1:]
    drawn = [pair for pair in zip(project.network.layers, shapes, strict=True) if pair[0].type_name not in _PLAIN]
    if not drawn:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = rect.width() / len(drawn)
    places = [QRectF(rect.left() + n * width, rect.top(), width, rect.height()) for n in range(len(drawn))]
    columns = [_dots(place, layer, shape) for place, (layer, shape) in zip(places, drawn, strict=True)]
    painter.setPen(QPen(QColor(blend(tokens.dim, tokens.panel, 0.35)), 0.8))
    for (left, from_place), (right, _) in pairwise(zip(columns, places, strict=True)):
        for start in left or [QPointF(from_place.center().x(), from_place.center().y())]:
            for end in right:
                painter.drawLine(start, end)
    for place, (layer, shape), column in zip(places, drawn, columns, strict=True):
        _paint_layer(painter, place, layer, shape, column, tokens)
    painter.restore()


def _dots(place: QRectF, layer: Layer, shape: Shape) -> list[QPointF]:
    """Return where the neurons of a dense layer stand: more for more units, but never all of them."""
    if layer.type_name != "Dense":
        return []
    units = shape[-1]
    count = min(_MOST_DOTS, units) if units <= _MOST_DOTS else _MOST_DOTS
    high = place.height() * min(0.92, 0.24 + 0.11 * math.log2(units)) if units > 1 else 0.0
    step = high / max(1, count - 1)
    top = place.center().y() - high / 2
    return [QPointF(place.center().x(), top + number * step) for number in range(count)]


def _paint_layer(
    painter: QPainter, place: QRectF, layer: Layer, shape: Shape, column: list[QPointF], tokens: Tokens
) -> None:
    ink = QColor(tokens.families[layer.family])
    soft = QColor(blend(tokens.families[layer.family], tokens.panel, 0.25))
    painter.setPen(QPen(ink, 1.3))
    painter.setBrush(soft)
    middle, size = place.center(), min(place.width(), place.height())
    if column:
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        for point in column:
            painter.drawEllipse(point, 2.6, 2.6)
    elif layer.family == "recurrent":
        box = QRectF(0, 0, 0.5 * size, 0.5 * size)
        box.moveCenter(middle)
        painter.drawRoundedRect(box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # What it said goes back into it: out on the right, over the top, in on the left.
        wide, high = 0.36 * size, 0.17 * size
        loop = QRectF(middle.x() - wide, box.top() - high, 2 * wide, 2 * high + 0.1 * size)
        painter.drawArc(loop, -30 * 16, 240 * 16)
        tip = QPointF(box.left(), box.top() + 0.19 * size)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-4.5, -1.5), tip + QPointF(-1.5, -4.5)]))
    elif len(shape) == 3:
        side = size * min(0.56, 0.2 + 0.09 * math.log2(max(2, shape[0])))
        for number in (2, 1, 0):
            sheet = QRectF(0, 0, side, side)
            sheet.moveCenter(middle + QPointF(number * 4 - 4, 4 - number * 4))
            painter.drawRect(sheet)
    else:
        bar = QRectF(0, 0, 5, 0.74 * place.height())
        bar.moveCenter(middle)
        painter.drawRoundedRect(bar, 2, 2)
