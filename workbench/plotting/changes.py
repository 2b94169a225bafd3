"""Marks where settings were changed while the training ran: a thin line, and words or an arrowhead.

Invariant: marks never stand closer than ``APART`` pixels; those that would are one mark, whose tooltip tells them all.
What one setting goes through there (a slider is pulled, not set) is one change, from its first value to its last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from nncore.training.changes import Changed
from workbench.plotting.line_item import LineItem
from workbench.plotting.plot import Plot
from workbench.theme import current, fonts, numbers

APART = 8
"""Pixels from one mark to the next, at least."""

ROWS = 3
"""Rows of words, at most."""

_NEAR = 6  # pixels from a mark within which the mouse means it, and words seem to
_MARGIN = 4  # pixels around words
_OFF = 2  # pixels from a line to the ground under its words, which would hide it
_HEAD = 8  # pixels across an arrowhead
_COVER = 225  # how much the ground under words hides, of 255


_Words = tuple[str, int, float, float]
"""A text, the row in which it stands, and where it begins and ends."""


class ChangeMarks:
    """The marks of one plot."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._changes: tuple[Changed, ...] = ()
        self._groups: list[list[Changed]] = []
        self._lines = LineItem(connect="pairs", antialias=False)
        self._lines.setZValue(-5)
        plot.widget.addItem(self._lines)
        self._heads = pg.ScatterPlotItem(size=_HEAD, pxMode=True)
        self._heads.setVisible(False)
        plot.widget.addItem(self._heads)
        self._labels: list[pg.TextItem] = []
        self._seen: object = None

    def style(self) -> None:
        """Take the colours and the font of the theme in force."""
        pen = pg.mkPen(current().tokens.dim, width=1)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._lines.setPen(pen)
        self._heads.setPen(pg.mkPen(None))
        self._heads.setBrush(pg.mkBrush(current().tokens.dim))
        self._seen = None
        for label in self._labels:
            self._style(label)

    def _style(self, label: pg.TextItem) -> None:
        label.setColor(current().tokens.dim)
        label.setFont(fonts.font(fonts.SMALL))
        ground = QColor(current().tokens.panel)
        ground.setAlpha(_COVER)
        label.fill = pg.mkBrush(ground)
        label.setZValue(5)  # above the points, which would strike the words through

    def show(self, changes: Sequence[Changed]) -> bool:
        """Take the changes of a training; return whether they are other ones."""
        new = tuple(changes) != self._changes
        self._changes = tuple(changes)
        return new

    def place(self, *, below: bool) -> None:
        """Draw what was given for the plot's present range and size.

        Args:
            below: whether the words stand at the lower end, because the curves run along the upper one.
        """
        (left, right), (low, high) = self._plot.box.viewRange()
        width, height = float(self._plot.box.width()), float(self._plot.box.height())
        seen = (self._changes, left, right, low, high, width, height, below)
        if seen == self._seen:
            return
        self._seen = seen
        pixel = (right - left) / max(1.0, width)
        self._groups = _grouped(self._changes, APART * pixel)
        places = np.repeat([group[0].epoch for group in self._groups], 2)
        self._lines.setData(places, np.tile([low, high], len(self._groups)))
        self._write(pixel, left, right, below)

    def _write(self, pixel: float, left: float, right: float, below: bool) -> None:
        """Put words beside the lines, the newest first, in a few rows; what finds no room gets an arrowhead.

        The words of a change cross no line without words, whose arrowhead would seem to mean them. Else they cross as
        few lines of newer changes as they can, then as few of older ones; of places that are alike in this, those with
        room for all words come first, then those at the right of the line.
        """
        metrics = QFontMetricsF(fonts.font(fonts.SMALL))
        low, high = self._plot.box.viewRange()[1]
        height = float(self._plot.box.height())
        tall = metrics.height() + 2 * _MARGIN
        row = tall * (high - low) / max(1.0, height)
        start, step = (low, row) if below else (high, -row)
        rows = min(ROWS, int(height / 2 / tall))
        bare: set[float] = set()
        while True:
            words = self._arranged(rows, pixel, (left, right), bare)
            wordless = {group[0].epoch for group in self._groups} - words.keys()
            if wordless <= bare:
                break
            bare |= wordless
        taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
        for used, (text, number, begin, end) in enumerate(words.values()):
            label = self._label(used)
            label.setText(text)
            label.setAnchor((0, 1 if below else 0))
            label.setPos(begin, start + number * step)
            taken[number].append((begin, end))
        half = _HEAD / 2 * pixel
        heads = {line: start + (_free(taken, line - half, line + half) + _HEAD / tall) * step for line in wordless}
        self._heads.setData(list(heads), list(heads.values()), symbol="t1" if below else "t")
        self._heads.setVisible(bool(heads))
        for label in self._labels[len(words) :]:
            label.hide()

    def _arranged(
        self, rows: int, pixel: float, inside: tuple[float, float], bare: Collection[float]
    ) -> dict[float, _Words]:
        """Return what stands beside which line; nothing that crosses a line of ``bare``."""
        metrics = QFontMetricsF(fonts.font(fonts.SMALL))
        lines = [group[0].epoch for group in self._groups]
        off, near = _OFF * pixel, _NEAR * pixel
        taken: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
        words: dict[float, _Words] = {}
        for place, group in zip(reversed(lines), reversed(self._groups), strict=True):
            found = []
            for text in _wordings(group):
                room = (metrics.horizontalAdvance(text) + 2 * _MARGIN) * pixel
                for begin, end in ((place + off, place + off + room), (place - off - room, place - off)):
                    number = _free(taken, begin, end)
                    crossed = [line for line in lines if begin - near < line < end + near]
                    allowed = inside[0] <= begin and end <= inside[1] and not any(line in bare for line in crossed)
                    if number < rows and allowed:
                        newer = sum(line > place for line in crossed)
                        found.append(((newer, len(crossed)), (text, number, begin, end)))
            if found:
                words[place] = _, number, begin, end = min(found, key=itemgetter(0))[1]
                taken[number].append((begin, end))
        return words

    def _label(self, number: int) -> pg.TextItem:
        if number == len(self._labels):
            label = pg.TextItem()
            self._style(label)
            self._plot.widget.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        self._labels[number].show()
        return self._labels[number]

    def texts(self) -> list[str]:
        """Return the words that stand in the plot."""
        return [label.toPlainText() for label in self._labels if label.isVisible()]

    def describe(self, x: float) -> list[str]:
        """Return what was changed at a place, one line each."""
        (left, right), _ = self._plot.box.viewRange()
        reach = _NEAR * (right - left) / max(1.0, float(self._plot.box.width()))
        nearest = min(self._groups, key=lambda group: abs(group[0].epoch - x), default=[])
        return [_words(change) for change in _summed(nearest) if abs(nearest[0].epoch - x) <= reach]


