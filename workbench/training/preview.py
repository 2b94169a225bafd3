"""Before the first training: what it will cost on this computer, measured in the background.

Invariant: nothing is measured while the network learns or the person is still editing, and what is told belongs to the
project as it is now.
"""

from __future__ import annotations

import functools
import threading

from PySide6.QtCore import QObject, QTimer, Signal

from nncore.errors import InputError
from nncore.training.estimate import Estimate, expected, measured
from workbench.theme import numbers
from workbench.training.background import Background, begin
from workbench.training.controller import TrainingController

SETTLE = 700  # milliseconds without an edit before anything is measured


class Preview(QObject):
    """Follows the project until its first training begins.

    Attributes:
        changed: ``estimate`` is another one, or whether it is ``pending``.
        estimate: what to expect; None where nothing can be said, or there is a training already.
    """

    changed = Signal()

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._document = controller, controller.document
        self.estimate: Estimate | None = None
        self._told: tuple[Estimate | None, bool] = None, False
        self._asked: tuple[object, ...] | None = None
        self._work: Background | None = None
        self._cancelled = threading.Event()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE)
        self._timer.timeout.connect(self._measure)
        self._document.settled.connect(self._follow)
        controller.data_changed.connect(self._follow)
        controller.result_changed.connect(self._follow)
        controller.state_changed.connect(self._follow)

    def close(self) -> None:
        """Measure nothing more, and wait for the thread."""
        self._timer.stop()
        self._cancelled.set()
        work, self._work = self._work, None
        if work is not None:
            work.finished.disconnect(self._take)
            work.wait()

    @property
    def pending(self) -> bool:
        """Whether the time of an epoch is being measured, or will be in a moment."""
        return self._timer.isActive() or self._work is not None

    def words(self) -> str:
        """Return what the network takes, in a few words; empty where nothing can be said."""
        if self.estimate is None:
            return ""
        words = self.tr("{count} parameters · {size} of memory")
        if self.estimate.parameters == 1:
            words = self.tr("{count} parameter · {size} of memory")
        count, size = numbers.count(self.estimate.parameters), numbers.size(self.estimate.memory)
        return words.format(count=count, size=size)

    def time_words(self) -> str:
        """Return about how long an epoch takes, or that it is being measured; empty where nothing can be said."""
        if self.estimate is None:
            return ""
        seconds = self.estimate.seconds_per_epoch
        if seconds is None:  # a network that would take too much is not tried out
            return self.tr("measuring…") if self.pending else ""
        if seconds >= 60:
            return self.tr("~{time} min per epoch").format(time=numbers.duration(seconds))
        if seconds < 0.01:
            return self.tr("<0.01 s per epoch")
        digits = 1 if seconds < 1 else 2
        return self.tr("~{time} s per epoch").format(time=numbers.significant(seconds, digits))

    def _wanted(self) -> tuple[object, ...] | None:
        """Return what the estimate depends on; None where there is nothing to estimate."""
        controller, document = self._controller, self._document
        wrong = bool(document.trace.problems) or document.batch_problem is not None
        unknown = controller.data is None or not controller.loader.current
        if wrong or unknown or controller.busy or controller.history is not None:
            return None
        project, training = document.project, document.project.training
        return project.network, training.batch_size, training.loss, training.optimizer, training.metric, controller.data

    def _follow(self, _: object = None) -> None:
        wanted = self._wanted()
        if wanted == self._asked:
            return
        self._asked = wanted
        self._cancelled.set()
        self._timer.stop()
        known = self._known() if wanted is not None else None
        if known is not None:
            self._timer.start()
        self._show(known)

    def _known(self) -> Estimate | None:
        project, data = self._document.project, self._controller.data
        if data is None:
            return None
        try:
            return expected(project.network, self._document.trace, project.training, len(data.train))
        except InputError:  # a batch larger than the data, of which the document is only told in a moment
            return None

    def _show(self, estimate: Estimate | None) -> None:
        self.estimate = estimate
        told = estimate, self.pending
        if self._told != told:
            self._told = told
            self.changed.emit()

    def _measure(self) -> None:
        project, data = self._document.project, self._controller.data
        if self._work is not None or data is None:
            return  # it has been cancelled, and this is called again when it has ended
        self._cancelled = threading.Event()
        work = functools.partial(measured, project.network, project.training, data, self._cancelled.is_set)
        self._work = begin(work, "preview", self._take, self)

    def _take(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        found = self.estimate
        if not self._cancelled.is_set():
            found = work.result if isinstance(work.result, Estimate) else found
        elif self._asked is not None and not self._timer.isActive():
            self._timer.start()
        self._show(found)
