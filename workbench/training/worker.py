"""The thread that learns. It builds the session and drives its generator; it tells only of turning points.

Invariant: the thread touches no widget and no document. What happens step by step is not sent but lies in the
session's history, where the window looks for it when it has time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from nncore.errors import InputError
from nncore.events import Failed, Finished, Paused, Request, StepDone
from nncore.session import Session
from nncore.snapshot import Checkpoint
from workbench.training.background import defect
from workbench.training.outcome import Outcome

log = logging.getLogger(__name__)


class TrainingThread(QThread):
    """Runs one session from start to end.

    Args:
        make: builds the session; called in the thread, because a large network takes a while.
        first: requests for the start, for example to wait after one step; empty to learn at once.

    Attributes:
        ready: carries the session as soon as it exists.
        paused: it waits now.
        outcome: how the training ended; ``checkpoint``: what was learned; both are there when ``finished`` is emitted.
    """

    ready = Signal(object)
    paused = Signal()

    def __init__(
        self, make: Callable[[], Session], first: tuple[Request, ...] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._make = make
        self._first = first
        self._lock = threading.Lock()
        self._early: list[Request] = []
        self._session: Session | None = None
        self.outcome: Outcome | None = None
        self.checkpoint: Checkpoint | None = None
        self._slow = threading.Event()
        self._delay = 0.0

    @property
    def session(self) -> Session | None:
        """The session, from the moment it exists."""
        return self._session

    def request(self, request: Request) -> None:
        """Pass a request on to the session; one that comes before the session exists waits for it."""
        with self._lock:
            session = self._session
            if session is None:
                self._early.append(request)
        if session is not None:
            session.request(request)
        self._slow.set()

    def set_speed(self, steps_per_second: float | None) -> None:
        """Learn no faster than this many steps per second; None for as fast as it goes."""
        self._delay = 0.0 if steps_per_second is None else 1.0 / steps_per_second
        self._slow.set()

    def run(self) -> None:
        try:
            session = self._make()
            for request in self._first:
                session.request(request)
            with self._lock:
                self._session = session
                early, self._early = self._early, []
            for request in early:
                session.request(request)
            self.ready.emit(session)
            self._drive(session)
        except InputError as error:
            self.outcome = error
        except Exception as error:  # a defect must not die unseen with the thread: it is logged, and told in the window
            log.exception("training failed")
            self.outcome = defect(error)
        if self._session is not None:
            self.checkpoint = self._session.checkpoint()  # a copy of all weights, which takes a while

    def _drive(self, session: Session) -> None:
        for event in session.run(paused=bool(self._first)):
            if isinstance(event, StepDone):
                if self._delay:
                    self._slow.wait(self._delay)
                    self._slow.clear()
            elif isinstance(event, Paused):
                self.paused.emit()
            elif isinstance(event, Finished | Failed):
                self.outcome = event
