"""Lines whose width is given in points, like everything else in the window.

pyqtgraph's pens are cosmetic, which for Qt means pixels of the screen: on one with two of them for each point, lines
would be half as thick as intended.
"""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtGui import QPainter, QPen

_FINEST = 4  # pixels for each point for which there is room around a line


class LineItem(pg.PlotCurveItem):  # type: ignore[misc]  # its base has no type hints
    """A curve, or loose lines, that is as thick on every screen and in every picture."""

    def paint(self, painter: QPainter, *how: Any) -> None:
        pen: QPen = self.opts["pen"]
        device = painter.device()
        ratio = 1.0 if device is None else device.devicePixelRatioF()
        if ratio == 1.0:
            super().paint(painter, *how)
            return
        self.opts["pen"] = QPen(pen)
        self.opts["pen"].setWidthF(max(1.0, pen.widthF()) * ratio)
        try:
            super().paint(painter, *how)
        finally:
            self.opts["pen"] = pen

    def pixelPadding(self) -> float:
        """Return how far the line may reach beyond its points, in pixels of the screen."""
        return float(super().pixelPadding()) * _FINEST
