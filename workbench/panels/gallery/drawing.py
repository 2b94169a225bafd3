"""Samples that are neither pictures nor tables: sentences and pieces of a series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from nncore.types import Array
from workbench.theme import current

_USUAL = 2  # lines of a sentence
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def paint_text(painter: QPainter, area: QRectF, text: str, font: QFont) -> None:
    """Paint a sentence in as many lines as there is room for; what does not fit ends in dots."""
    metrics = QFontMetricsF(font)
    shown = fitting(text, area, metrics)
    # Of much room above the answer, half is left above the sentences; they begin at the same height in all tiles.
    spare = area.height() - _USUAL * metrics.height()
    painter.setFont(font)
    painter.setPen(QColor(current().tokens.text))
    painter.drawText(area.translated(0, spare / 2 if spare > 2 * metrics.height() else 0), int(_FLAGS), shown)


def fitting(text: str, area: QRectF, metrics: QFontMetricsF) -> str:
    """Return a sentence, shortened word by word until it fits into an area."""
    shown, kept = text, text.split(" ")
    flags = int(_FLAGS)
    high = max(area.height(), metrics.height())  # one line at least
    while len(kept) > 1 and metrics.boundingRect(area, flags, shown).height() > high + 1:
        kept.pop()
        shown = " ".join(kept) + " …"
    return shown


def paint_curves(painter: QPainter, area: QRectF, curves: Sequence[tuple[Array, str]]) -> None:
    """Paint series of numbers, each in its colour, in the range of the first one."""
    first = curves[0][0]
    low, high = float(np.min(first)), float(np.max(first))
    span = (high - low) or 1.0
    painter.save()
    painter.setClipRect(area.adjusted(-2, -2, 2, 2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for values, colour in curves:
        across = area.width() / max(1, len(values) - 1)
        points = [
            QPointF(area.left() + step * across, area.bottom() - (float(value) - low) / span * area.height())
            for step, value in enumerate(values)
            if np.isfinite(value)
        ]
        painter.setPen(QPen(QColor(colour), 1.6))
        painter.drawPolyline(QPolygonF(points))
    painter.restore()
