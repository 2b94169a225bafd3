"""The whole drawing as a file or on the clipboard, not only the part that the view shows.

Invariant: a file appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from workbench.plotting.pictures import written
from workbench.theme import current

SHARPNESS = 2.0
"""Pixels of a saved picture for each pixel of the design: sharp on a slide, too."""
_MARGIN = 24.0
_LONGEST = 16_000.0  # pixels; more than this, few programs open

Paint = Callable[[QPainter], None]


def image_of(area: QRectF, paint: Paint) -> QImage:
    """Return what ``paint`` paints within ``area``, on the panel's background."""
    whole = area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    sharpness = min(SHARPNESS, _LONGEST / max(whole.width(), whole.height()))
    size = QSize(round(whole.width() * sharpness), round(whole.height() * sharpness))
    image = QImage(size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.fillRect(image.rect(), QColor(current().tokens.panel))
    _paint(painter, whole, sharpness, paint)
    painter.end()
    return image


def save_png(path: Path, area: QRectF, paint: Paint) -> None:
    """Write a picture; raise ``InputError`` when the folder does not allow it."""
    with written(path) as buffer:
        image_of(area, paint).save(buffer, "PNG")  # type: ignore[call-overload]  # a name, whatever the hints say


def save_svg(path: Path, area: QRectF, paint: Paint, title: str, description: str) -> None:
    """Write lines and letters; raise ``InputError`` when the folder does not allow it."""
    whole = area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    with written(path) as buffer:
        made = QSvgGenerator()
        made.setOutputDevice(buffer)
        made.setSize(whole.size().toSize())
        made.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
        made.setTitle(title)
        made.setDescription(description)
        painter = QPainter(made)
        painter.fillRect(QRectF(0, 0, whole.width(), whole.height()), QColor(current().tokens.panel))
        _paint(painter, whole, 1.0, paint)
        painter.end()


def _paint(painter: QPainter, whole: QRectF, scale: float, paint: Paint) -> None:
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.scale(scale, scale)
    painter.translate(-whole.topLeft())
    paint(painter)
