"""Reads project files: small ones at once, large ones in the background, where the person may cancel.

Invariant: one file is being read at a time, the newest that was asked for; the open project stays as it is, and may be
edited and trained, until the new one has been read as a whole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from nncore.errors import InputError
from nncore.project_file import Loaded
from nncore.storage.archives import Heed
from workbench.training.background import Background, begin

AT_ONCE = 2**19
"""Bytes that are read without a thread: a slow stick, of 10 MB each second, gives them in 50 ms."""

Load: TypeAlias = Callable[[Heed | None], Loaded]


class _CancelledError(Exception):
    """Nobody waits for the file any more."""


class _Reading:
    """One file that is being read; each side writes one of the two, and the other reads it."""

    def __init__(self) -> None:
        self.share = 0.0
        self.cancelled = False

    def heed(self, share: float) -> None:
        """Note how far it is."""
        if self.cancelled:
            raise _CancelledError
        self.share = share


class Opening(QObject):
    """Reads for one window.

    Attributes:
        changed: a file is being read, or no longer.
        failed: carries the ``InputError`` of a file that cannot be opened.
        name: of the file that is being read in the background, or waits; empty when there is none.
        waits: tells whether what was read in the background has to wait until ``hand_over`` is called.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = ""
        self._reading = _Reading()
        self.waits: Callable[[], bool] = bool
        self._work: Background | None = None
        self._held: Callable[[], None] | None = None  # hands over what was read, and waits
        self._left: list[Background] = []  # given up, but still in the middle of a piece

    @property
    def share(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        return self._reading.share

    def read(self, path: Path, load: Load, done: Callable[[Loaded], None]) -> None:
        """Read a file and hand what it holds to ``done``; what was being read before is given up.

        Args:
            path: of the file, whose size decides where it is read.
            load: reads it.
            done: is called with the window's thread.
        """
        self.cancel()
        if not is_large(path):
            try:
                loaded = load(None)
            except InputError as error:
                self.failed.emit(error)
                return
            done(loaded)
            return
        self.name, self._reading, self._done = path.name, _Reading(), done
        self._work = begin(functools.partial(_read, load, self._reading), "opening", self._take, self)
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Give up what is being read, or waits; the thread ends with the piece that it is at."""
        work, self._work = self._work, None
        if work is not None:
            self._reading.cancelled = True
            work.finished.disconnect(self._take)
            work.finished.connect(self._forget)
            self._left.append(work)
            self._forget()
        if self.name:
            self._end()

    def close(self) -> None:
        """Give up what is being read, and wait for the threads."""
        self.cancel()
        for work in self._left:
            work.wait()
        self._forget()

    @Slot()
    def _forget(self) -> None:
        """Let go of threads that have ended after they were given up."""
        for work in [work for work in self._left if work.isFinished()]:
            self._left.remove(work)
            work.end()

    @Slot()
    def _take(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        if isinstance(work.result, Loaded):
            self._held = functools.partial(self._done, work.result)
            self.hand_over()
            return
        self._end()
        if work.error is not None:
            self.failed.emit(work.error)

    @Slot()
    def hand_over(self) -> None:
        """Hand over what was read, if there is anything and it need not wait any longer."""
        if self._held is not None and not self.waits():
            held = self._held
            self._end()
            held()

    def _end(self) -> None:
        self.name, self._held = "", None
        self.changed.emit()


def _read(load: Load, reading: _Reading) -> Loaded | None:
    try:
        return load(reading.heed)
    except _CancelledError:
        return None


def is_large(path: Path) -> bool:
    """Return whether a file takes a while to be read."""
    try:
        return path.stat().st_size > AT_ONCE
    except (OSError, ValueError):
        return False  # what is wrong with it, reading tells
