"""The line that shows where dragged layers will land, and the words that say what would be wrong there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from nncore.losses import Problem
from workbench.theme import blend, fonts
from workbench.theme.theme import current, fill

_PAD, _AWAY = 8, 6  # pixels of the design


def paint_gap(painter: QPainter, y: float, width: float, wrong: bool) -> None:
    """Paint the line between two rows, in the colour of errors where the layers would not fit."""
    tokens = current().tokens
    colour = tokens.wrong if wrong else tokens.accent
    fill(painter, QRectF(4, y - 1.5, width - 8, 3), 1.5, colour)
    painter.setBrush(QColor(colour))
    for x in (4.0, width - 4.0):
        painter.drawEllipse(QPointF(x, y), 4, 4)


def paint_problem(painter: QPainter, problem: Problem, neighbours: QRectF, end: float, room: QRectF) -> QRectF:
    """Paint what would be wrong, within ``room``; return where.

    It stands below the last row, which ends at ``end``. Where there is no room, it covers the rows that are farthest
    from the two ``neighbours``, between which the layers would land.
    """
    tokens, px = current().tokens, fonts.scale()
    font = fonts.font(fonts.CAPTION)
    words = f"{problem.sentence} {problem.remedy}".strip()
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
    wide = room.width() - (2 * _PAD + 12) * px
    size = QFontMetricsF(font).boundingRect(QRectF(0, 0, wide, 10_000), flags, words)
    box = QRectF(0, 0, room.width() - 12 * px, size.height() + 2 * _PAD * px)
    away = _AWAY * px
    first, last = room.top() + away, room.bottom() - away - box.height()
    if end + away <= last:
        box.moveTo(6 * px, end + away)
    elif neighbours.bottom() + away <= last or first + box.height() + away > neighbours.top():
        box.moveTo(6 * px, last)
    else:
        box.moveTo(6 * px, first)
    fill(painter, box, 6, blend(tokens.wrong, tokens.panel, 0.12), tokens.wrong)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(box.adjusted(_PAD * px, _PAD * px, -_PAD * px, -_PAD * px), flags, words)
    return box


def paint_count(painter: QPainter, card: QRectF, count: int) -> None:
    """Paint how many layers are dragged into the corner of the first one's card."""
    tokens, px = current().tokens, fonts.scale()
    font = fonts.font(fonts.CAPTION, bold=True)
    wide = max(20 * px, QFontMetricsF(font).horizontalAdvance(str(count)) + 12 * px)
    pill = QRectF(card.right() - wide - 6 * px, card.top() + 6 * px, wide, 20 * px)
    fill(painter, pill, pill.height() / 2, tokens.accent)
    painter.setFont(font)
    painter.setPen(QColor(tokens.on_accent))
    painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), str(count))
