"""A pyqtgraph plot in the look of the window: no frame, few grid lines, ranges that the panel alone decides.

Invariant: nothing in the plot moves by itself; pyqtgraph's own menu, buttons, mouse and automatic ranges are off.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QWidget

from nncore.types import Array
from workbench.plotting.line_item import LineItem
from workbench.theme import current, fonts, numbers

pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")

_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SIDES = ("left", "bottom")
_LEAST, _BELOW = 84, 43  # pixels of the design: height of a plot whose axes have titles, and of what is below the plot
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def nice_ceiling(value: float) -> float:
    """Return the next round number at or above a positive value, so that a range seldom changes."""
    if not (value > 0 and math.isfinite(value)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((nice * power for nice in _NICE if nice * power >= value * (1 - 1e-12)), 10 * power)


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Return at most ``most`` round numbers from ``low`` to ``high``, evenly spaced.

    Args:
        low, high: the ends of an axis.
        most: how many labels find room.
        whole: whether only whole numbers make sense.
    """
    if not high > low:
        return [low]
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    for step in (nice * factor for factor in (power, 10 * power) for nice in _STEPS):
        step = max(1.0, round(step)) if whole else step
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [number * step for number in range(first, last + 1)]
    return [low]


class Plot:
    """The plot and its axes; ``widget`` goes into a layout.

    Args:
        parent: the panel.
        name: object name of the widget.
    """

    def __init__(self, parent: QWidget, name: str) -> None:
        self.widget = pg.PlotWidget(parent=parent)
        self.widget.setObjectName(name)
        self.widget.setFrameShape(QFrame.Shape.NoFrame)
        self.widget.setMinimumSize(40, 40)
        self.widget.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # What is dropped on it is for the window; Qt would complain of each drag that leaves it again.
        for part in (self.widget, self.widget.viewport()):
            part.setAcceptDrops(False)
        self.widget.setMenuEnabled(False)
        # Its menu has no owner, and would outlive the window until garbage is collected.
        menu = self.widget.getPlotItem().ctrlMenu
        menu.setParent(self.widget, menu.windowFlags())
        self.widget.hideButtons()
        self.widget.setMouseEnabled(False, False)
        self.box = self.widget.getViewBox()
        self.box.disableAutoRange()
        self.box.setDefaultPadding(0.0)
        # The panel around it answers the right click.
        self.widget.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.widget.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.widget.getPlotItem().setContentsMargins(0, 8, 12, 0)
        for side in _SIDES:
            axis = self.widget.getAxis(side)
            # pyqtgraph's own grid would take the labels at the ends of an axis away.
            axis.setStyle(tickLength=0, tickTextOffset=6, hideOverlappingLabels=False, tickAlpha=0)
            axis.enableAutoSIPrefix(False)
        self._grid = LineItem(connect="pairs", antialias=False)
        self._grid.setZValue(-10)
        self.widget.addItem(self._grid)
        self._ticks: dict[str, list[float]] = {side: [] for side in _SIDES}
        self._seen: dict[str, object] = {}
        self._titles = dict.fromkeys(_SIDES, ("", ""))
        self._titled = dict.fromkeys(_SIDES, False)

    def style(self) -> None:
        """Give background, grid, numbers and titles of the axes the colours of the theme in force."""
        tokens = current().tokens
        self.widget.setBackground(tokens.panel)
        self._grid.setPen(pg.mkPen(tokens.line, width=1))
        for side in _SIDES:
            axis = self.widget.getAxis(side)
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(None))
            axis.setTextPen(tokens.dim)
            axis.setStyle(tickFont=fonts.font(fonts.SMALL))
            self.name_axis(side, self._titles[side][0])

    def name_axis(self, side: str, text: str) -> None:
        """Set the title of the axis at the ``left`` or at the ``bottom``."""
        said = (text, f"{current().tokens.dim} {fonts.scale()}")
        # A title set again lays the plot out again.
        if text and said != self._titles[side]:
            size = f"{fonts.pixels(fonts.SMALL)}px"
            self.widget.getAxis(side).setLabel(html.escape(text), **{"color": current().tokens.dim, "font-size": size})
            self._titled[side] = True
        self._titles[side] = said

    def _show_title(self, side: str) -> None:
        """Leave the title of an axis out where it would be cut off, or take the room of the curves."""
        text, height = self._titles[side][0], self.widget.height()
        long = QFontMetricsF(fonts.font(fonts.SMALL)).horizontalAdvance(text) > height - fonts.pixels(_BELOW)
        fits = bool(text) and height >= fonts.pixels(_LEAST) and not (side == "left" and long)
        if fits != self._titled[side]:
            self._titled[side] = fits
            self.widget.getAxis(side).showLabel(fits)

    def add_curve(self) -> LineItem:
        """Return a new curve; values that are not finite leave gaps."""
        curve = LineItem(connect="finite", skipFiniteCheck=False)
        self.widget.addItem(curve)
        return curve

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show exactly this rectangle."""
        if [list(x), list(y)] == self.box.viewRange():
            return  # pyqtgraph would work all the same
        self.box.setRange(xRange=x, yRange=y, padding=0, update=True, disableAutoRange=True)

    def settle(self) -> None:
        """Have pyqtgraph move its items to where the range wants them now.

        It would do so while it paints, and what is moved then is painted a second time.
        """
        self.widget.scene().prepareForPaint()

    def set_ticks(self, side: str, values: Sequence[float], label: Callable[[float], str], widest: str = "") -> None:
        """Label an axis at these values and draw the grid there; the left axis keeps room for ``widest``."""
        self._show_title(side)
        labels = [label(value) for value in values]
        seen = (labels, self.box.viewRange(), widest, self._titles[side], self._titled[side], fonts.scale())
        if seen == self._seen.get(side):
            return
        self._seen[side] = seen
        axis = self.widget.getAxis(side)
        axis.setTicks([list(zip(values, labels, strict=True))])
        if side == "left":
            metrics = QFontMetricsF(fonts.font(fonts.SMALL))
            width = max(metrics.horizontalAdvance(text) for text in (*labels, widest))
            title = metrics.height() + 4 if self._titled[side] else 0
            axis.setWidth(math.ceil(width) + 14 + title)
        self._ticks[side] = list(values)
        self._draw_grid()

    def _draw_grid(self) -> None:
        (left, right), (low, high) = self.box.viewRange()
        x = [place for tick in self._ticks["bottom"] for place in (tick, tick)]
        y = [low, high] * len(self._ticks["bottom"])
        x += [left, right] * len(self._ticks["left"])
        y += [place for tick in self._ticks["left"] for place in (tick, tick)]
        self._grid.setData(np.array(x, dtype=float), np.array(y, dtype=float))

    def room(self, side: str, widest: str = "0000") -> int:
        """Return how many labels stand well along an axis, at least 2."""
        metrics = QFontMetricsF(fonts.font(fonts.SMALL))
        if side == "left":
            return max(2, min(6, int((self.widget.height() - 40) / (1.8 * metrics.height()))))
        return max(2, min(9, int((self.widget.width() - 60) / (metrics.horizontalAdvance(widest) + 22))))


DENSE = 300
"""From this number of points on, a thick line is painted in pieces."""


def set_curve(curve: LineItem, x: Array, y: Array, pen: QPen) -> None:
    """Give a curve its points.

    pyqtgraph warns of curves without any finite value, so those are left empty. Qt computes the outline of a thick line
    as a whole, which takes 150 ms for a restless one of 1,500 points; segment by segment it takes 2.
    """
    solid = pen.style() == Qt.PenStyle.SolidLine
    curve.setSegmentedLineMode("on" if solid and len(x) > DENSE else "off")
    curve.setPen(pen)
    if np.isfinite(y).any():
        curve.setData(x, y)
    else:
        curve.setData([], [])


def plain(value: float) -> str:
    """Return a number beside an axis: three significant digits, no zeros at the end."""
    text = numbers.significant(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
