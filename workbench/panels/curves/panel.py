"""Loss and metric over the epochs: raw thin and pale, smoothed on top, validation dashed with points.

Invariant: the panel pulls nothing and keeps no queue; each call of ``show_history`` costs as much as the steps that are
new, and a call that brings nothing new costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from nncore.training.changes import Changed
from nncore.training.pace import Pace
from nncore.types import Array
from workbench.panels.curves.given import HEADER, Given, nothing
from workbench.panels.curves.vertical import POINT, VerticalAxis
from workbench.plotting import Entry, Legend, Table, TitleLabel
from workbench.plotting.changes import ChangeMarks
from workbench.plotting.panel import initials
from workbench.plotting.plot import DENSE, plain, set_curve, ticks
from workbench.plotting.plot_panel import PlotPanel
from workbench.plotting.point_item import PointItem
from workbench.plotting.series import Curve, span_for
from workbench.theme import blend, current, numbers

AT_ONCE = 1_000_000
"""Steps read in one go, about 3 ms; a long history that is opened at once is read in several goes."""

_PAUSE = 40  # milliseconds until the rest of a long history is read
_SETTLE = 200  # milliseconds until the axes move on by themselves
_APART = 1.5 * POINT  # pixels from one point to the next
_USUAL = 5.0  # epochs on the axis of a curve that was told nothing
_LOOK_BACK = 1000  # epochs among which the last number is looked for
_NO_LIMIT = 16_777_215  # as Qt has it


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
        self._planned = _USUAL
        self._given = nothing(_USUAL)
        self._key = self._given.key()
        self._curve, self._checks, self._means = Curve(), Curve(), Curve()
        self._stale, self._first = False, ""
        self._growing, self._settled = False, True
        self._axis = VerticalAxis()
        self._title = TitleLabel(title, self)
        self._legend = Legend(self)
        self.header.addWidget(self._title, 0, 0)
        self.header.addWidget(self._legend, 0, 1)
        self.header.setColumnStretch(2, 1)
        self._raw = self.plot.add_curve()
        self._smooth = self.plot.add_curve()
        self._validation = self.plot.add_curve()
        self._points = PointItem(POINT)
        self.plot.widget.addItem(self._points)
        self._changes = ChangeMarks(self.plot)
        self._log = self.add_choice("logAxisAction", self.tr("Logarithmic axis"), False)
        self._smoothing = self.add_choice("smoothingAction", self.tr("Smoothed line"), True)
        self._log.toggled.connect(self._change_axis)
        self._smoothing.toggled.connect(self._redraw)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
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
        self._title.short = initials(title)
        self._title.setText(title)
        self.setAccessibleName(title)
        self._log.setVisible(not percent)
        self.plot.widget.setAccessibleName(self.tr("{title} over the epochs").format(title=title))
        self._invite()
        self.plot.name_axis("bottom", self.tr("epoch"))
        self.clear()

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained; empty when it can be."""
        self._first = words
        self._invite()

    def show_planned(self, epochs: float) -> None:
        """Say how many epochs a training will have; the axis shows them until it has begun."""
        self._planned = epochs
        if self._given.empty and self._given.total != epochs:
            self._given = nothing(epochs)
            self._stale = True
            if self.isVisible():
                self.refresh()

    def _invite(self) -> None:
        sentence = self._first or self.tr("Press Train to see {name} move.")
        name = self.tr("the {title}").format(title=self.accessibleName().lower())
        self.empty.setText(sentence.format(name=name))

    def show_title(self, shown: bool) -> None:
        """Show the name above the curve, or leave it to the tab that the panel stands in."""
        self._title.setVisible(shown)
        box = self.layout()
        if box is not None:
            box.setContentsMargins(12, 8 if shown else 2, 12, 8 if shown else 2)

    def clear(self) -> None:
        """Forget everything that was shown: a new training starts."""
        self._changes.show(())
        self._given = nothing(self._planned)
        self._key = self._given.key()
        self._curve, self._checks, self._means = Curve(), Curve(), Curve()
        self._change_axis()

    def show_history(
        self,
        steps: Array,
        pace: Pace | float,
        epochs: Array,
        train_epochs: Array,
        validation_epochs: Array,
        total_epochs: float,
    ) -> None:
        """Show a history as far as it has come; a series that is not the former one begins anew.

        Args:
            steps: (n,) one value for each step so far.
            pace: where the steps lie on the axis of the epochs, or how many make one.
            epochs: (m,) numbers of the finished epochs, from 1.
            train_epochs, validation_epochs: (m,) means over these epochs; NaN where there is none.
            total_epochs: the right end of the axis.
        """
        pace = pace if isinstance(pace, Pace) else Pace.even(max(1e-9, pace))
        self._given = Given(steps, pace, epochs, train_epochs, validation_epochs, total_epochs)
        if not self.isVisible():
            self._stale = True
        elif self._given.key() != self._key:
            self.refresh()

    def set_growing(self, growing: bool) -> None:
        """Say whether more steps are on their way: they move the axes, which else go on by themselves.

        A curve that was drawn again and again between two looks would take the time from learning.
        """
        self._growing = growing
        if not growing and not self._settled:
            self._timer.start(_SETTLE)

    def show_changes(self, changes: Sequence[Changed]) -> None:
        """Mark where settings were changed."""
        if self._changes.show(changes):
            self._stale = True
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        if self._stale or self._given.key() != self._key:
            self._stale = False
            self._read()
            self._redraw()

    def _read(self) -> None:
        """Take in the steps that are new, not more than the eye would wait for."""
        given = self._given
        span = span_for(given.steps_per_epoch, given.steps_per_epoch * given.total)
        if not self._curve.follows(given.steps) or (self._curve.count == 0 and self._curve.span != span):
            self._curve = Curve(span)
            self._axis.begin(self._percent, self._log.isChecked())
        self._curve.extend(given.steps[self._curve.count : self._curve.count + AT_ONCE])
        self._checks = _continued(self._checks, given.validation)
        self._means = _continued(self._means, given.train)
        self._key = given.key()

    @Slot()
    def _continue(self) -> None:
        self._stale = not self.isVisible()
        if not self._stale:
            self._read()
            self._redraw()

    # --- Drawing ------------------------------------------------------------------------------------------------

    @Slot()
    def _redraw(self) -> None:
        if self._given.key() != self._key:
            self._read()  # it was given while the panel was hidden, and may be shorter than what was drawn
        given, curve = self._given, self._curve
        raw_epochs, raw = self._in_epochs(*curve.extremes())
        smooth_epochs, smoothed = self._in_epochs(*curve.smoothed())
        if not curve.known:
            # A metric that is only measured per epoch still has a training curve.
            raw_epochs, raw = smooth_epochs, smoothed = self._at_epochs(self._means)
        epochs, checks = self._at_epochs(self._checks)
        smoothing = self._smooths()
        shown = slice(None) if smoothing else slice(0)
        axis = self._axis
        set_curve(self._raw, raw_epochs, axis.drawn(raw), self._raw_pen if smoothing else self._smooth_pen)
        set_curve(self._smooth, smooth_epochs[shown], axis.drawn(smoothed[shown]), self._smooth_pen)
        # Dashes of a thick line with many points take long to paint.
        dashes = self._dashes if len(checks) < DENSE else self._thin_dashes
        set_curve(self._validation, epochs, axis.drawn(checks), dashes)
        apart = np.isfinite(axis.drawn(checks)) & self._apart(epochs)
        self._points.setData(epochs[apart], axis.drawn(checks)[apart])
        self._points.setVisible(bool(apart.any()))  # pyqtgraph takes its time for none, too
        self.empty.setVisible(given.empty)
        self._show_numbers()
        self._settled = self._fit(raw, smoothed, checks)
        if curve.count < len(given.steps):
            self._timer.start(_PAUSE)
        elif not (self._settled or self._growing):
            self._timer.start(_SETTLE)

    def _smooths(self) -> bool:
        return self._smoothing.isChecked() and self._curve.span > 1

    def _in_epochs(self, steps: Array, values: Array) -> tuple[Array, Array]:
        """Return steps as epochs, and values in the unit that is shown."""
        return self._given.pace.at(steps), values * self._scale

    def _at_epochs(self, curve: Curve) -> tuple[Array, Array]:
        """Return numbers of epochs and the values of a curve that has one for each epoch."""
        places, values = curve.extremes()
        return self._given.epochs[np.ceil(places).astype(np.int64) - 1], values * self._scale

    @Slot()
    def _change_axis(self) -> None:
        self._axis.begin(self._percent, self._log.isChecked())
        self._redraw()

    def _apart(self, epochs: Array) -> Array:
        """Return which epochs get a point: the newest, and as many as do not touch, or they would cover the curves."""
        room = float(self.plot.box.width()) / self._right_end()  # pixels for each epoch
        every = math.ceil(_APART / max(room, 1e-9))
        chosen: Array = epochs % every == 0
        chosen &= (epochs[-1:].sum() - epochs) * room >= _APART
        chosen[-1:] = True
        return chosen

    def _right_end(self) -> float:
        """Return the epoch at which the axis ends."""
        learned = self._given.pace.epoch(self._curve.count)
        return max(right_end(float(self._given.total), learned), learned, 1e-9)

    def _fit(self, raw: Array, smoothed: Array, validation: Array) -> bool:
        """Move the axes a little towards where they belong; return whether they have arrived."""
        right = self._right_end()
        settled = self._axis.follow(raw, smoothed, validation)
        self.plot.set_range((0, right * 1.015), self._axis.range(self.plot.box.height()))
        most = self.plot.room("bottom", f"{right:.0f}")
        self.plot.set_ticks("bottom", ticks(0, right, most, whole=right >= 2), plain)
        self._changes.place(below=self._percent)
        self.plot.set_ticks("left", self._axis.ticks(self.plot.room("left")), self._axis.label, "0.25")
        self.plot.settle()
        return settled

    # --- Words --------------------------------------------------------------------------------------------------

    def format(self, value: float) -> str:
        """Return a value in the unit that is shown, as people read it."""
        if self._percent:
            return numbers.percent(value)
        text = numbers.significant(value) if math.isfinite(value) else numbers.NONE
        return f"{text} {self._unit}" if self._unit and math.isfinite(value) else text

    def _show_numbers(self) -> None:
        tokens = current().tokens
        after = self.tr("all validation samples, after epoch {epoch}")
        looks = (
            (self.tr("train"), self._newest(), tokens.training, "line"),
            (self.tr("val"), self._of_epoch(self._given.validation, after), tokens.validation, "dashes"),
        )
        self._legend.show_entries(
            [
                Entry(name, self.format(value * self._scale), (colour,), mark, meaning=meaning)
                for name, (value, meaning), colour, mark in looks
                if math.isfinite(value)
            ]
        )
        self._share_header()
        self.setAccessibleDescription(self._legend.accessibleDescription() or self.empty.text())

    def _newest(self) -> tuple[float, str]:
        """Return the newest number of the training, and in words what it is."""
        curve = self._curve
        if not curve.known:
            return self._of_epoch(self._given.train, self.tr("mean of epoch {epoch}"))
        averaged, value = (curve.averaged(), curve.current()) if self._smooths() else (1, curve.last)
        if not math.isfinite(value):
            return curve.last_number, self.tr("the last that was a number")
        words = self.tr("mean of the last {count} steps") if averaged > 1 else self.tr("the last step")
        return value, words.format(count=averaged)

    def _of_epoch(self, values: Array, words: str) -> tuple[float, str]:
        """Return the last of these means over epochs that is a number, if any, and words that name the epoch."""
        newest = values[-_LOOK_BACK:]
        known = np.flatnonzero(np.isfinite(newest))
        if not len(known):
            return math.nan, ""
        epoch = self._given.epochs[len(values) - len(newest) + known[-1]]
        return float(newest[known[-1]]), words.format(epoch=numbers.count(epoch))

    def _share_header(self) -> None:
        """Give the words of the legend the room of a long title that has a short form."""
        room = self.header.geometry().width() - self.header.horizontalSpacing() - self._legend.sizeHint().width()
        full = self._title.fontMetrics().horizontalAdvance(self._title.text())
        short = self._title.fontMetrics().horizontalAdvance(self._title.short) + 2
        most = short if self._title.short and full > room else _NO_LIMIT
        if most != self._title.maximumWidth():
            self._title.setMaximumWidth(most)

    def describe(self, x: float, y: float) -> str:
        """Return in words what the curves say at an epoch; empty where there is nothing."""
        given, lines, epoch = self._given, [], x
        steps, smoothed = self._curve.smoothed()
        places = given.pace.at(steps)
        if len(steps) and 0 <= epoch <= places[-1]:
            place = min(int(np.searchsorted(places, epoch)), len(steps) - 1)
            lines.append(
                self.tr("epoch {epoch} · step {step}").format(
                    epoch=numbers.significant(float(places[place])), step=numbers.count(steps[place])
                )
            )
            lines.append(self.tr("train {value}").format(value=self.format(float(smoothed[place]) * self._scale)))
        close = np.flatnonzero(np.abs(given.epochs - epoch) < 0.5)
        if lines and len(close) and np.isfinite(given.validation[close[0]]):
            value = self.format(float(given.validation[close[0]]) * self._scale)
            number = numbers.count(given.epochs[close[0]])
            lines.append(self.tr("val {value} after epoch {number}").format(value=value, number=number))
        return "\n".join([*self._changes.describe(x), *lines])

    # --- Theme, size, table -------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        tokens = current().tokens
        self.plot.style()
        self._changes.style()
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_header()

    def table(self) -> Table:
        """Return one row for each step, with the means of the epochs at their ends."""
        return HEADER, self._given.rows(self._curve.span, self._scale)


def right_end(total: float, epoch: float) -> float:
    """Return where the axis ends: beyond the curve by half its length or more, and at the last epoch at most.

    Somebody may learn the first epoch step by step; before the first step, the axis shows what is planned.

    Args:
        total: how many epochs are to be learned.
        epoch: how many are learned.
    """
    if not epoch:
        return total
    least = -6 if epoch < 1 else 1
    rounded = (step * 10.0**power for power in range(least, 300) for step in (1, 2, 3, 5))
    return min(total, next(end for end in rounded if end >= 1.5 * epoch))


def _continued(curve: Curve, values: Array) -> Curve:
    """Return a curve that has read all these values; a new one where they are not a continuation."""
    curve = curve if curve.follows(values) else Curve()
    curve.extend(values[curve.count :])
    return curve
