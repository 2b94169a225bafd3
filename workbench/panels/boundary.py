"""Two-dimensional data, and what the network says everywhere between them.

Invariant: the panel never asks a network; it says which grid it would like (``grid_request``) and shows the grid that
it is given, as old as that may be, at the place it was computed for.
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QCoreApplication, QRectF, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from nncore.types import Array
from workbench.plotting import Entry, Legend, Table
from workbench.plotting.colours import class_image, number_image, ramp
from workbench.plotting.marks import shape_of
from workbench.plotting.plot import plain, ticks
from workbench.plotting.plot_panel import PlotPanel
from workbench.plotting.point_item import PointItem
from workbench.results import Grid, GridRequest
from workbench.theme import current, numbers

_MOST_POINTS = 3000
_CELLS = 10_000
_MARGIN = 0.12
_LOOSE = 2.5
"""How many times as long as the points need it an axis may be, so that both features have one scale."""


class BoundaryPanel(PlotPanel):
    """Points over the decision boundary.

    Attributes:
        request_changed: the rectangle in view is another one than before; an inspector may compute a new grid.
    """

    request_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        sentence = QCoreApplication.translate("BoundaryPanel", "Data with two features will be drawn here.")
        name = QCoreApplication.translate("BoundaryPanel", "Decision boundary")
        super().__init__(name, "boundaryView", sentence, parent)
        self.setObjectName("boundaryPlot")
        self._x, self._y = np.empty((0, 2)), np.empty(0)
        self._validation = np.empty(0, dtype=bool)
        self._class_names: tuple[str, ...] = ()
        self._feature_names: tuple[str, ...] = ("", "")
        self._grid: Grid | None = None
        self._stale = False
        self._view = ((-1.0, 1.0), (-1.0, 1.0))
        self._legend = Legend(self)
        self._moment = QLabel(self)
        self._moment.setObjectName("boundaryMoment")
        self.header.addWidget(self._legend, 0, 0)
        self.set_note(self._moment, 400)
        self._image = pg.ImageItem()
        self._image.setZValue(-20)
        self.plot.widget.addItem(self._image)
        self._marks: list[PointItem] = []
        self.plot.widget.setAccessibleName(self.tr("Points and decision boundary"))
        self.apply_theme()

    # --- What is shown ------------------------------------------------------------------------------------------

    def show_points(
        self, x: Array, y: Array, validation_mask: Array, class_names: tuple[str, ...], feature_names: tuple[str, ...]
    ) -> None:
        """Show the data; a grid of other data is taken away.

        Args:
            x: (n, 2) coordinates as people know them.
            y: (n,) class numbers, or numbers when ``class_names`` is empty.
            validation_mask: (n,) whether a point belongs to the validation part.
            class_names, feature_names: words for the legend and the axes.
        """
        if x.ndim != 2 or x.shape[1] != 2:
            raise ValueError(f"A boundary needs points with two coordinates, not the shape {x.shape}.")
        known = np.isfinite(x).all(axis=1) & np.isfinite(np.asarray(y, dtype=np.float64).reshape(-1))
        self._x, self._y, self._validation = x[known], y.reshape(-1)[known], validation_mask[known]
        self._class_names, self._feature_names = class_names, feature_names
        self._grid = None
        for side, number in (("bottom", 0), ("left", 1)):
            self.plot.name_axis(side, feature_names[number] if number < len(feature_names) else f"x{number + 1}")
        self.empty.setVisible(not len(self._x))
        self._fit_view()
        self._draw_points()
        self._draw_grid()
        self.request_changed.emit()

    def show_grid(self, grid: Grid) -> None:
        """Show what the network says."""
        self._grid = grid
        if self.isVisible():
            self._draw_grid()
        else:
            self._stale = True

    def grid_request(self) -> GridRequest:
        """Return the grid that would fill the view: about 10,000 points, as far apart across as up on the screen."""
        width, height = self.plot.box.width() or 1.0, self.plot.box.height() or 1.0
        across = math.sqrt(_CELLS * width / height)
        return GridRequest(*self._view, max(2, int(across)), max(2, int(_CELLS / max(1.0, across))))

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._draw_grid()

    # --- Drawing ------------------------------------------------------------------------------------------------

    @property
    def _low_high(self) -> tuple[float, float]:
        return (float(self._y.min()), float(self._y.max())) if len(self._y) else (0.0, 1.0)

    def _fit_view(self) -> None:
        """Choose the rectangle in view: the points and a margin.

        It is undistorted where both features are alike, as far as the points stay more than a speck in a low panel.
        """
        if len(self._x):
            low, high = self._x.min(axis=0), self._x.max(axis=0)
            span = np.where(high > low, high - low, 1.0)
            middle, span = (low + high) / 2, span * (1 + 2 * _MARGIN)
        else:
            middle, span = np.zeros(2), np.full(2, 2.0)
        width, height = max(1.0, self.plot.box.width()), max(1.0, self.plot.box.height())
        if max(span) < 1.6 * min(span):
            even = max(span[0] / width, span[1] / height) * np.array([width, height])
            span = np.minimum(even, _LOOSE * span)
        x, y = ((float(m - s / 2), float(m + s / 2)) for m, s in zip(middle, span, strict=True))
        self._view = (x, y)
        self.plot.set_range(x, y)
        self.plot.set_ticks("bottom", ticks(*x, min(7, self.plot.room("bottom"))), plain)
        self.plot.set_ticks("left", ticks(*y, min(5, self.plot.room("left"))), plain)

    def _draw_points(self) -> None:
        for mark in self._marks:
            self.plot.widget.removeItem(mark)
        self._marks = []
        step = -(-len(self._x) // _MOST_POINTS) or 1
        chosen = np.zeros(len(self._x), dtype=bool)
        chosen[::step] = True
        size = 9 if chosen.sum() < 400 else 7
        for number in range(max(1, len(self._class_names))):
            mine = chosen & (self._y == number) if self._class_names else chosen
            for validation in (False, True):
                rows = mine & (self._validation == validation)
                if rows.any():
                    mark = PointItem(size, shape_of(number))
                    mark.setData(pos=self._x[rows], **self._look(number, rows, validation))
                    self.plot.widget.addItem(mark)
                    self._marks.append(mark)
        self._show_words()

    def _look(self, number: int, rows: Array, validation: bool) -> dict[str, object]:
        """Return pens and brushes: training points are filled, validation points are outlines."""
        tokens = current().tokens
        if self._class_names:
            colour = tokens.classes[number % len(tokens.classes)]
            inside, edge = pg.mkBrush(tokens.panel if validation else colour), colour if validation else tokens.panel
            return {"brush": inside, "pen": pg.mkPen(edge, width=2 if validation else 1)}
        colours = [QColor(*shade) for shade in number_image(self._y[rows], *self._low_high, tokens, 1.0).tolist()]
        if validation:
            return {"brush": pg.mkBrush(tokens.panel), "pen": [pg.mkPen(colour, width=2) for colour in colours]}
        return {"brush": [pg.mkBrush(colour) for colour in colours], "pen": pg.mkPen(tokens.dim, width=0.8)}

    def _draw_grid(self) -> None:
        grid = self._grid
        self._image.setVisible(grid is not None)
        self._moment.setText(
            self.tr("step {step}").format(step=numbers.count(grid.step)) if grid else self.tr("not trained yet")
        )
        if grid is None:
            return
        tokens = current().tokens
        values = np.asarray(grid.values)
        if self._class_names:
            colours = class_image(values, tokens)
        else:
            colours = number_image(values[:, :, 0], *self._low_high, tokens)
        self._image.setImage(colours, autoLevels=False, levels=(0, 255))
        self._image.setRect(_rectangle(grid))

    def _show_words(self) -> None:
        tokens = current().tokens
        entries = [
            Entry(name, "", (tokens.classes[number % len(tokens.classes)],), shape_of(number))
            for number, name in enumerate(self._class_names)
        ]
        if not entries and len(self._y):
            low, high = (numbers.significant(value) for value in self._low_high)
            words = self.tr("{low} to {high}").format(low=low, high=high)
            entries = [Entry(words, "", ramp(tokens), "ramp")]
        marked = int(np.count_nonzero(self._validation))
        if marked:
            entries.append(Entry(self.tr("validation"), "", (tokens.text,), "o", filled=False))
        if entries:
            self._legend.show_entries(entries)
        words = self.tr("Filled: {train} points of the training part. Outlined: {validation} of the validation part.")
        text = words.format(train=numbers.count(len(self._x) - marked), validation=numbers.count(marked))
        self._legend.setToolTip(text)
        self.setAccessibleDescription(text if len(self._x) else self.empty.text())

    # --- Words --------------------------------------------------------------------------------------------------

    def describe(self, x: float, y: float) -> str:
        """Return in words what the network says at a place; empty where it is not known."""
        grid = self._grid
        if grid is None:
            return ""
        height, width = grid.values.shape[:2]
        column = round((x - grid.x_range[0]) / (grid.x_range[1] - grid.x_range[0]) * (width - 1))
        row = round((y - grid.y_range[0]) / (grid.y_range[1] - grid.y_range[0]) * (height - 1))
        if not (0 <= column < width and 0 <= row < height):
            return ""
        values = np.asarray(grid.values[row, column], dtype=np.float64)
        place = f"{numbers.significant(x)}, {numbers.significant(y)}"
        if not np.isfinite(values).all():
            return self.tr("{place}: no number").format(place=place)
        if not self._class_names:
            return f"{place}: {numbers.significant(float(values[0]))}"
        shares = np.array([1 - values[0], values[0]]) if len(values) == 1 else values
        best = int(shares.argmax())
        shown = float(shares[best])
        sure = numbers.percent(shown) if 0 <= shown <= 1 else numbers.significant(shown)
        name = self._class_names[best] if best < len(self._class_names) else str(best)
        return f"{place}: {name} {sure}"

    # --- Theme, size, table -------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        self.plot.style()
        self._draw_points()
        self._draw_grid()

    def fit(self) -> None:
        before = self._view
        self._fit_view()
        if self._view != before:
            self.request_changed.emit()

    def table(self) -> Table:
        """Return one row for each point: its coordinates, its class or number, and its part."""
        names = [self._feature_names[n] if n < len(self._feature_names) else f"x{n + 1}" for n in (0, 1)]
        words = [self._class_names[int(value)] for value in self._y] if self._class_names else list(self._y)
        rows = (
            [f"{x:.9g}", f"{y:.9g}", word, "validation" if part else "training"]
            for (x, y), word, part in zip(self._x, words, self._validation, strict=True)
        )
        return (*names, "target", "part"), rows


def _rectangle(grid: Grid) -> QRectF:
    """Return the image's place: its outer pixels are centred on the outer points, so it is half a pixel larger."""
    height, width = grid.values.shape[:2]
    (left, right), (low, high) = grid.x_range, grid.y_range
    half_x = (right - left) / max(1, width - 1) / 2
    half_y = (high - low) / max(1, height - 1) / 2
    return QRectF(left - half_x, low - half_y, right - left + 2 * half_x, high - low + 2 * half_y)
