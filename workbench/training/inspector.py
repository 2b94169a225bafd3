"""The thread that looks: computes what panels show from a snapshot, with a bounded share of time.

Invariant: it holds at most one question; a newer one takes the place of one that has not begun. Answers are immutable
and lie in ``take_answer`` until the window fetches them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from nncore.computing.threads import one_blas_thread
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot

log = logging.getLogger(__name__)

REST = 9.0
"""Seconds of rest for each second of work: looking takes a tenth of one core from learning, which may use two."""

LONGEST_REST = 2.0  # seconds


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be computed: ``ask(predictor, snapshot)`` for the weights of ``snapshot``."""

    snapshot: Snapshot
    ask: Callable[[Predictor, Snapshot], Any]


class Inspector(QThread):
    """Answers questions one after the other.

    Attributes:
        answered: an answer can be fetched with ``take_answer``.
    """

    answered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._condition = threading.Condition()
        self._question: Question | None = None
        self._answer: Any = None
        self._busy = False
        self._outdated = False
        self._closing = False

    @property
    def busy(self) -> bool:
        """Whether a question is waiting or being worked on."""
        return self._busy

    def ask(self, question: Question) -> None:
        """Put a question; one that has not begun is forgotten."""
        with self._condition:
            self._question = question
            self._busy = True
            self._condition.notify()

    def forget(self) -> None:
        """Drop all questions and answers up to now: network or data are others, or what was learned is forgotten."""
        with self._condition:
            self._outdated = True  # until the next question is begun
            self._question, self._answer, self._busy = None, None, False

    def take_answer(self) -> Any:
        """Return the newest answer and forget it; None when there is none."""
        with self._condition:
            answer, self._answer = self._answer, None
        return answer

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self.wait()

    def run(self) -> None:
        predictor: Predictor | None = None
        while True:
            with self._condition:
                while self._question is None and not self._closing:
                    self._condition.wait()
                if self._closing:
                    return
                question, self._question = self._question, None
                self._outdated = False
            assert question is not None
            began = time.perf_counter()
            try:
                if predictor is None or predictor.network != question.snapshot.network:
                    predictor = Predictor.of(question.snapshot)
                else:
                    predictor.load(question.snapshot)
                with one_blas_thread():
                    answer = question.ask(predictor, question.snapshot)
            except Exception:  # a defect in looking must not stop the next look; the log has it
                log.exception("inspecting failed")
                answer = None
            with self._condition:
                if self._outdated:
                    answer = None
                self._answer = answer
                self._busy = self._question is not None
            if answer is not None:
                self.answered.emit()
            del question, answer  # they hold data and weights, which may be gone before the next question comes
            rest = min(LONGEST_REST, REST * (time.perf_counter() - began))
            with self._condition:
                if not self._closing:
                    self._condition.wait_for(self._is_closing, rest)

    def _is_closing(self) -> bool:
        return self._closing
