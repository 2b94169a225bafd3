"""Keeps what was learned but not saved, in files of the program's own, when something else takes its place.

Invariant: a training that nobody saved is written before it is let go of, whole, and without holding up the window.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from nncore.errors import InputError
from nncore.project import Project
from nncore.project_file import save_project
from nncore.snapshot import Checkpoint
from workbench.life.kept_trainings import last_training, place_for, prune
from workbench.training.background import Background, begin

__all__ = ["LastTraining", "last_training"]


class LastTraining(QObject):
    """Writes the files for one window.

    Args:
        title: returns what the open project is called.

    Attributes:
        changed: one is being written from now on, or no longer.
        written: it was written, or could not be, while nobody waited for it; see ``error``.
        error: why it could not be written the last time; None when it was.
    """

    changed = Signal()
    written = Signal()

    def __init__(self, title: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.error: InputError | None = None
        self._saved: Checkpoint | None = None  # what lies in a file already
        self._newest: Checkpoint | None = None  # what this window kept last
        self._work: Background | None = None

    @property
    def writing(self) -> bool:
        """Whether one is being written."""
        return self._work is not None

    @property
    def there(self) -> bool:
        """Whether there is one to be opened again, of this window or another; it may still be being written."""
        return self.writing or last_training().is_file()

    def note_saved(self, checkpoint: Checkpoint | None) -> None:
        """What was learned lies in a file: it was opened from there, or saved."""
        self._saved = checkpoint

    def keep(self, project: Project, checkpoint: Checkpoint | None) -> bool:
        """Write what was learned, unless it lies in a file; return whether there is anything to write.

        Args:
            project: as it was when the training began, with what it took over since: other edits belong to another
                network.
            checkpoint: what was learned.
        """
        if checkpoint is None or checkpoint.snapshot.step == 0 or _same(self._saved, checkpoint):
            return False
        self._begin(project, checkpoint)
        return True

    @Slot(object, object)
    def let_go(self, project: Project, checkpoint: Checkpoint) -> None:
        """Write what was learned, also where it lies in a person's file: the next save would replace it there."""
        if checkpoint.snapshot.step and not _same(self._newest, checkpoint):
            self._begin(project, checkpoint)

    def _begin(self, project: Project, checkpoint: Checkpoint) -> None:
        self.wait()
        self._keeping = checkpoint
        named = project.replace(name=self._title())
        self._work = begin(functools.partial(_write, named, checkpoint), "last training", self._take, self)
        self.changed.emit()

    def wait(self, milliseconds: int | None = None) -> bool:
        """Wait until it is written, or for so long; return whether it is."""
        work = self._work
        if work is not None and (work.wait() if milliseconds is None else work.wait(milliseconds)):
            self._end()
        return self._work is None

    @Slot()
    def _take(self) -> None:
        if self._work is not None:
            self._end()
            self.written.emit()

    def _end(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        self.error = work.error
        if work.error is None:
            self._saved = self._newest = self._keeping
        self.changed.emit()


def _write(project: Project, checkpoint: Checkpoint) -> None:
    save_project(place_for(project.name), project, checkpoint)
    prune()


def _same(known: Checkpoint | None, checkpoint: Checkpoint) -> bool:
    return known is not None and np.array_equal(known.snapshot.parameters, checkpoint.snapshot.parameters)