def _grouped(changes: Sequence[Changed], apart: float) -> list[list[Changed]]:
    groups: list[list[Changed]] = []
    for change in changes:
        if groups and change.epoch - groups[-1][0].epoch < apart:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _free(taken: Sequence[Sequence[tuple[float, float]]], begin: float, end: float) -> int:
    """Return the first row with room there; the one after the last if none has any."""
    free = (number for number, row in enumerate(taken) if all(end <= other[0] or other[1] <= begin for other in row))
    return next(free, len(taken))


def _wordings(group: Sequence[Changed]) -> Sequence[str]:
    """Return what may stand beside a mark, the longest first: the change that it means, or how many they are."""
    summed = _summed(group)
    if len(summed) == 1:
        return _words(summed[0]), f"{summed[0].name} {numbers.setting(summed[0].after)}"
    return (QCoreApplication.translate("ChangeMarks", "{count} changes").format(count=len(summed)),)


def _summed(group: Sequence[Changed]) -> list[Changed]:
    """Return what one setting went through without a break as one change; one that came back stays as it was."""
    summed: list[Changed] = []
    for _, run in groupby(group, key=lambda change: change.name):
        steps = list(run)
        whole = replace(steps[0], after=steps[-1].after)
        summed += [whole] if whole.before != whole.after else steps
    return summed


def _words(change: Changed) -> str:
    """Return what was changed: ``learning rate 0.01 → 0.001``."""
    words = QCoreApplication.translate("ChangeMarks", "{name} {before} → {after}")
    before, after = (numbers.setting(value) for value in (change.before, change.after))
    return words.format(name=change.name, before=before, after=after)
