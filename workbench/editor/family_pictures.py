"""A small picture of what the layers of each family do, for the palette's tooltips.

On the left stands what comes in, on the right what goes out; drawn in the family's colour of the theme in force.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPainterPath, QPen

from nncore.layers import Layer
from workbench.theme import blend, fonts
from workbench.theme.theme import current

WIDTH, HEIGHT, _SHARP = 168, 64, 2
_MIDDLE = HEIGHT / 2


class _Pen:
    """Draws the few shapes that the pictures are made of."""

    def __init__(self, painter: QPainter, family: str) -> None:
        tokens = current().tokens
        self.painter = painter
        self.ink = QColor(tokens.families.get(family, tokens.dim))
        self.soft = QColor(blend(self.ink.name(), tokens.raised, 0.3))
        self.dim = QColor(tokens.dim)

    def dot(self, x: float, y: float, colour: QColor, radius: float = 4.0) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def line(self, colour: QColor, width: float, *points: tuple[float, float]) -> None:
        self.painter.setPen(QPen(colour, width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline([QPointF(x, y) for x, y in points])

    def grid(self, x: float, y: float, columns: int, rows: int, side: float, filled: set[tuple[int, int]]) -> None:
        """Draw places, of which those in ``filled`` (column, row) are in the full colour."""
        for column in range(columns):
            for row in range(rows):
                rect = QRectF(x + column * side, y + row * side, side - 1.5, side - 1.5)
                self.painter.fillRect(rect, self.ink if (column, row) in filled else self.soft)

    def arrow(self, x: float = WIDTH / 2) -> None:
        self.line(self.dim, 1.5, (x - 9, _MIDDLE), (x + 9, _MIDDLE))
        self.line(self.dim, 1.5, (x + 4, _MIDDLE - 5), (x + 9, _MIDDLE), (x + 4, _MIDDLE + 5))

    def frame(self, x: float, y: float, side: float) -> None:
        self.painter.setPen(QPen(self.dim, 1.5))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRect(QRectF(x, y, side - 1.5, side - 1.5))

    def bell(self, x: float, wide: float, tall: float, shift: float = 0.0) -> None:
        path = QPainterPath(QPointF(x - 32, 54))
        path.lineTo(x + shift - wide, 54)
        path.cubicTo(x + shift - wide / 2, 54, x + shift - wide / 2, 54 - tall, x + shift, 54 - tall)
        path.cubicTo(x + shift + wide / 2, 54 - tall, x + shift + wide / 2, 54, x + shift + wide, 54)
        path.lineTo(x + 32, 54)
        self.painter.setPen(QPen(self.ink, 2))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPath(path)


def _core(pen: _Pen) -> None:
    """Every number goes to every neuron."""
    left, right = [12.0, 26.0, 40.0, 54.0], [17.0, 33.0, 49.0]
    for start in left:
        for end in right:
            pen.line(pen.soft, 1.2, (50, start), (118, end))
    for y in left:
        pen.dot(50, y, pen.dim)
    for y in right:
        pen.dot(118, y, pen.ink, 5.5)


def _convolution(pen: _Pen) -> None:
    """A small window slides over the picture and gives one number at each place."""
    window = {(column, row) for column in (1, 2, 3) for row in (1, 2, 3)}
    pen.grid(12, 5, 5, 5, 11, window)
    pen.frame(22, 15, 35)
    pen.arrow()
    pen.grid(116, 15, 3, 3, 11, {(1, 1)})


def _pooling(pen: _Pen) -> None:
    """One number stands for a small square."""
    pen.grid(16, 8, 4, 4, 12, {(0, 1), (3, 0), (1, 2), (2, 3)})
    for column in (16, 40):
        for row in (8, 32):
            pen.frame(column - 1, row - 1, 25)
    pen.arrow()
    pen.grid(118, 20, 2, 2, 12, {(0, 0), (1, 0), (0, 1), (1, 1)})


def _recurrent(pen: _Pen) -> None:
    """The same cell at each step hands on what it remembers."""
    for number, x in enumerate((28.0, 78.0, 128.0)):
        pen.painter.fillRect(QRectF(x - 13, 18, 26, 26), pen.ink)
        pen.line(pen.dim, 1.5, (x, 58), (x, 46))
        if number:
            pen.line(pen.ink, 2, (x - 35, 31), (x - 15, 31))
            pen.line(pen.ink, 2, (x - 20, 26), (x - 15, 31), (x - 20, 36))
    pen.line(pen.dim, 1.5, (128, 16), (128, 4))


def _regularisation(pen: _Pen) -> None:
    """Some numbers are left out at random."""
    dropped = {(1, 0), (3, 0), (0, 1), (4, 1), (2, 2)}
    for column in range(5):
        for row in range(3):
            x, y = 44.0 + 20 * column, 14.0 + 18 * row
            gone = (column, row) in dropped
            pen.dot(x, y, pen.soft if gone else pen.ink, 5)
            if gone:
                pen.line(pen.dim, 1.5, (x - 4, y - 4), (x + 4, y + 4))
                pen.line(pen.dim, 1.5, (x - 4, y + 4), (x + 4, y - 4))


def _normalisation(pen: _Pen) -> None:
    """Numbers come to mean 0 and deviation 1."""
    pen.bell(38, 24, 26, 8)
    pen.arrow()
    pen.bell(130, 15, 44)
    pen.line(pen.dim, 1, (130, 56), (130, 60))


def _shape(pen: _Pen) -> None:
    """The same numbers in another order of places."""
    pen.grid(24, 14, 3, 3, 12, {(0, 0), (1, 1), (2, 2)})
    pen.arrow(78)
    pen.grid(98, 28, 9, 1, 7, {(0, 0), (4, 0), (8, 0)})


def _augmentation(pen: _Pen) -> None:
    """The same picture, seen a little differently each time."""
    for x, turn, mirrored in ((30.0, 0.0, 1), (84.0, 14.0, 1), (138.0, -8.0, -1)):
        pen.painter.save()
        pen.painter.translate(x, _MIDDLE)
        pen.painter.rotate(turn)
        pen.painter.scale(mirrored, 1)
        pen.painter.fillRect(QRectF(-17, -17, 34, 34), pen.soft)
        pen.line(pen.ink, 4, (-7, 12), (-7, -11), (9, -11))
        pen.line(pen.ink, 4, (-7, 0), (4, 0))
        pen.painter.restore()


def _text(pen: _Pen) -> None:
    """Each token gets a row of numbers."""
    for row, filled in enumerate(({0, 3}, {1}, {0, 2, 4})):
        y = 10.0 + 17 * row
        pen.line(pen.dim, 4, (16, y + 5), (46 - 6 * row, y + 5))
        pen.grid(104, y, 5, 1, 11, {(column, 0) for column in filled})
    pen.arrow(76)


def _activation(pen: _Pen) -> None:
    """Every number is bent by the same curve."""
    pen.line(pen.dim, 1, (44, 44), (124, 44))
    pen.line(pen.dim, 1, (84, 58), (84, 6))
    pen.line(pen.ink, 2.5, (46, 44), (84, 44), (120, 10))


_PICTURES: dict[str, Callable[[_Pen], None]] = {
    "core": _core,
    "convolution": _convolution,
    "pooling": _pooling,
    "recurrent": _recurrent,
    "regularisation": _regularisation,
    "normalisation": _normalisation,
    "shape": _shape,
    "augmentation": _augmentation,
    "text": _text,
}


def picture(layer: type[Layer]) -> QImage:
    """Return the picture of what a layer does; the layers of one family share it."""
    image = QImage(WIDTH * _SHARP, HEIGHT * _SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(current().tokens.raised))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SHARP, _SHARP)
    # A layer of the core family without weights only bends its numbers.
    bends = layer.family == "core" and layer.weights is Layer.weights
    (_activation if bends else _PICTURES[layer.family])(_Pen(painter, layer.family))
    painter.end()
    return image


def picture_html(layer: type[Layer]) -> str:
    """Return the picture as part of a tooltip."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(picture(layer))
    data = bytes(buffer.data().toBase64().data()).decode()
    wide, high = fonts.pixels(WIDTH), fonts.pixels(HEIGHT)
    return f'<p><img src="data:image/png;base64,{data}" width="{wide}" height="{high}"></p>'
