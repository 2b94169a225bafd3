"""Scrolls a list while something is held over its upper or lower edge.

Qt's own version stops after a few pixels until the mouse moves again; this one goes on, faster nearer to the edge.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea

_MARGIN = 40
_INTERVAL = 20  # milliseconds
_FASTEST = 12  # pixels per interval


class EdgeScroller(QObject):
    """Belongs to one list.

    Attributes:
        scrolled: the list moved; carries the place where the mouse is held.
    """

    scrolled = Signal(QPoint)

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._place = QPoint()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._step)

    def hold(self, place: QPoint) -> None:
        """Say where in the viewport the mouse is."""
        self._place = place
        if self._speed() == 0:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def release(self) -> None:
        """Say that nothing is held any more."""
        self._timer.stop()

    def _speed(self) -> int:
        """Return the pixels to go, negative for upwards; 0 away from the edges."""
        above, below = self._place.y(), self._area.viewport().height() - self._place.y()
        depth = _MARGIN - min(above, below)
        if depth <= 0:
            return 0
        speed = max(1, min(_FASTEST, _FASTEST * depth // _MARGIN))
        return -speed if above < below else speed

    @Slot()
    def _step(self) -> None:
        bar = self._area.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + self._speed())
        if bar.value() == before:
            self._timer.stop()
        else:
            self.scrolled.emit(self._place)
