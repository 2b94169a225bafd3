"""The state machine between the document, the threads and the window.

States: ``idle``, ``running``, ``paused``, ``stopping``. The controller owns the training thread, the data that the
project names, and what was learned last. It holds no widget.

Invariant: what was learned (``checkpoint``) belongs to the network it was learned with, whatever the user edits since;
training goes on from it only when nothing that matters has changed.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Signal

from nncore.datasets.base import TrainingData
from nncore.errors import InputError
from nncore.events import (
    ChangeOptimizer,
    Failed,
    Finished,
    FinishEpoch,
    Pause,
    Request,
    Resume,
    StepOnce,
    Stop,
    TakeSnapshot,
)
from nncore.history import History
from nncore.project import DataSettings, Project
from nncore.session import Session, can_continue, fingerprint, start_or_continue
from nncore.snapshot import Checkpoint, Snapshot
from workbench.document import Document
from workbench.training.background import Background
from workbench.training.loading import DataCache
from workbench.training.worker import TrainingThread

IDLE, RUNNING, PAUSED, STOPPING = "idle", "running", "paused", "stopping"


class TrainingController(QObject):
    """Trains the document's project in the background.

    Attributes:
        state_changed: the state is another one.
        data_changed: other data are loaded, or loading them failed; see ``data`` and ``data_error``.
        result_changed: history and snapshot belong to another training, or to none.
        message: carries (sentence, remedy, whether it is an error) for the person.
    """

    state_changed = Signal(str)
    data_changed = Signal()
    result_changed = Signal()
    message = Signal(str, str, bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.state = IDLE
        self.data: TrainingData | None = None
        self.data_error: InputError | None = None
        self.checkpoint: Checkpoint | None = None
        self.session: Session | None = None
        self.target_epochs = 0
        self._cache = DataCache()
        self._thread: TrainingThread | None = None
        self._loader: Background | None = None
        self._loaded_key: tuple[DataSettings, float] | None = None
        self._pending_start: tuple[Request, ...] | None = None
        self._ended: Finished | Failed | None = None
        self._error: InputError | None = None
        self._speed: float | None = None
        document.project_changed.connect(self._follow_project)

    # --- What can be read ---

    @property
    def history(self) -> History | None:
        """The course of the training that runs or ran last."""
        if self.session is not None:
            return self.session.history
        return self.checkpoint.history if self.checkpoint is not None else None

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest weights that may be looked at."""
        if self.session is not None:
            return self.session.snapshot
        return self.checkpoint.snapshot if self.checkpoint is not None else None

    @property
    def busy(self) -> bool:
        """Whether a training is under way, learning or waiting."""
        return self.state != IDLE

    def can_continue(self) -> bool:
        """Whether training would go on from what was learned, and not start anew."""
        if self.checkpoint is None or self.data is None:
            return False
        project = self.document.project
        return can_continue(self.checkpoint, fingerprint(project.network, project.training, self.data))

    @property
    def thread_running(self) -> bool:
        """Whether the training thread exists."""
        return self._thread is not None

    @property
    def loading(self) -> bool:
        """Whether data are being loaded."""
        return self._loader is not None

    # --- Commands of the person ---

    def train(self) -> None:
        """Start, or go on after a pause."""
        if self.state == PAUSED:
            self._request(Resume(), RUNNING)
        elif self.state == IDLE:
            self._start(())

    def pause(self) -> None:
        """Wait before the next step."""
        if self.state == RUNNING:
            self._request(Pause())

    def step(self) -> None:
        """Learn one batch, then wait."""
        self._learn_and_wait(StepOnce())

    def finish_epoch(self) -> None:
        """Learn to the end of the epoch, then wait."""
        self._learn_and_wait(FinishEpoch())

    def stop(self) -> None:
        """End the training and keep what was learned."""
        self._pending_start = None
        if self.state in (RUNNING, PAUSED):
            self._request(Stop(), STOPPING)

    def reset(self) -> None:
        """Forget what was learned; the next training starts with the weights of the seed."""
        self.stop_and_wait()
        self.restore(None)

    def set_speed(self, steps_per_second: float | None) -> None:
        """Learn no faster than this; None for as fast as it goes."""
        self._speed = steps_per_second
        if self._thread is not None:
            self._thread.set_speed(steps_per_second)

    def ask_for_snapshot(self) -> None:
        """Have the session copy its weights before the next step."""
        if self.session is not None and self.state == RUNNING:
            self.session.request(TakeSnapshot())

    def restore(self, checkpoint: Checkpoint | None) -> None:
        """Show what was learned earlier, or nothing."""
        self.checkpoint, self.session = checkpoint, None
        self.result_changed.emit()

    def current_checkpoint(self) -> Checkpoint | None:
        """Return what has been learned up to now, also while training; waits for the step under way."""
        if self.session is None:
            return self.checkpoint
        return self.session.request_checkpoint().result(timeout=30)

    def stop_and_wait(self) -> None:
        """End training and loading, and wait for the threads; for closing, and before something that replaces both."""
        self._pending_start = None
        if self._loader is not None:
            self._loader.wait()
        if self._thread is not None:
            self._thread.request(Stop())
            self._thread.wait()
            self._finish()

    # --- Data ---

    def load_data(self) -> None:
        """Load the data that the project names, unless they are there."""
        key = _data_key(self.document.project)
        if key == self._loaded_key or self._loader is not None:
            return
        settings, split = key
        self._loader = Background(functools.partial(self._cache.load, settings, split), self)
        self._loader.setObjectName("loading")
        self._loading_key = key
        self._loader.finished.connect(self._take_data)
        self._loader.start()

    def _take_data(self) -> None:
        loader = self._loader
        if loader is None:
            return
        self._loader = None
        loader.wait()
        loader.deleteLater()
        if self._loading_key != _data_key(self.document.project):
            self.load_data()  # the choice was changed meanwhile
            return
        self._loaded_key = self._loading_key
        self.data, self.data_error = loader.result, loader.error
        self.data_changed.emit()
        if self.data_error is not None:
            self.data = None
            self._pending_start = None
            self.message.emit(self.data_error.sentence, self.data_error.remedy, True)
        elif self._pending_start is not None:
            first, self._pending_start = self._pending_start, None
            self._start(first)

    def _follow_project(self, change: object) -> None:
        if _data_key(self.document.project) != self._loaded_key:
            self.load_data()
        session = self.session
        if session is not None and self.busy:
            optimizer = self.document.project.training.optimizer
            if type(optimizer) is type(session.settings.optimizer) and optimizer != session.settings.optimizer:
                session.request(ChangeOptimizer(optimizer))

    # --- The thread ---

    def _learn_and_wait(self, request: Request) -> None:
        if self.state == PAUSED:
            self._request(request, RUNNING)
        elif self.state == IDLE:
            self._start((request,))

    def _request(self, request: Request, state: str | None = None) -> None:
        if self._thread is not None:
            if state is not None:
                self._set_state(state)
            self._thread.request(request)

    def _start(self, first: tuple[Request, ...]) -> None:
        project = self.document.project
        if _data_key(project) != self._loaded_key:
            self._pending_start = first
            self.load_data()
            return
        if self.data is None:
            error = self.data_error or InputError("There are no data to learn from.", "Choose a data set.")
            self.message.emit(error.sentence, error.remedy, True)
            return
        self._ended, self._error = None, None
        make = functools.partial(start_or_continue, project.network, project.training, self.data, self.checkpoint)
        self._thread = TrainingThread(make, first, self)
        self._thread.set_speed(self._speed)
        self._thread.ready.connect(self._take_session)
        self._thread.paused.connect(self._on_paused)
        self._thread.ended.connect(self._on_ended)
        self._thread.refused.connect(self._on_refused)
        self._thread.finished.connect(self._finish)
        self._set_state(RUNNING)
        self._thread.start()

    def _take_session(self, session: object) -> None:
        if not isinstance(session, Session) or self._thread is None:
            return
        if self.checkpoint is not None and session.step == 0:
            self.message.emit(self.tr("Network, data or settings have changed: training starts anew."), "", False)
        self.session = session
        self.target_epochs = session.settings.epochs
        self.result_changed.emit()

    def _on_paused(self) -> None:
        if self.state == RUNNING:
            self._set_state(PAUSED)

    def _on_ended(self, event: object) -> None:
        if isinstance(event, Finished | Failed):
            self._ended = event

    def _on_refused(self, error: object) -> None:
        if isinstance(error, InputError):
            self._error = error

    def _finish(self) -> None:
        """Take over what was learned when the thread has ended."""
        thread = self._thread
        if thread is None:
            return
        self._thread = None
        thread.wait()
        thread.deleteLater()
        if thread.session is not None:
            self.session = thread.session
            self.checkpoint = self.session.checkpoint()
        self._set_state(IDLE)
        error = self._error
        if isinstance(self._ended, Failed):
            error = InputError(self._ended.sentence, self._ended.remedy)
        if error is not None:
            self.message.emit(error.sentence, error.remedy, True)
        elif isinstance(self._ended, Finished):
            self.message.emit(self._ended_words(self._ended), "", False)

    def _ended_words(self, event: Finished) -> str:
        epoch = self.checkpoint.snapshot.epoch if self.checkpoint is not None else 0
        if event.stopped:
            return self.tr("Stopped at epoch {epoch:.1f}; what was learned is kept.").format(epoch=epoch)
        return self.tr("Training is finished after {epoch:.0f} epochs.").format(epoch=epoch)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _data_key(project: Project) -> tuple[DataSettings, float]:
    return project.data, project.training.validation_split
