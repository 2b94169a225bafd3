"""The project that is open, without the edits: what can be read of it, and how a command exchanges it.

Invariant: ``project`` is only ever exchanged by a command on the undo stack or by opening another one, and ``trace``
belongs to it at every moment that anybody can look.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from nncore.editing.edits import Edit
from nncore.editing.mends import Mend, mends
from nncore.errors import InputError
from nncore.hints import Hint, hints
from nncore.losses import Problem, Target
from nncore.network import Network
from nncore.project import Change, Project
from nncore.trace import Trace, trace
from nncore.training.batches import batch_rows
from nncore.types import Shape

LONG = 12
"""What stands around the list follows an edit of more layers, or to more of them, after the list is painted."""


class OpenProject(QObject):
    """Holds the project, what the trace says of it, and how to take every change back.

    Attributes:
        project_changed: carries the edit or ``Change`` that was made, or None when another project was opened; project
            and trace are new already.
        trace_changed: the trace is new, after an edit or because the data became known.
        settled: follows ``trace_changed``, after an edit of a long list only when that is painted: for what can wait so
            long.
        clean_changed: carries whether the project is as it was saved.
        data_wanted: the same data were chosen again: they are to be read anew.
        path_changed: the project was opened from, or saved to, another file.
        stack: the undo list.
        clock: seconds on a steady clock; tests bring their own.
        way: while a change is told, ``"undo"`` or ``"redo"`` if it comes from the undo list; else empty.
    """

    project_changed = Signal(object)
    trace_changed = Signal()
    settled = Signal()
    clean_changed = Signal(bool)
    data_wanted = Signal()
    path_changed = Signal()

    def __init__(self, project: Project, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.clock: Callable[[], float] = time.monotonic
        self.way = ""
        self._project = project
        self._path = path
        self._target: Target | None = None
        self._data_shape: Shape | None = None
        self._data_title = ""
        self._data_words = ""
        self._data_sample = ""
        self._columns: tuple[str, ...] = ()
        self._tokens, self._vocabulary, self._samples = True, 0, 0
        self._data_problem: Problem | None = None
        self._trace = self._compute_trace()
        self._mends: dict[int, list[Mend]] | None = None
        self._hints: dict[int, Hint] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.settled)
        self.stack.cleanChanged.connect(self.clean_changed)

    # --- What can be read -------------------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def network(self) -> Network:
        """The project's network."""
        return self._project.network

    @property
    def trace(self) -> Trace:
        """What the engine says of the network as it is now."""
        return self._trace

    @property
    def mends(self) -> dict[int, list[Mend]]:
        """For each row with an error, the changes that mend it; the loss has the row number ``len(network)``."""
        if self._mends is None:
            self._mends = {}
            if self._target is not None and self._trace.problems:
                self._mends = mends(
                    self.network,
                    self._project.training.loss,
                    self._target,
                    tokens=self._tokens,
                    vocabulary=self._vocabulary,
                    data_shape=self._data_shape,
                )
        return self._mends

    @property
    def hints(self) -> dict[int, Hint]:
        """For each row without an error, what is hardly meant as it is; rows are numbered as in ``mends``."""
        if self._hints is None:
            self._hints = hints(self.network, self._trace, self._project.training.loss, self._target, self._vocabulary)
        return self._hints

    @property
    def target(self) -> Target | None:
        """What the data ask for; None as long as that is not known."""
        return self._target

    @property
    def data_shape(self) -> Shape | None:
        """Shape of one sample of the data; None as long as that is not known."""
        return self._data_shape

    @property
    def data_title(self) -> str:
        """What the data are called; the source's name as long as nothing better is known."""
        return self._data_title or Path(self._project.data.source).name

    @property
    def data_words(self) -> str:
        """How many samples there are, in words: ``4,500 train · 500 validation``."""
        return self._data_words

    @property
    def samples(self) -> int:
        """How many samples the network learns from; 0 as long as that is not known."""
        return self._samples

    @property
    def batch_problem(self) -> InputError | None:
        """Why a batch cannot be filled with the samples, which keeps the network from being trained, if it cannot."""
        if self._samples:
            try:
                batch_rows(self._project.training.batch_size, self._samples)
            except InputError as error:
                return error
        return None

    @property
    def data_sample(self) -> str:
        """What one sample is, where its shape does not say it: ``16 words``; else empty."""
        return self._data_sample

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table that is learned from, in its order as far as it is known; empty for other data."""
        return self._columns

    @property
    def path(self) -> Path | None:
        """The project's file; None before it was saved for the first time."""
        return self._path

    @property
    def title(self) -> str:
        """What the project is called: as its file, once it has one."""
        return self._path.stem if self._path is not None else self._project.name

    @property
    def clean(self) -> bool:
        """Whether the project is as it was saved or opened."""
        return self.stack.isClean()

    # --- What is told from outside ----------------------------------------------------------------------------

    def open(self, project: Project, path: Path | None = None) -> None:
        """Show another project; its undo list is empty."""
        self._project = project
        self._target, self._data_shape, self._data_title, self._data_words = None, None, "", ""
        self._data_problem, self._columns, self._data_sample, self._vocabulary = None, (), "", 0
        self._samples = 0
        self._refresh()
        self.stack.clear()
        self.set_path(path)
        self.project_changed.emit(None)
        self._tell_trace()

    def set_path(self, path: Path | None) -> None:
        """Remember the file that the project came from or went to."""
        if path != self._path:
            self._path = path
            self.path_changed.emit()

    def mark_saved(self, path: Path, project: Project | None = None) -> None:
        """Say that ``project``, or what is there now, was written to ``path``.

        Where edits have been made meanwhile, no place of the undo list is known to be in the file.
        """
        self.set_path(path)
        if project is None or project == self._project:
            self.stack.setClean()
        else:
            self.stack.resetClean()

    def set_data_info(
        self,
        target: Target | None,
        input_shape: Shape | None = None,
        title: str = "",
        words: str = "",
        problem: Problem | None = None,
        columns: tuple[str, ...] = (),
        tokens: bool = True,
        sample: str = "",
        vocabulary: int = 0,
        samples: int = 0,
    ) -> None:
        """Say what is known of the data.

        Args:
            target: what they ask a network for; None when they could not be loaded.
            input_shape: shape of one sample.
            title: what they are called: ``MNIST 5,000``.
            words: how many samples there are: ``4,500 train · 500 validation``.
            problem: why they cannot be used; shown at the input until other data are chosen.
            columns: of a table.
            tokens: whether the numbers of a sample may be numbers of words or letters.
            sample: what one sample is, where its shape does not say it: ``16 words``.
            vocabulary: of how many words or characters; 0 for other data.
            samples: how many the network learns from; 0 as long as that is not known.
        """
        self._data_problem, self._columns, self._tokens, self._data_sample = problem, columns, tokens, sample
        self._target, self._data_shape, self._data_title, self._data_words = target, input_shape, title, words
        self._vocabulary, self._samples = vocabulary, samples
        self._refresh()
        self._tell_trace()

    # --- For commands -----------------------------------------------------------------------------------------

    def take(self, edit: Edit | Change) -> None:
        """Exchange the project as the command on the undo stack says."""
        before = len(self.network)
        if isinstance(edit, Change):
            self._project = edit.after
        else:
            self._project = self._project.replace(network=edit.apply(self.network))
        self._refresh()
        self.project_changed.emit(edit)
        self._tell_trace(can_wait=max(before, len(self.network)) > LONG)

    def _tell_trace(self, can_wait: bool = False) -> None:
        self.trace_changed.emit()
        if can_wait:
            self._later.start(0)
        else:
            self._later.stop()
            self.settled.emit()

    def _refresh(self) -> None:
        self._mends, self._hints = None, None
        self._trace = self._compute_trace()

    def _compute_trace(self) -> Trace:
        found = trace(self.network, self._project.training.loss, self._target, self._data_shape)
        return found if self._data_problem is None else dataclasses.replace(found, input_problem=self._data_problem)
