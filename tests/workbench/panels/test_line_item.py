"""Lines and outlines are as thick on a screen with many pixels as on any other."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from tests.workbench.panels.conftest import Show
from workbench.plotting.marks import SHAPES
from workbench.plotting.plot import Plot, set_curve
from workbench.plotting.point_item import PointItem

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


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_that_the_outline_of_a_point_is_as_thick_whatever_the_pixels_of_the_screen(
    qapp: QApplication, ratio: float
) -> None:
    points = PointItem(20, "s")
    points.fragmentAtlas.setDevicePixelRatio(ratio)
    pen = pg.mkPen("#ff0000", width=2)
    points.setData([0.0], [0.0], pen=pen, brush=pg.mkBrush("#ffffff"))
    image = points.fragmentAtlas.pixmap.toImage()
    row = [image.pixelColor(column, image.height() // 2) for column in range(image.width())]
    inked = sum(colour.alphaF() * (1 - colour.greenF()) for colour in row)
    assert inked / ratio == pytest.approx(2 * 2, abs=0.5)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_that_no_shape_of_a_small_point_is_lost_in_its_outline(qapp: QApplication, ratio: float) -> None:
    ink = {}
    for shape in SHAPES:
        points = PointItem(7, shape)
        points.fragmentAtlas.setDevicePixelRatio(ratio)
        points.setData([0.0], [0.0], pen=pg.mkPen("#ffffff", width=0.6), brush=pg.mkBrush("#ff0000"))
        image = points.fragmentAtlas.pixmap.toImage()
        dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
        ink[shape] = sum(dot.alphaF() * (1 - dot.greenF()) for dot in dots) / ratio**2
    assert min(ink.values()) > 0.3 * ink["o"], ink
