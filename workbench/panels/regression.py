"""Predicted numbers against true ones: the closer to the diagonal, the better.

Invariant: both axes show the same range in the target's own unit, chosen by the truth, so that the picture stays still
while the points move.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from nncore.types import Array
from workbench.plotting import Entry, Legend, Table
from workbench.plotting.plot import plain, set_curve, ticks
from workbench.plotting.plot_panel import PlotPanel
from workbench.plotting.point_item import PointItem
from workbench.theme import blend, current, numbers
from workbench.theme.widgets import ElidedLabel

_MOST_POINTS = 2000
_MARGIN = 0.15
_PALE = 0.75  # share of its colour that the part that is learned from has: less than the others, but 3:1


def scores(truth: Array, prediction: Array) -> tuple[float, float]:
    """Return the coefficient of determination R² and the mean absolute error of finite pairs; NaN without any.

    R² = 1 - sum (t - y)² / sum (t - mean t)²: 1 is perfect, 0 is as good as always saying the mean.
    """
    known = np.isfinite(truth) & np.isfinite(prediction)
    if not known.any():
        return float("nan"), float("nan")
    truth, prediction = truth[known], prediction[known]
    spread = float(np.square(truth - truth.mean()).sum())
    r2 = 1 - float(np.square(truth - prediction).sum()) / spread if spread > 0 else float("nan")
    return r2, float(np.abs(truth - prediction).mean())


class RegressionPanel(PlotPanel):
    """A scatter with the diagonal and two scores."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._invitation = QCoreApplication.translate(
            "RegressionPanel", "Press Train to see the predictions move to the diagonal."
        )
        name = QCoreApplication.translate("RegressionPanel", "Prediction and truth")
        super().__init__(name, "regressionView", self._invitation, parent)
        self.setObjectName("regressionPlot")
        self._truth, self._prediction = np.empty(0), np.empty(0)
        self._part = np.empty(0, dtype=np.int64)
        self._target, self._step, self._outputs = "", 0, 1
        self._stale, self._first = False, ""
        self._legend = Legend(self)
        self.summary = ElidedLabel(self)
        self.summary.setObjectName("regressionSummary")
        self.header.addWidget(self._legend, 0, 0)
        self.set_note(self.summary, 480)
        self._diagonal = self.plot.add_curve()
        self._points = [PointItem(7, shape) for shape in "ods"]
        for points in self._points:
            self.plot.widget.addItem(points)
        self.plot.widget.setAccessibleName(self.tr("Predictions against truths"))
        self.apply_theme()

    def show_pairs(
        self, truth: Array, prediction: Array | None, part: Array, target_name: str, step: int, outputs: int = 1
    ) -> None:
        """Show predictions beside the truth.

        Args:
            truth: (n,) numbers in the unit of the data.
            prediction: (n,) numbers in the same unit; None before the training.
            part: (n,) 0 or False for the training part, 1 or True for the validation part, 2 for the test part.
            target_name: what is predicted.
            step: the moment the weights are from.
            outputs: how many numbers, one behind the other, belong to one sample.
        """
        self._truth = np.asarray(truth, dtype=np.float64).reshape(len(truth), -1)[:, 0]
        missing = np.full(len(truth), np.nan)
        self._prediction = missing if prediction is None else _column(prediction)
        self._part, self._target, self._step = part.astype(np.int64), target_name, step
        self._outputs = outputs
        if self.isVisible():
            self._redraw()
        else:
            self._stale = True

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained; empty when it can be."""
        if words != self._first:
            self._first = words
            self._stale = True
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._redraw()

    # --- Drawing ------------------------------------------------------------------------------------------------

    def _range(self) -> tuple[float, float]:
        known = self._truth[np.isfinite(self._truth)]
        if not len(known):
            return 0.0, 1.0
        low, high = float(known.min()), float(known.max())
        margin = _MARGIN * ((high - low) or abs(high) or 1.0)
        return low - margin, high + margin

    def fit(self) -> None:
        span = self._range()
        self.plot.set_range(span, span)
        self.plot.set_ticks("bottom", ticks(*span, min(6, self.plot.room("bottom"))), plain)
        self.plot.set_ticks("left", ticks(*span, min(6, self.plot.room("left"))), plain)

    def _redraw(self) -> None:
        self.fit()
        span = self._range()
        self.plot.name_axis("bottom", self.tr("true {target}").format(target=self._target or self.tr("value")))
        self.plot.name_axis("left", self.tr("predicted"))
        set_curve(self._diagonal, np.array(span), np.array(span), self._diagonal_pen)
        for part, points in enumerate(self._points):
            rows = np.flatnonzero(np.isfinite(self._prediction) & (self._part == part))
            rows = rows[:: -(-len(rows) // _MOST_POINTS) or 1]
            points.setData(self._truth[rows], self._prediction[rows])
        self._show_words(span)

    def _show_words(self, span: tuple[float, float]) -> None:
        tokens = current().tokens
        names = (self.tr("train"), self.tr("val"), self.tr("test"))
        colours = (self._pale, tokens.validation, tokens.held_out)
        present = [part for part in range(3) if part == 0 or (self._part == part).any()]
        entries = [Entry(names[part], "", (colours[part],), "ods"[part]) for part in present]
        judged = next((part for part in (1, 2) if part in present), 0)
        self._legend.show_entries(entries)
        answered = bool(np.isfinite(self._prediction).any())
        invitation = self._first or self._invitation
        self.empty.show_sentence("" if answered else invitation)
        if not answered:
            self.summary.setText(self.tr("not trained yet"))
            self.setAccessibleDescription(self.empty.text())
            return
        mine = self._part == judged
        r2, error = scores(self._truth[mine], self._prediction[mine])
        words = self.tr("R² {r2} · MAE {error} · step {step}").format(
            r2=numbers.significant(r2) if np.isfinite(r2) else numbers.NONE,
            error=numbers.significant(error) if np.isfinite(error) else numbers.NONE,
            step=numbers.count(self._step),
        )
        self.summary.setText(words)
        part = (self.tr("training part"), self.tr("validation part"), self.tr("test part"))[judged]
        known = self._prediction[np.isfinite(self._prediction)]
        outside = int(np.count_nonzero((known < span[0]) | (known > span[1])))
        lines = [self.tr("{words}, of the {part}").format(words=words, part=part)]
        if outside:
            lines.append(self.tr("{count} predictions lie outside the picture").format(count=numbers.count(outside)))
        if outside == len(known):
            self.empty.show_sentence(self.tr("All predictions lie outside the picture."))
        self.summary.setToolTip("\n".join(lines))
        self.setAccessibleDescription(". ".join(lines))

    def describe(self, x: float, y: float) -> str:
        """Return in words the sample that is drawn nearest to a place; empty where none is near."""
        low, high = self._range()
        distance = np.hypot(self._truth - x, self._prediction - y)
        if not np.isfinite(distance).any():
            return ""
        nearest = int(np.nanargmin(distance))
        if distance[nearest] > 0.04 * (high - low):
            return ""
        sample, output = divmod(nearest, self._outputs)
        number = numbers.count(sample + 1) + (f".{output + 1}" if self._outputs > 1 else "")
        return self.tr("sample {number}: predicted {prediction}, truth {truth}").format(
            number=number,
            prediction=numbers.significant(float(self._prediction[nearest])),
            truth=numbers.significant(float(self._truth[nearest])),
        )

    # --- Theme, size, table -------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        tokens = current().tokens
        self.plot.style()
        self._pale = blend(tokens.training, tokens.panel, _PALE)
        self._diagonal_pen = pg.mkPen(tokens.dim, width=1.2, style=Qt.PenStyle.DashLine)
        for points, colour in zip(self._points, (self._pale, tokens.validation, tokens.held_out), strict=True):
            points.setBrush(pg.mkBrush(colour))
            points.setPen(pg.mkPen(tokens.panel, width=0.8))
        self._redraw()

    def table(self) -> Table:
        """Return one row for each number to be predicted: its sample, part, truth and prediction."""
        parts = ("training", "validation", "test")
        rows = (
            [place // self._outputs + 1, parts[part], f"{truth:.9g}", f"{guess:.9g}" if guess == guess else ""]
            for place, (part, truth, guess) in enumerate(zip(self._part, self._truth, self._prediction, strict=True))
        )
        return ("sample", "part", "truth", "prediction"), rows


def _column(values: Array) -> Array:
    """Return the first column as float64 (n,), NaN where a number is not finite."""
    column = np.asarray(values, dtype=np.float64).reshape(len(values), -1)[:, 0]
    return np.where(np.isfinite(column), column, np.nan)
