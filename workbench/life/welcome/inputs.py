"""Small pictures of what goes into a network: points, a digit, a series, a text, a table. Drawn, not stored."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from nncore.project import Project
from workbench.theme import Tokens, blend, fonts

_DIGITS = {
    "3": ("01110", "10001", "00001", "00110", "00001", "10001", "01110"),
    "5": ("11111", "10000", "11110", "00001", "00001", "10001", "01110"),
    "7": ("11111", "00001", "00010", "00100", "00100", "01000", "01000"),
    "8": ("01110", "10001", "10001", "01110", "10001", "10001", "01110"),
    "2": ("01110", "10001", "00001", "00110", "01000", "10000", "11111"),
}


def paint_input(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """Paint what the project's network is fed, by the shape of its input and the kind of its first layer."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _kind(project)(painter, rect, project, tokens)
    painter.restore()


def _kind(project: Project) -> Callable[[QPainter, QRectF, Project, Tokens], None]:
    shape, layers = project.network.input_shape, project.network.layers
    if layers and layers[0].type_name == "Embedding":
        return _text
    if len(shape) >= 2 and shape[-1] == 1 and len(shape) == 2:
        return _series
    if len(shape) >= 2:
        return _digit
    return _points if shape == (2,) else _table


def _points(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """Points of two classes on a plane: two spirals, or opposite corners."""
    radius = rect.width() * 0.03
    painter.setPen(Qt.PenStyle.NoPen)
    for group, ink in enumerate(tokens.classes[:2]):
        painter.setBrush(QColor(ink))
        for number in range(22):
            if project.data.source == "spirals":
                angle, far = 0.45 + number * 0.22 + group * math.pi, 0.06 + 0.4 * number / 22
                x, y = 0.5 + far * math.cos(angle), 0.5 + far * math.sin(angle)
            else:
                right, low = number % 2, (number + group + 1) % 2  # the first class has the same sign twice
                x = 0.25 + 0.5 * right + 0.15 * math.sin(2.4 * number + group)
                y = 0.25 + 0.5 * low + 0.15 * math.cos(3.7 * number + group)
            painter.drawEllipse(_inside(rect, x, y), radius, radius)


def _digit(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """A digit in pixels: another one for each name, so that neighbours differ."""
    rows = list(_DIGITS.values())[sum(map(ord, project.name)) % len(_DIGITS)]
    pixel = rect.height() / 9
    left = rect.center().x() - 2.5 * pixel
    paper = QRectF(rect.center().x() - 4.5 * pixel, rect.top(), 9 * pixel, 9 * pixel)
    painter.fillRect(paper, QColor(blend(tokens.dim, tokens.panel, 0.12)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for y, row in enumerate(rows):
        for x, on in enumerate(row):
            if on == "1":
                place = QRectF(left + x * pixel, rect.top() + (y + 1) * pixel, pixel, pixel)
                painter.fillRect(place, QColor(tokens.text))


def _series(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """A line with seasons, and how it may go on."""
    grows = 0.25 if project.data.source == "airline-passengers" else 0.0
    line = []
    for month in range(61):
        trend, season = grows * (0.5 - month / 60) * 1.6, 0.16 + 0.1 * grows * month / 15
        line.append(_inside(rect, month / 60, 0.55 + trend - season * math.sin(month / 3.2)))
    known, told = QPolygonF(line[:46]), QPolygonF(line[45:])
    painter.setPen(QPen(QColor(tokens.training), 1.8))
    painter.drawPolyline(known)
    painter.setPen(QPen(QColor(tokens.validation), 1.8, Qt.PenStyle.DotLine))
    painter.drawPolyline(told)


def _text(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """Lines of words; where the text is to be continued, with a cursor."""
    unit = rect.width() / 20
    painter.setPen(Qt.PenStyle.NoPen)
    lines = ((5, 8, 4), (9, 3, 5), (4, 6))
    top = rect.top() + 0.2 * rect.height()
    for line in lines:
        left = rect.left()
        for length in line:
            painter.setBrush(QColor(blend(tokens.dim, tokens.panel, 0.55)))
            painter.drawRoundedRect(QRectF(left, top, length * unit, 0.1 * rect.height()), 2, 2)
            left += (length + 1) * unit
        top += 0.22 * rect.height()
    if project.network.shapes()[-1][-1] > 2:
        painter.setBrush(QColor(tokens.validation))
        painter.drawRect(QRectF(left, top - 0.25 * rect.height(), 2, 0.2 * rect.height()))


def _table(painter: QPainter, rect: QRectF, project: Project, tokens: Tokens) -> None:
    """Rows of a table, the column that is predicted in another colour."""
    painter.setFont(fonts.font(fonts.SMALL))
    width, height = rect.width() / 4, rect.height() / 5
    for row in range(5):
        for column in range(4):
            ink = tokens.validation if column == 3 else tokens.training
            strength = 0.75 if row == 0 else 0.18 + 0.32 * ((7 * row + 5 * column) % 9) / 9
            cell = QRectF(rect.left() + column * width, rect.top() + row * height, width - 2, height - 2)
            painter.fillRect(cell, QColor(blend(ink, tokens.panel, strength)))


def _inside(rect: QRectF, x: float, y: float) -> QPointF:
    return QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height())
