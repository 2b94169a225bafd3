"""Painting the shapes of a drawing in the colours of a theme, on whatever a QPainter paints.

Invariant: nothing here knows a layer; roles give the colours, and x is measured from the centre of the node.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from nncore.drawing import (
    FLOW,
    NOT_A_NUMBER,
    STRONGEST,
    WEIGHTS,
    WINDOW,
    Box,
    Cells,
    Disc,
    Drawing,
    Joint,
    Legend,
    Mark,
    Node,
    Stroke,
)
from nncore.drawing.arrangement import CAPTION
from nncore.drawing.legend import SAMPLE
from nncore.drawing.marks import FAMILY, PAPER, WRONG, Point
from workbench.plotting.colours import ramp
from workbench.theme import Tokens, blend, fonts

_LINE = 17.0  # pixels from one line of the legend to the next
_THINNEST, _THICKEST = 0.6, 2.6
_HEAD = 5.0
_MEASURED = 100  # pixels of the letters that are measured


def family_colour(family: str, tokens: Tokens) -> str:
    """Return the colour of a layer's family; input and loss are grey."""
    return tokens.families.get(family, tokens.dim)


def link_colours(tokens: Tokens) -> tuple[str, str]:
    """Return the colours of positive and of negative weights: blue and orange, which nearly everybody tells apart."""
    positive, _, negative = ramp(tokens)
    return positive, negative


def signed(levels: bytes) -> Sequence[int]:
    """Return levels as numbers."""
    return struct.unpack(f"{len(levels)}b", levels)


# --- Nodes --------------------------------------------------------------------------------------------------------


def paint_glyph(painter: QPainter, node: Node, tokens: Tokens, levels: bytes | None = None) -> None:
    """Paint what stands for a layer; ``levels`` are those of its cells, if it has any."""
    colour = family_colour(node.family, tokens)
    for mark in node.glyph.marks:
        _paint_mark(painter, mark, colour, tokens)
    if node.glyph.cells is not None:
        _paint_cells(painter, node.glyph.cells, levels, blend(colour, tokens.panel, 0.45), tokens)
    if node.glyph.kind == "unknown":
        painter.setFont(fonts.font(26, bold=True))
        painter.setPen(QColor(tokens.wrong if node.problem else tokens.dim))
        painter.drawText(QRectF(-30, -30, 60, 60), Qt.AlignmentFlag.AlignCenter, "!" if node.problem else "?")


def paint_labels(painter: QPainter, node: Node, drawing: Drawing, tokens: Tokens, scale: float = 1.0) -> None:
    """Write the lines of a node below its glyph; ``scale`` is that of the painter."""
    painter.save()
    painter.scale(1 / scale, 1 / scale)  # letters of whole pixels of the screen are sharp
    high = drawing.line * scale
    for place, (text, size, bold) in enumerate(node.lines):
        painter.setFont(_lettering(size * scale, bold))
        painter.setPen(QColor((tokens.wrong if node.problem else tokens.text) if bold else tokens.dim))
        box = QRectF(-node.width * scale / 2, drawing.labels * scale + place * high, node.width * scale, high)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
    painter.restore()


@functools.lru_cache(maxsize=4096)
def _measured(text: str) -> float:
    return QFontMetricsF(_lettering(_MEASURED, bold=True)).horizontalAdvance(text)


def text_width(text: str, size: float) -> float:
    """Return the width of a text in bold letters of ``size`` pixels."""
    return _measured(text) * size / _MEASURED


def _lettering(size: float, bold: bool) -> QFont:
    font = fonts.font(size, bold=bold)
    font.setPixelSize(round(size))  # the drawing's own pixels: its zoom makes letters larger, not the user's font
    return font


def _ink(role: str, colour: str, tokens: Tokens) -> str:
    known = {FAMILY: colour, PAPER: tokens.panel, WRONG: tokens.wrong}
    return known.get(role, blend(tokens.dim, tokens.panel, 0.6))


def _paint_mark(painter: QPainter, mark: Mark, colour: str, tokens: Tokens) -> None:
    ink = _ink(mark.role, colour, tokens)
    if isinstance(mark, Stroke):
        _paint_stroke(painter, mark, ink)
        return
    pen = QPen(QColor(ink), 1.8 if isinstance(mark, Box) and mark.dashed else 1.2)
    if isinstance(mark, Box) and mark.dashed:
        pen.setDashPattern([3.0, 2.5])
    painter.setPen(pen)
    painter.setBrush(QColor(blend(ink, tokens.panel, mark.tint)))
    if isinstance(mark, Disc):
        painter.drawEllipse(QPointF(mark.x, mark.y), mark.radius, mark.radius)
    else:
        painter.drawRoundedRect(_rect(mark), mark.radius, mark.radius)


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)


