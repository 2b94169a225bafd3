"""The thread that learns, seen from the window: there is at most one, and nothing is heard of one that is gone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from nncore.events import Request
from nncore.session import Session
from workbench.training.worker import TrainingThread


class Runner(QObject):
    """Starts a training thread, passes requests on to it, and ends it.

    Attributes:
        ready: carries the session as soon as it exists.
        paused: it waits now.
        finished: the thread has come to its end; ``end`` gives what it leaves.
    """

    ready = Signal(object)
    paused = Signal()
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: TrainingThread | None = None
        self._speed: float | None = None

    @property
    def running(self) -> bool:
        """Whether the training thread exists."""
        return self._thread is not None

    @property
    def session(self) -> Session | None:
        """The session that learns, from the moment it exists."""
        return self._thread.session if self._thread is not None else None

    def start(self, make: Callable[[], Session], first: tuple[Request, ...]) -> None:
        """Start a thread; the arguments are those of ``TrainingThread``."""
        self._thread = TrainingThread(make, first, self)
        self._thread.set_speed(self._speed)
        self._thread.ready.connect(self._pass_on_ready)
        self._thread.paused.connect(self._pass_on_paused)
        self._thread.finished.connect(self._pass_on_finished)
        self._thread.start()

    def request(self, request: Request) -> None:
        """Ask the session for something, if there is a thread."""
        if self._thread is not None:
            self._thread.request(request)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Learn no faster than this, now and in later trainings; None for as fast as it goes."""
        self._speed = steps_per_second
        if self._thread is not None:
            self._thread.set_speed(steps_per_second)

    def end(self) -> TrainingThread | None:
        """Wait for the end of the thread and let go of it; return it, so that its results can be read."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.wait()
            thread.deleteLater()
        return thread

    def _is_present(self) -> bool:
        """Whether the signal that is being handled is of the present thread, and not a late one of its predecessor."""
        return self._thread is not None and self.sender() is self._thread

    def _pass_on_ready(self, session: object) -> None:
        if self._is_present():
            self.ready.emit(session)

    def _pass_on_paused(self) -> None:
        if self._is_present():
            self.paused.emit()

    def _pass_on_finished(self) -> None:
        if self._is_present():
            self.finished.emit()
