"""Painted pieces that are kept: a piece that looks the same is painted once, however often the view is.

Invariant: in one look, painting new pieces takes no longer than ``BUDGET`` and one piece; what is not ready is shown as
it looked last, and ``behind`` says that another look is needed.
"""

from __future__ import annotations

import itertools
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

BUDGET = 0.008  # seconds
MOST_BYTES = 64_000_000
_PIXEL = 4  # bytes


class Names:
    """Short names for pieces by their place: equal pieces have the same name, also in the drawings that follow.

    To compare the pieces themselves, which have hundreds of numbers, would take too long in every look.
    """

    def __init__(self, pieces: Sequence[Hashable] = (), known: Mapping[Hashable, int] | None = None) -> None:
        before = known or {}
        unused = itertools.count(1 + max(before.values(), default=0))
        self._known: dict[Hashable, int] = {}
        for piece in pieces:
            if piece not in self._known:
                name = before.get(piece)
                self._known[piece] = next(unused) if name is None else name
        self._names = [self._known[piece] for piece in pieces]

    def __getitem__(self, place: int) -> int:
        return self._names[place]

    def following(self, pieces: Sequence[Hashable]) -> Names:
        """Return the names of the pieces of the next drawing."""
        return Names(pieces, self._known)


class Tiles:
    """Pixmaps by what they show.

    Attributes:
        behind: whether a piece of the look under way is not painted as it should be.
        painted: how many pieces have been painted so far.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._last: dict[Hashable, QPixmap] = {}
        self._bytes = 0
        self._end = 0.0
        self._made = False
        self.behind = False
        self.painted = 0

    def begin(self) -> None:
        """Begin a look."""
        self._end = time.perf_counter() + BUDGET
        self.behind = self._made = False

    def draw(
        self,
        painter: QPainter,
        area: QRectF,
        scale: float,
        place: Hashable,
        content: Hashable,
        paint: Callable[[QPainter], None],
    ) -> None:
        """Draw a piece whose corner is the painter's origin plus that of ``area``.

        Args:
            area: what the piece covers, in its own coordinates.
            scale: pixels of the screen for each of the drawing; the painter has none of it.
            place: where in the drawing it stands; ``content``: what it shows. Equal contents look equal.
            paint: paints it in its own coordinates.
        """
        ratio = painter.device().devicePixelRatioF()
        key = (content, scale, ratio)
        pixmap = self._kept.get(key)
        if pixmap is None and (not self._made or time.perf_counter() < self._end):
            self._made = True
            pixmap = self._make(area, scale, ratio, paint)
            self._keep(key, pixmap)
        elif pixmap is None:
            self.behind = True
            pixmap = self._last.get(place)
            if pixmap is None:
                return
        else:
            self._kept.move_to_end(key)
        self._last[place] = pixmap
        corner = QRectF(area.left() * scale, area.top() * scale, 1 + area.width() * scale, 1 + area.height() * scale)
        painter.drawPixmap(corner, pixmap, QRectF(pixmap.rect()))

    def forget(self) -> None:
        """Drop all that is kept: the theme is another one."""
        self._kept.clear()
        self._last.clear()
        self._bytes = 0

    def _make(self, area: QRectF, scale: float, ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
        self.painted += 1
        factor = scale * ratio
        pixmap = QPixmap(math.ceil(area.width() * factor + ratio), math.ceil(area.height() * factor + ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(factor, factor)
        painter.translate(-area.topLeft())
        paint(painter)
        painter.end()
        return pixmap

    def _keep(self, key: Hashable, pixmap: QPixmap) -> None:
        self._kept[key] = pixmap
        self._bytes += pixmap.width() * pixmap.height() * _PIXEL
        while self._bytes > MOST_BYTES and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.width() * old.height() * _PIXEL