def _paint_stroke(painter: QPainter, stroke: Stroke, ink: str) -> None:
    pen = QPen(QColor(ink), stroke.width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = [QPointF(x, y) for x, y in stroke.points]
    if stroke.curved:
        path = QPainterPath(points[0])
        path.cubicTo(*points[1:4])
        painter.drawPath(path)
    else:
        painter.drawPolyline(QPolygonF(points))
    if stroke.arrow:
        _paint_head(painter, stroke.points[-2], stroke.points[-1], ink)


def _paint_head(painter: QPainter, start: Point, end: Point, ink: str) -> None:
    """Paint the point of an arrow that comes from ``start``."""
    along = QLineF(QPointF(*start), QPointF(*end)).unitVector()
    x, y = along.dx(), along.dy()
    tip = QPointF(*end)
    back = tip - QPointF(x, y) * (_HEAD * 1.5)
    side = QPointF(-y, x) * (_HEAD * 0.8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink))
    painter.drawPolygon(QPolygonF([tip, back + side, back - side]))


def paint_legend(painter: QPainter, shown: Legend, tokens: Tokens) -> None:
    """Paint samples and their words."""
    for entry in shown.entries:
        painter.save()
        painter.translate(entry.x + SAMPLE / 2, entry.y)
        if entry.joint is not None:
            paint_joint(painter, entry.joint, tokens, entry.levels)
        for mark in entry.marks:
            _paint_mark(painter, mark, tokens.dim, tokens)
        painter.restore()
        painter.setFont(_lettering(CAPTION, bold=False))
        painter.setPen(QColor(tokens.dim))
        box = QRectF(entry.words, entry.y - _LINE / 2, entry.right - entry.words, _LINE)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, left | Qt.TextFlag.TextDontClip, entry.text)


# --- Joints -------------------------------------------------------------------------------------------------------


def paint_joint(painter: QPainter, joint: Joint, tokens: Tokens, levels: bytes | None = None) -> None:
    """Paint what leads to a layer; without ``levels`` the links are grey."""
    quiet = blend(tokens.dim, tokens.panel, 0.4)
    if joint.kind == FLOW:
        for x, y, end, last in joint.lines:
            _paint_stroke(painter, Stroke(((x, y), (end - _HEAD, last)), width=1.6), quiet)
            _paint_head(painter, (x, y), (end, last), quiet)
    elif joint.kind == WEIGHTS and levels is not None:
        _paint_links(painter, joint, signed(levels), tokens)
    else:
        painter.setPen(QPen(QColor(quiet), 0.8))
        painter.drawLines([QLineF(*line) for line in joint.lines])
    if joint.kind == WINDOW and joint.cells is not None:
        _paint_cells(painter, joint.cells, levels, tokens.text, tokens, hollow=True)


def _paint_links(painter: QPainter, joint: Joint, levels: Sequence[int], tokens: Tokens) -> None:
    """Paint all links of one strength at once, weak ones below strong ones."""
    groups: dict[int, list[QLineF]] = {}
    for line, level in zip(joint.lines, levels, strict=True):
        groups.setdefault(level, []).append(QLineF(*line))
    for level in sorted(groups, key=abs):
        share = min(1.0, abs(level) / STRONGEST)
        ink = blend(_level_colour(level, tokens), tokens.panel, 0.25 + 0.75 * share)
        painter.setPen(QPen(QColor(ink), _THINNEST + (_THICKEST - _THINNEST) * share**2))
        painter.drawLines(groups[level])


def _level_colour(level: int, tokens: Tokens) -> str:
    if level == NOT_A_NUMBER:
        return tokens.wrong
    positive, negative = link_colours(tokens)
    return positive if level > 0 else negative if level < 0 else tokens.dim


def _paint_cells(
    painter: QPainter, cells: Cells, levels: bytes | None, ink: str, tokens: Tokens, *, hollow: bool = False
) -> None:
    painter.setPen(QPen(QColor(ink), 0.6))
    known = signed(levels) if levels is not None and len(levels) == len(cells.boxes) else None
    for place, box in enumerate(cells.boxes):
        if known is not None:
            share = min(1.0, abs(known[place]) / STRONGEST)
            painter.setBrush(QColor(blend(_level_colour(known[place], tokens), tokens.panel, share)))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(tokens.panel))
        painter.drawRect(_rect(box))
