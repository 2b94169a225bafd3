"""Keeps what is not saved, every half minute and at the end of each epoch, without anybody waiting for it.

Invariant: the training gives a copy of what it has learned between two steps and goes on; packing and writing happen in
a thread of their own, one write at a time.
"""

from __future__ import annotations

import errno
import functools
import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from nncore.errors import InputError
from nncore.project import Project
from nncore.snapshot import Checkpoint
from nncore.storage.files import reason
from workbench.document import Document
from workbench.life.recovery import Kept
from workbench.training.background import Background, begin
from workbench.training.controller import IDLE, TrainingController

EVERY = 30.0  # seconds after which a change is kept at the latest
SHORTEST = 5.0  # seconds between two ends of an epoch that are kept
SHARE = 20  # seconds of rest for each second that writing took: a large network is not written all the time
LOOK = 1000  # milliseconds from one look to the next

log = logging.getLogger(__name__)


class Autosave(QObject):
    """Keeps one window's project in its folder for recovery.

    Args:
        document, controller: whose project is kept.
        root: folder of all windows' folders.

    Attributes:
        kept: something was written.
        problem_changed: keeping fails, in this way or another, or does not fail any more; see ``problem``.
        problem: why what is not saved cannot be kept; None when it is kept, or when all is saved.
        every, shortest: seconds, as ``EVERY`` and ``SHORTEST``.
        clock: seconds on a steady clock; tests bring their own.
    """

    kept = Signal()
    problem_changed = Signal()

    def __init__(self, document: Document, controller: TrainingController, root: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._controller, self._root = document, controller, root
        self.every, self.shortest = EVERY, SHORTEST
        self.clock: Callable[[], float] = time.monotonic
        self.problem: InputError | None = None
        self._folder: Kept | None = None
        self._work: Background | None = None
        self._saved_steps = self._steps()  # of the training that lies in a file of the person's
        self._known: tuple[Project, int] = (document.project, self._saved_steps)  # what lies there, or in the folder
        self._changed_at: float | None = None
        self._last = -1e9
        self._took = 0.0
        self._epochs = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)
        document.project_changed.connect(self._wake)
        document.clean_changed.connect(self._wake)
        controller.state_changed.connect(self._wake)
        controller.result_changed.connect(self._wake)

    # --- The state of things ---

    @property
    def unsaved(self) -> bool:
        """Whether there is anything that would be lost."""
        learned = self.unsaved_training
        return learned or not self._document.clean

    @property
    def unsaved_training(self) -> bool:
        """Whether something was learned that lies in no file of the person's."""
        steps = self._steps()
        if steps < self._saved_steps:
            self._saved_steps = 0  # it was started anew
        return steps > self._saved_steps

    def _steps(self) -> int:
        history = self._controller.history
        return len(history.step_loss) if history is not None else 0

    def _epoch_count(self) -> int:
        history = self._controller.history
        return history.epoch_count() if history is not None else 0

    def note_saved(self) -> None:
        """The project was opened or saved as it is now: nothing of it needs to be kept."""
        self._saved_steps, self._epochs = self._steps(), self._epoch_count()
        self._wake()

    def adopt(self, folder: Kept) -> None:
        """Go on keeping in a folder that was found: what is in it has become this window's project."""
        self._wait()
        if self._folder is not None:
            self._folder.remove()
        self._folder = folder
        self._saved_steps, self._known = 0, (self._document.project, self._steps())

    # --- When to write ---

    @Slot()
    def _wake(self, *_: object) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def look(self) -> None:
        """Write if it is time for it; sleep when nothing can change by itself."""
        if self._work is not None:
            return
        project, steps = self._document.project, self._steps()
        unsaved = self.unsaved
        if not unsaved:
            self._set_problem(None)
            if self._folder is not None:
                self._folder.forget()
        if not unsaved or (project is self._known[0] and steps == self._known[1]):
            self._changed_at = None
            if self._controller.state == IDLE:
                self._timer.stop()
            return
        now, epochs = self.clock(), self._epoch_count()
        if self._changed_at is None:
            self._changed_at = now
        rested = now - self._last >= max(self.shortest, min(self.every, SHARE * self._took))
        if now - self._changed_at >= self.every or (rested and epochs > self._epochs):
            self._write(steps, epochs, now)

    def _write(self, steps: int, epochs: int, now: float) -> None:
        self._writing = (self._document.project, steps)
        self._epochs, self._last = epochs, now
        keep = functools.partial(self._keep, self._document.project, self._document.path)
        self._work = begin(keep, "autosave", self._take_written, self)

    def _keep(self, project: Project, path: Path | None) -> bool:
        """Write in the background; return False when the training is in the middle of a very long step."""
        if self._folder is not None and self._folder.is_gone:
            self._folder.release()
            self._folder = None
        if self._folder is None:
            self._folder = Kept.new(self._root)
        try:
            checkpoint: Checkpoint | None = self._controller.current_checkpoint()
        except TimeoutError:
            return False
        self._folder.keep(project, checkpoint, path)
        return True

    @Slot()
    def _take_written(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        self._took = self.clock() - self._last
        self._changed_at = None
        if work.error is not None:
            log.info("not kept: %s", work.error)
            self._set_problem(_told(work.error, self._root))
        elif work.result:
            self._known = self._writing
            self._set_problem(None)
            self.kept.emit()

    def _set_problem(self, problem: InputError | None) -> None:
        if str(problem) != str(self.problem):
            self.problem = problem
            self.problem_changed.emit()

    # --- The end ---

    def _wait(self) -> None:
        if self._work is not None:
            self._work.wait()
            self._take_written()

    def keep_now(self) -> None:
        """Write what is not saved, and wait for it."""
        self._wait()
        project, steps = self._known
        lies_there = self._folder is not None and project is self._document.project and steps == self._steps()
        if self.unsaved and not lies_there:
            self._write(self._steps(), self._epoch_count(), self.clock())
            self._wait()

    def close(self, *, remove: bool = True) -> None:
        """Stop, and remove what was kept: the window was closed by a person, who has decided what is saved.

        Otherwise it is written a last time, and offered when the program starts next.
        """
        self._timer.stop()
        self._wait()
        if not remove:
            self.keep_now()
        folder, self._folder = self._folder, None
        if folder is not None and remove:
            folder.remove()
        elif folder is not None:
            folder.release()


def _told(error: InputError, root: Path) -> InputError:
    """Return what a person is told when keeping fails: not which temporary file it was, but what it means."""
    cause = error.__cause__
    if not isinstance(cause, OSError):
        return error
    words = QCoreApplication.translate("Autosave", "What is not saved cannot be kept for recovery: {reason}.")
    if isinstance(cause, FileExistsError | NotADirectoryError):
        return InputError(*_blocked(root))
    if cause.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = QCoreApplication.translate("Autosave", "Make room on the disk of {folder}, or save it yourself.")
    else:
        remedy = QCoreApplication.translate("Autosave", "Allow writing in {folder}, or save it yourself.")
    return InputError(words.format(reason=reason(cause)), remedy.format(folder=root))


def _blocked(root: Path) -> tuple[str, str]:
    """Return what is told where a file has the place of the folder, or of one that it lies in."""
    sentence = QCoreApplication.translate(
        "Autosave", "What is not saved cannot be kept for recovery: a file lies where a folder should be."
    )
    remedy = QCoreApplication.translate("Autosave", "Move {file} elsewhere, or save your work yourself.")
    file = next((place for place in (root, *root.parents) if place.is_file()), root)
    return sentence, remedy.format(file=file)
