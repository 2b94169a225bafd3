"""Loss and metric over the epochs: raw thin and pale, smoothed on top, validation dashed with points.

Invariant: the panel pulls nothing and keeps no queue; each call of ``show_history`` costs as much as the steps that are
new, and a call that brings nothing new costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from nncore.types import Array
from workbench.plotting import Entry, Legend, PlotPanel, Table, TitleLabel
from workbench.plotting.plot import DENSE, nice_ceiling, plain, set_curve, ticks
from workbench.plotting.series import Curve, smooth, smoothing_for
from workbench.theme import blend, current, numbers

AT_ONCE = 400_000
"""Steps read in one go, about 10 ms; a long history that is opened at once is read in several goes."""

MOST_ROWS = 200_000
"""A table of more steps than this holds every second, third, ... of them."""

_PAUSE = 40
_MOST_POINTS = 25
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class _Given:
    """The arguments of the last ``show_history``."""

    steps: Array
    steps_per_epoch: float
    epochs: Array
    train: Array
    validation: Array
    total: float

    def key(self) -> tuple[object, ...]:
        last = float(self.validation[-1]) if len(self.validation) else 0.0
        newest = float(self.steps[-1]) if len(self.steps) else 0.0
        return len(self.steps), newest, self.steps_per_epoch, len(self.epochs), repr(last), self.total


_NOTHING = _Given(*(np.empty(0), 1.0, np.empty(0), np.empty(0), np.empty(0), 5.0))


class CurvePanel(PlotPanel):
    """One number over the epochs, for training and validation.

    Args:
        title: what the number is called.
        percent: whether it is a share from 0 to 1, shown as a percentage on a fixed axis.
    """

    def __init__(self, title: str, percent: bool, parent: QWidget | None = None) -> None:
        super().__init__(title, "curvePlot", "", parent)
        self.setProperty("card", True)
        self._percent, self._unit, self._scale = percent, "", 1.0
        self._given, self._key = _NOTHING, _NOTHING.key()
        self._curve, self._checks, self._means = Curve(), Curve(), Curve()
        self._stale = False
        self._top, self._bottom = 1.0, 0.0
        self._title = TitleLabel(title, self)
        self._legend = Legend(self)
        self.header.addWidget(self._title, 0, 0)
        self.header.addWidget(self._legend, 0, 1)
        self.header.setColumnStretch(2, 1)
        self._raw = self.plot.add_curve()
        self._smooth = self.plot.add_curve()
        self._validation = self.plot.add_curve()
        self._points = pg.ScatterPlotItem(size=8, pxMode=True)
        self.plot.widget.addItem(self._points)
        self._log = self.add_choice("logAxisAction", self.tr("Logarithmic axis"), False)
        self._smoothing = self.add_choice("smoothingAction", self.tr("Smoothed line"), True)
        for action in (self._log, self._smoothing):
            action.toggled.connect(self._redraw)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._continue)
        self.apply_theme()
        self.set_metric(title, percent)

    # --- What is shown ------------------------------------------------------------------------------------------

    def set_metric(self, title: str, percent: bool, unit: str = "", scale: float = 1.0) -> None:
        """Say what the number is.

        Args:
            title: what it is called.
            percent: whether it is a share from 0 to 1.
            unit: what follows the number, for example the target's unit.
            scale: what the given values are multiplied by to be in that unit.
        """
        self._percent, self._unit, self._scale = percent, unit, scale
        self._title.setText(title)
        self.setAccessibleName(title)
        self._log.setVisible(not percent)
        self.plot.widget.setAccessibleName(self.tr("{title} over the epochs").format(title=title))
        sentence = self.tr("Press Train to see {name} move.")
        self.empty.show_sentence(sentence.format(name=self.tr("the {title}").format(title=title.lower())))
        self.plot.name_axis("bottom", self.tr("epoch"))
        self.clear()

    def clear(self) -> None:
        """Forget everything that was shown: a new training starts."""
        self._given, self._key = _NOTHING, _NOTHING.key()
        self._curve, self._checks, self._means = Curve(), Curve(), Curve()
        self._top = 0.0
        self._redraw()

    def show_history(
        self,
        steps: Array,
        steps_per_epoch: float,
        epochs: Array,
        train_epochs: Array,
        validation_epochs: Array,
        total_epochs: float,
    ) -> None:
        """Show a history as far as it has come; a series that is not the former one begins anew.

        Args:
            steps: (n,) one value for each step so far.
            steps_per_epoch: how many steps make an epoch.
            epochs: (m,) numbers of the finished epochs, from 1.
            train_epochs, validation_epochs: (m,) means over these epochs; NaN where there is none.
            total_epochs: the right end of the axis.
        """
        self._given = _Given(steps, max(1e-9, steps_per_epoch), epochs, train_epochs, validation_epochs, total_epochs)
        if not self.isVisible():
            self._stale = True
        elif self._given.key() != self._key:
            self.refresh()

    def refresh(self) -> None:
        if self._stale or self._given.key() != self._key:
            self._stale = False
            self._read()
            self._redraw()

    def _read(self) -> None:
        """Take in the steps that are new, not more than the eye would wait for."""
        given = self._given
        keep = smoothing_for(given.steps_per_epoch)
        if not self._curve.follows(given.steps) or (self._curve.count == 0 and self._curve.keep != keep):
            self._curve, self._top = Curve(keep), 0.0
        self._curve.extend(given.steps[self._curve.count : self._curve.count + AT_ONCE])
        self._checks = _continued(self._checks, given.validation)
        self._means = _continued(self._means, given.train)
        self._key = given.key()

    @Slot()
    def _continue(self) -> None:
        if self.isVisible():
            self._read()
            self._redraw()

    # --- Drawing ------------------------------------------------------------------------------------------------

    @Slot()
    def _redraw(self) -> None:
        given, curve = self._given, self._curve
        raw_steps, raw = curve.extremes()
        smooth_steps, smoothed = curve.smoothed()
        if not np.isfinite(raw).any():
            # A metric that is only measured per epoch still has a training curve.
            raw_steps, raw = self._at_epochs(self._means)
            raw_steps = raw_steps * given.steps_per_epoch
            smooth_steps, smoothed = raw_steps, raw
        smoothing = self._smoothing.isChecked() and curve.keep > 0
        raw_pen = self._raw_pen if smoothing else self._smooth_pen
        set_curve(self._raw, raw_steps / given.steps_per_epoch, self._value(raw), raw_pen)
        shown = slice(None) if smoothing else slice(0)
        smooth_epochs = smooth_steps[shown] / given.steps_per_epoch
        set_curve(self._smooth, smooth_epochs, self._value(smoothed[shown]), self._smooth_pen)
        epochs, checks = self._at_epochs(self._checks)
        # Dashes of a thick line with many points take long to paint.
        set_curve(
            self._validation, epochs, self._value(checks), self._dashes if len(checks) < DENSE else self._thin_dashes
        )
        # So many epochs that their points would touch are a line only.
        apart = np.isfinite(self._value(checks)) & (len(checks) <= _MOST_POINTS)
        self._points.setData(epochs[apart], self._value(checks)[apart])
        self.empty.setVisible(not (len(given.steps) or len(given.epochs)))
        self._show_numbers(smoothed if smoothing else raw)
        settled = self._fit(raw, smoothed, checks)
        if not settled or curve.count < len(given.steps):
            self._timer.start()

    def _at_epochs(self, curve: Curve) -> tuple[Array, Array]:
        """Return numbers of epochs and the values of a curve that has one for each epoch."""
        places, values = curve.extremes()
        return self._given.epochs[np.ceil(places).astype(np.int64) - 1], values

    def _value(self, values: Array) -> Array:
        """Return values as they are drawn: in their unit, as logarithms where the axis is logarithmic."""
        values = np.where(np.isfinite(values), values, np.nan) * self._scale
        if self.logarithmic:
            return np.log10(np.where(values > _TINY, values, np.nan))
        return values

    @property
    def logarithmic(self) -> bool:
        """Whether the axis is logarithmic."""
        return self._log.isChecked() and not self._percent

    def _fit(self, raw: Array, smoothed: Array, validation: Array) -> bool:
        """Move the axes a little towards where they belong; return whether they have arrived."""
        given = self._given
        right = max(float(given.total), self._curve.count / given.steps_per_epoch, _TINY)
        low, high = self._extent(raw, smoothed, validation)
        if self._percent or self.logarithmic or self._top == 0:
            self._bottom, self._top = low, high
        # Growing shows at once what has come; shrinking, and growing to the round number above it, take their time.
        drawn = self._value(smoothed)
        needed = float(np.nanmax(drawn)) if np.isfinite(drawn).any() else self._bottom
        self._top = max(self._top + 0.35 * (high - self._top), needed)
        self._bottom += 0.35 * (low - self._bottom)
        span = high - low
        settled = abs(self._top - high) < 0.01 * span and abs(self._bottom - low) < 0.01 * span
        if settled:
            self._bottom, self._top = low, high
        pad = 0.03 * (self._top - self._bottom)
        self.plot.set_range((0, right * 1.015), (self._bottom - pad / 2, self._top + pad / 2))
        most = self.plot.room("bottom", f"{right:.0f}")
        self.plot.set_ticks("bottom", ticks(0, right, most, whole=right >= 2), plain)
        self.plot.set_ticks("left", self._left_ticks(), self._tick_label, "0.25")
        return settled

    def _extent(self, raw: Array, smoothed: Array, validation: Array) -> tuple[float, float]:
        """Return where the vertical axis belongs; single wild values of the raw curve may lie outside."""
        if self._percent:
            return 0.0, 1.0
        known = [values[np.isfinite(values)] * self._scale for values in (raw, smoothed, validation)]
        if len(known[0]):
            known[0] = np.quantile(known[0], [0.02, 0.98])
        every = np.concatenate(known)
        if self.logarithmic:
            every = every[every > _TINY]
            if not len(every):
                return -2.0, 0.0
            low, high = math.floor(math.log10(every.min()) * 2) / 2, math.ceil(math.log10(every.max()) * 2) / 2
            return low, max(high, low + 1)
        if not len(every):
            return 0.0, 1.0
        return min(0.0, -nice_ceiling(-float(every.min())) if every.min() < 0 else 0.0), nice_ceiling(
            float(every.max())
        )

    def _left_ticks(self) -> list[float]:
        most = self.plot.room("left")
        if self._percent:
            return [0, 0.25, 0.5, 0.75, 1] if most >= 5 else [0, 0.5, 1]
        if self.logarithmic:
            return ticks(self._bottom, self._top, most, whole=self._top - self._bottom >= 2)
        return ticks(self._bottom, self._top, most)

    def _tick_label(self, value: float) -> str:
        if self._percent:
            return numbers.percent(value, 0)
        return plain(10.0**value) if self.logarithmic else plain(value)

    # --- Words --------------------------------------------------------------------------------------------------

    def format(self, value: float) -> str:
        """Return a value, as it was given, as people read it."""
        value = value * self._scale
        if self._percent:
            return numbers.percent(value)
        text = numbers.significant(value) if math.isfinite(value) else numbers.NONE
        return f"{text} {self._unit}" if self._unit and math.isfinite(value) else text

    def _show_numbers(self, training: Array) -> None:
        tokens = current().tokens
        entries = []
        newest = training[np.isfinite(training)][-1:]
        if len(newest):
            entries.append(Entry(self.tr("train"), self.format(float(newest[0])), (tokens.training,)))
        measured = self._given.validation[np.isfinite(self._given.validation)]
        if len(measured):
            entries.append(Entry(self.tr("val"), self.format(float(measured[-1])), (tokens.validation,), "dashes"))
        self._legend.show_entries(entries)
        self.setAccessibleDescription(self._legend.accessibleDescription() or self.empty.text())

    def describe(self, x: float, y: float) -> str:
        """Return in words what the curves say at an epoch; empty where there is nothing."""
        given, lines, epoch = self._given, [], x
        steps, smoothed = self._curve.smoothed()
        if len(steps) and 0 <= epoch <= steps[-1] / given.steps_per_epoch:
            place = min(int(np.searchsorted(steps, epoch * given.steps_per_epoch)), len(steps) - 1)
            lines.append(
                self.tr("epoch {epoch} · step {step}").format(
                    epoch=numbers.significant(steps[place] / given.steps_per_epoch), step=numbers.count(steps[place])
                )
            )
            lines.append(self.tr("train {value}").format(value=self.format(float(smoothed[place]))))
        close = np.flatnonzero(np.abs(given.epochs - epoch) < 0.5)
        if lines and len(close) and np.isfinite(given.validation[close[0]]):
            value = self.format(float(given.validation[close[0]]))
            number = numbers.count(given.epochs[close[0]])
            lines.append(self.tr("val {value} after epoch {number}").format(value=value, number=number))
        return "\n".join(lines)

    # --- Theme, size, table -------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        tokens = current().tokens
        self.plot.style()
        self._raw_pen = pg.mkPen(blend(tokens.training, tokens.panel, 0.42), width=1)
        self._smooth_pen = pg.mkPen(tokens.training, width=2)
        self._smooth_pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        self._dashes, self._thin_dashes = (pg.mkPen(tokens.validation, width=width) for width in (1.6, 1))
        for pen in (self._dashes, self._thin_dashes):
            pen.setDashPattern([4, 2.5])
        self._points.setBrush(QColor(tokens.validation))
        self._points.setPen(pg.mkPen(tokens.panel, width=1.2))
        self._redraw()

    def fit(self) -> None:
        self._redraw()

    def table(self) -> Table:
        """Return columns epoch, step, raw, smoothed, and at the ends of epochs their means, one row for each step."""
        given = self._given
        count = len(given.steps)
        values = np.asarray(given.steps, dtype=np.float64)[:count] * self._scale
        smoothed = smooth(values, self._curve.keep)
        at_step = np.round(given.epochs * given.steps_per_epoch).astype(np.int64)
        ends = {int(step): number for number, step in enumerate(at_step)}
        every = -(-count // MOST_ROWS) or 1
        shown = sorted({*range(every, count + 1, every), *(step for step in ends if step <= count), *ends})
        header = ("epoch", "step", "raw", "smoothed", "train_epoch", "validation_epoch")
        return header, (self._row(step, values, smoothed, ends.get(step)) for step in shown)

    def _row(self, step: int, values: Array, smoothed: Array, end: int | None) -> list[object]:
        inside = 0 < step <= len(values)
        means = ("", "") if end is None else (self._given.train[end], self._given.validation[end])
        return [
            f"{step / self._given.steps_per_epoch:.9g}",
            step,
            _cell(values[step - 1]) if inside else "",
            _cell(smoothed[step - 1]) if inside else "",
            *(mean if isinstance(mean, str) else _cell(mean * self._scale) for mean in means),
        ]


def _cell(value: float) -> str:
    return f"{value:.9g}" if math.isfinite(value) else ""


def _continued(curve: Curve, values: Array) -> Curve:
    """Return a curve that has read all these values; a new one where they are not a continuation."""
    curve = curve if curve.follows(values) else Curve()
    curve.extend(values[curve.count :])
    return curve
