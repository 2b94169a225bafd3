"""Lines are as thick on a screen with many pixels as on any other."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from tests.workbench.panels.conftest import Show
from workbench.plotting.plot import Plot, set_curve

SIDE = 200


def inked(show: Show, ratio: float, width: float) -> float:
    """Return how many points thick a level line is in a picture with so many pixels for each point."""
    parent = QWidget()
    plot = Plot(parent, "plot")
    plot.widget.setAntialiasing(False)
    show(parent)
    plot.widget.resize(SIDE, SIDE)
    plot.set_range((0, 1), (0, 1))
    curve = plot.add_curve()
    pen = QPen(QColor("#ff0000"), width)
    pen.setCosmetic(True)
    set_curve(curve, np.array([0.0, 1.0]), np.array([0.5, 0.5]), pen)
    image = QImage(round(SIDE * ratio), round(SIDE * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    plot.widget.scene().render(painter, QRectF(0, 0, SIDE, SIDE), QRectF(0, 0, SIDE, SIDE))
    painter.end()
    column = [image.pixelColor(image.width() // 2, row) for row in range(image.height())]
    return sum((255 - colour.green()) / 255 for colour in column if colour.red() > colour.green()) / ratio


@pytest.mark.parametrize("width", [1.0, 2.0])
@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_that_a_line_is_as_thick_whatever_the_pixels_of_the_screen(show: Show, ratio: float, width: float) -> None:
    assert inked(show, ratio, width) == pytest.approx(width, abs=0.3)
