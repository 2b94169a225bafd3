"""A map of the samples: where an encoder puts each of them, if it has two numbers for it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from nncore.types import Array
from workbench.panels.gallery.class_name import ClassName
from workbench.plotting.marks import shape_of
from workbench.plotting.plot import Plot, nice_ceiling, plain, ticks
from workbench.plotting.point_item import PointItem
from workbench.results import Reconstructions
from workbench.theme import current

_LEAST = 3
"""A class with fewer samples in view gets no name on the map."""
_ROUNDS = 80


class CodesMap:
    """A scatter of codes, with the name of each class in its middle; ``plot.widget`` goes into a layout."""

    def __init__(self, parent: QWidget) -> None:
        self.plot = Plot(parent, "codesMap")
        self.plot.widget.setAccessibleName(parent.tr("What the narrowest layer makes of each sample"))
        self.plot.name_axis("bottom", parent.tr("first number"))
        self.plot.name_axis("left", parent.tr("second number"))
        self.plot.box.sigResized.connect(self.fit)
        self._given: Reconstructions | None = None
        self._items: list[PointItem | ClassName] = []
        self._names: list[tuple[ClassName, Array]] = []

    def show_codes(self, given: Reconstructions) -> None:
        """Show the codes of these samples; those that are no numbers are left out."""
        self._given = given
        self.redraw()

    @Slot()
    def fit(self, _: object = None) -> None:
        """Set ranges and labels for the codes in view; round numbers, so that they seldom change."""
        codes = self._known()[0]
        if not len(codes):
            return
        spans = []
        for values in codes.T:
            low, high = float(values.min()), float(values.max())
            spans.append((-nice_ceiling(-low) if low < 0 else 0.0, nice_ceiling(high) if high > 0 else 0.0))
        x, y = ((low - 0.03 * (high - low), high + 0.03 * (high - low)) for low, high in spans)
        self.plot.set_range(x, y)
        self.plot.set_ticks("bottom", ticks(*x, min(7, self.plot.room("bottom"))), plain)
        self.plot.set_ticks("left", ticks(*y, min(5, self.plot.room("left"))), plain)
        self._place_names()

    def _place_names(self) -> None:
        """Put the name of each class into its middle, or as near to it as other names allow."""
        if self._names:
            scale = np.array(self.plot.box.viewPixelSize())
            boxes = [name.boundingRect() for name, _ in self._names]
            sizes = np.array([(box.width(), box.height()) for box in boxes])
            middles = np.array([middle for _, middle in self._names])
            for (name, _), place in zip(self._names, apart(middles / scale, sizes) * scale, strict=True):
                name.setPos(float(place[0]), float(place[1]))

    def _known(self) -> tuple[Array, Array]:
        """Return codes (n, 2) and class numbers (n,); -1 where samples have no classes."""
        given = self._given
        if given is None or given.codes is None:
            return np.empty((0, 2)), np.empty(0, dtype=np.int64)
        known: Array = np.logical_and.reduce(np.isfinite(given.codes), axis=1)
        classes = given.truth if given.are_classes else np.full(len(given), -1)
        return given.codes[known].astype(np.float64), classes[known].astype(np.int64)

    def redraw(self) -> None:
        """Draw the points and the names of the classes anew."""
        for item in self._items:
            self.plot.widget.removeItem(item)
        self._items, self._names = [], []
        self.plot.style()
        codes, classes = self._known()
        tokens = current().tokens
        for number in np.unique(classes):
            mine = codes[classes == number]
            colour = tokens.classes[number % len(tokens.classes)] if number >= 0 else tokens.accent
            points = PointItem(7, shape_of(max(0, number)))
            points.setData(mine[:, 0], mine[:, 1], brush=pg.mkBrush(colour), pen=pg.mkPen(tokens.panel, width=0.6))
            self._items.append(points)
        for number in np.unique(classes[classes >= 0]):
            mine = codes[classes == number]
            if len(mine) >= _LEAST and self._given is not None:
                name = ClassName(self._given.class_names[number], int(number))
                self._items.append(name)
                self._names.append((name, np.median(mine, axis=0)))
        for item in self._items:
            self.plot.widget.addItem(item)
        self.fit()


def apart(middles: Array, sizes: Array) -> Array:
    """Return middles of boxes that cover each other no more: each pair is pushed apart the shorter way.

    Args:
        middles, sizes: (n, 2) in pixels.
    """
    places = np.array(middles, dtype=np.float64)
    pairs = [(first, second) for second in range(len(places)) for first in range(second)]
    for _ in range(_ROUNDS):
        moved = False
        for first, second in pairs:
            way = places[second] - places[first]
            covered = (sizes[first] + sizes[second]) / 2 - np.abs(way)
            if min(covered) > 1e-6:
                axis = int(np.argmin(covered))
                push = covered[axis] / 2 * (1 if way[axis] >= 0 else -1)
                places[first, axis] -= push
                places[second, axis] += push
                moved = True
        if not moved:
            break
    return places
