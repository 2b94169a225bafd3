"""Garbage is collected in the window's thread only.

Python's cyclic collector runs in whichever thread happens to allocate. In the training thread it could delete Qt
objects there, which Qt does not allow. So automatic collection is off as long as a window is open, and a timer
collects.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 1000  # milliseconds
FULL_EVERY = 30  # a full collection after so many young ones


class Collector(QObject):
    """Switches automatic collection off until ``close``; several may exist, and the last one switches it on again."""

    _alive = 0

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        Collector._alive += 1
        gc.disable()
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect what has become garbage lately; now and then, everything."""
        self._count += 1
        gc.collect(2 if self._count % FULL_EVERY == 0 else 1)

    def close(self) -> None:
        """Stop, and let Python collect by itself again."""
        if self._timer.isActive():
            self._timer.stop()
            Collector._alive -= 1
            if Collector._alive == 0:
                gc.enable()
