"""A series over time, the network's one-step forecasts, and those of a rule that needs no learning.

Invariant: both axes are chosen by the series alone, so that the picture stays still while the forecasts move.
"""

from __future__ import annotations

import html
import math

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGraphicsRectItem, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.panels.forecast.times import time_ticks
from workbench.panels.forecast.verdict import verdict
from workbench.plotting import Entry, Legend, Table
from workbench.plotting.plot import plain, set_curve, ticks
from workbench.plotting.plot_panel import PlotPanel
from workbench.plotting.point_item import PointItem
from workbench.results import Forecast
from workbench.theme import blend, current, fonts, numbers
from workbench.theme.widgets import chip

_MARGIN = 0.08
_BEFORE = 2
"""How many times the held-out part is shown of what came before it."""
_NAMED = 1.8
_MOST_POINTS = 40
_GAP = "&nbsp;&nbsp; "  # between figures: where the line breaks, nothing of it is seen
_APART = 16  # pixels between legend, chips and menu
_DASHES = 14
_HIGH = 5  # names of the held-out part that must have room one above the other for it to be written


class ForecastPanel(PlotPanel):
    """Truth as a line, forecasts in the colours of their part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._invitation = QCoreApplication.translate("ForecastPanel", "A series will be drawn here.")
        super().__init__(
            QCoreApplication.translate("ForecastPanel", "Forecast"), "forecastView", self._invitation, parent
        )
        self.setObjectName("forecastPlot")
        self._given: Forecast | None = None
        self._stale = False
        self._legend = Legend(self)
        self.verdict = QLabel(self)
        self.verdict.setObjectName("forecastVerdict")
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.RichText)
        self.header.addWidget(self._legend, 0, 0)
        self._chips = self._make_chips()
        self._beside: bool | None = None  # the legend
        self.header.setColumnStretch(0, 1)
        self.verdict.setProperty("role", "caption")
        outer = self.layout()
        assert isinstance(outer, QVBoxLayout)
        outer.insertWidget(1, self.verdict)  # as wide as the plot
        self._shade = QGraphicsRectItem()
        self._shade.setZValue(-15)
        self._shade.setPen(pg.mkPen(None))
        self.plot.widget.addItem(self._shade)
        self._shade_name = pg.TextItem(self.tr("held out"), anchor=(1, 0))
        self.plot.widget.addItem(self._shade_name)
        self._naive = self.plot.add_curve()
        self._truth = self.plot.add_curve()
        self._parts = [self.plot.add_curve() for _ in range(3)]
        self._points = PointItem(7)
        self.plot.widget.addItem(self._points)
        self.plot.widget.setAccessibleName(self.tr("The series and its forecasts over time"))
        self.apply_theme()

    def _make_chips(self) -> QWidget:
        self._whole = chip("wholeSeriesChip", self.tr("whole series"), self.tr("Show the whole series"), self)
        self._end = chip("heldOutChip", self.tr("held out"), self.tr("Show the end of the series from near by"), self)
        self._rule = chip(
            "seasonalChip",
            self.tr("seasonal naive"),
            self.tr("Show the rule that needs no learning: the same as one season before"),
            self,
        )
        self._whole.setChecked(True)
        self._rule.setChecked(True)
        self._rule.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._zoom = QButtonGroup(self)
        for button in (self._whole, self._end):
            self._zoom.addButton(button)
        self._zoom.buttonToggled.connect(self._redraw)
        self._rule.toggled.connect(self._redraw)
        chips = QWidget(self)
        row = QHBoxLayout(chips)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for button in (self._whole, self._end, self._rule):
            row.addWidget(button)
        row.addStretch(1)
        return chips

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_chips()

    def _place_chips(self) -> None:
        """Put the chips below a legend that leaves them no room, with fewer words where even that is too narrow."""
        room = self.contentsRect().width() - 2 * _APART - self.menu_button.sizeHint().width()
        for words in (self.tr("whole series"), self.tr("seasonal naive")), (self.tr("whole"), self.tr("naive")):
            self._whole.setText(words[0])
            self._end.setText(self._end.accessibleName())
            self._rule.setText(words[1])
            wanted = self._chips.sizeHint().width()
            if wanted <= room:
                break
        beside = wanted + _APART + self._legend.sizeHint().width() <= room
        if beside != self._beside:
            self._beside = beside
            self.header.addWidget(self._chips, *((0, 1, 1, 1) if beside else (1, 0, 1, 2)))

    # --- What is shown ------------------------------------------------------------------------------------------

    def show_forecast(self, forecast: Forecast) -> None:
        """Show a series, and the forecasts of it if there are any."""
        self._given = forecast
        if self.isVisible():
            self._redraw()
        else:
            self._stale = True

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._redraw()

    # --- Drawing ------------------------------------------------------------------------------------------------

    def _view(self, given: Forecast) -> tuple[int, int]:
        """Return the first and the last place in view."""
        last = len(given) - 1
        if self._whole.isChecked():
            return 0, last
        judged = given.judged
        return max(0, judged.start - _BEFORE * (judged.stop - judged.start)), last

    def fit(self) -> None:
        given = self._given
        if given is None:
            return
        first, last = self._view(given)
        seen = given.values[first : last + 1]
        low, high = float(seen.min()), float(seen.max())
        margin = _MARGIN * ((high - low) or abs(high) or 1.0)
        # Above the held-out part there is room for its name.
        low, high = low - margin, high + margin * (_NAMED if given.test < len(given) else 1)
        side = 0.01 * max(1, last - first)
        self.plot.set_range((first - side, last + 0.5 + side), (low, high))
        self.plot.set_ticks("left", ticks(low, high, min(6, self.plot.room("left"))), plain)
        words = max((given.time(place) for place in (first, last)), key=len) if given.times else f"{last:,}"
        places = time_ticks(first, last, given.period if given.times else 0, self.plot.room("bottom", words))
        # A word under the ends of the axis would be cut off at the edge.
        edge = 0.03 * (last - first) if given.times else 0
        places = [place for place in places if first + edge <= place <= last - edge]
        self.plot.set_ticks("bottom", places, lambda value: given.time(round(value)) if given.times else plain(value))
        shaded = given.test < len(given)
        self._shade.setVisible(shaded)
        band = len(given) - given.test + side
        # In a low plot it would lie over the curves, and over those of the part before where its own part is narrow;
        # the legend and the verdict name that part, too.
        name = self._shade_name.boundingRect()
        fits = name.width() <= self.plot.box.width() * band / (last - first + 0.5 + 2 * side)
        roomy = fits and self.plot.box.height() > _HIGH * name.height()
        self._shade_name.setVisible(shaded and roomy)
        if shaded:
            self._shade.setRect(QRectF(given.test - 0.5, low, band, high - low))
            self._shade_name.setPos(len(given) - 0.5 + side, high)

    @Slot()
    def _redraw(self) -> None:
        given = self._given
        if given is None:
            return
        self.empty.show_sentence("")
        self._end.setAccessibleName(self.tr("held out") if given.test < len(given) else self.tr("validation"))
        self._end.setVisible(given.judged.start > given.first)
        self._rule.setVisible(bool(np.isfinite(given.seasonal).any()))
        self.plot.name_axis("left", given.target_name)
        self.plot.name_axis("bottom", "" if given.times else self.tr("step"))
        self.fit()
        places = np.arange(len(given), dtype=np.float64)
        set_curve(self._truth, places, given.values, self._truth_pen)
        rule = given.seasonal if self._rule.isChecked() else np.full(len(given), np.nan)
        set_curve(self._naive, places, rule, self._naive_pen)
        borders = (given.first, given.validation, given.test, len(given))
        for curve, pen, start, end in zip(self._parts, self._part_pens, borders, borders[1:], strict=False):
            # From the last forecast of the part before, so that the line has no gap.
            rows = slice(max(given.first, start - 1), end) if end > start else slice(0)
            set_curve(curve, places[rows], given.network[rows], pen)
        judged = given.judged
        few = judged.stop - judged.start <= _MOST_POINTS and given.test < len(given)
        marked = np.arange(judged.start, judged.stop if few else judged.start)
        marked = marked[np.isfinite(given.network[marked])]
        self._points.setData(places[marked], given.network[marked])
        self._show_words(given)
        self._place_chips()

    def _show_words(self, given: Forecast) -> None:
        tokens = current().tokens
        entries = [Entry(self.tr("truth"), "", (self._truth_pen.color().name(),))]
        if given.answered:
            entries.append(Entry(self.tr("train"), "", (tokens.training,)))
            if given.validation < given.test:
                entries.append(Entry(self.tr("val"), "", (tokens.validation,)))
        if given.test < len(given):
            entries.append(Entry(self.tr("held out"), "", (tokens.held_out,)))
        self._legend.show_entries(entries)
        said = verdict(given)
        figures = [f"{_whole(name)}&nbsp;{fonts.strong(value, tokens.text)}" for name, value in said.figures]
        if said.better is not None:
            colour, sign = (tokens.right, "✓") if said.better else (tokens.wrong, "✗")
            figures.append(fonts.strong(f"{sign}&nbsp;{_whole(said.words)}", colour))
        elif said.words:
            figures.append(_whole(said.words))
        words = f"{html.escape(said.where)}: " + _GAP.join(figures)
        self.verdict.setText(f"<span style='color:{tokens.dim}'>{words}</span>")
        self.verdict.setAccessibleName(said.sentence())
        span = self.tr("From {first} to {last}.").format(
            first=given.time(given.judged.start), last=given.time(len(given) - 1)
        )
        lines = [
            said.sentence(),
            span,
            self.tr("MAE is the mean absolute error: how far from the truth the forecasts are on average."),
            self.tr("Seasonal naive says the same as one season before; last value, the same as one step before."),
        ]
        if given.answered:
            lines.append(self.tr("After step {step}.").format(step=numbers.count(given.step)))
        self.verdict.setToolTip("\n".join(lines))
        self.setAccessibleDescription(" ".join(lines))

    def describe(self, x: float, y: float) -> str:
        """Return in words the value at a moment, and the forecasts of it."""
        given = self._given
        place = math.floor(x + 0.5)
        if given is None or not 0 <= place < len(given):
            return ""
        values = {
            self.tr("truth"): given.values[place],
            self.tr("network"): given.network[place],
            self.tr("seasonal naive"): given.seasonal[place],
        }
        known = [f"{name} {numbers.significant(float(value))}" for name, value in values.items() if np.isfinite(value)]
        return f"{given.time(place)}: " + ", ".join(known)

    # --- Theme, table -------------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        tokens = current().tokens
        self._place_chips()
        self.plot.style()
        third = tokens.held_out
        self._truth_pen = pg.mkPen(blend(tokens.text, tokens.panel, 0.7), width=1.4)
        self._naive_pen = pg.mkPen(tokens.dim, width=1.2, style=Qt.PenStyle.DashLine)
        self._part_pens = [pg.mkPen(colour, width=2.2) for colour in (tokens.training, tokens.validation, third)]
        self._rule.setIconSize(QSize(fonts.pixels(_DASHES), fonts.pixels(_DASHES // 2)))
        self._rule.setIcon(_dashes(tokens.dim))
        self._points.setBrush(pg.mkBrush(third))
        self._points.setPen(pg.mkPen(tokens.panel, width=0.8))
        self._shade.setBrush(QColor(blend(third, tokens.panel, 0.12)))
        self._shade_name.setColor(third)
        self._shade_name.setFont(fonts.font(fonts.SMALL))
        self._redraw()

    def table(self) -> Table:
        """Return one row for each value: its moment, its part, and all forecasts of it."""
        header = ("time", "part", "truth", "network", "seasonal naive", "last value")
        given = self._given
        if given is None:
            return header, ()
        columns = (given.values, given.network, given.seasonal, given.last)
        rows = (
            [given.time(place), given.part(place), *(_number(column[place]) for column in columns)]
            for place in range(len(given))
        )
        return header, rows


def _dashes(colour: str) -> QIcon:
    """Return a dashed line: the chip that shows a rule is its legend, too."""
    wide, high = fonts.pixels(_DASHES), fonts.pixels(_DASHES // 2)
    picture = QPixmap(3 * wide, 3 * high)  # for screens of up to 300 %
    picture.setDevicePixelRatio(3)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    pen = QPen(QColor(colour), 2.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.0, 0.8])
    painter.setPen(pen)
    painter.drawLine(QPointF(0, high / 2), QPointF(min(wide, 4.8 * 2.5), high / 2))  # two dashes
    painter.end()
    return QIcon(picture)


def _whole(words: str) -> str:
    """Return words as rich text that no line breaks."""
    return html.escape(words).replace(" ", "&nbsp;")


def _number(value: float) -> str:
    return f"{value:.9g}" if np.isfinite(value) else ""
