"""The state machine between the document, the threads and the window.

States: ``idle``, ``running``, ``paused``, ``stopping``. The controller decides when the training thread starts and
ends, and holds what was learned last. It holds no widget.

Invariant: what was learned (``checkpoint``) belongs to the network it was learned with, whatever the user edits since;
training goes on from it only when nothing that matters has changed.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Signal

from nncore.datasets.base import TrainingData
from nncore.errors import InputError
from nncore.events import FinishEpoch, Pause, Request, Resume, StepOnce, Stop, TakeSnapshot
from nncore.history import History
from nncore.project import DataSettings, Project
from nncore.session import Session, start_or_continue
from nncore.snapshot import Checkpoint, Snapshot
from nncore.trace import trace
from nncore.training.fingerprint import are_data_of, can_continue, fingerprint
from workbench.document import Document
from workbench.training import outcome
from workbench.training.loading import DataLoader
from workbench.training.runner import Runner
from workbench.training.started import Started

IDLE, RUNNING, PAUSED, STOPPING = "idle", "running", "paused", "stopping"


class TrainingController(QObject):
    """Trains the document's project in the background.

    Attributes:
        state_changed: the state is another one.
        data_changed: other data are loaded, or loading them failed; see ``data`` and ``data_error``.
        result_changed: history and snapshot belong to another training, or to none.
        message: carries (sentence, remedy, whether it is an error) for the person.
        letting_go: carries the project and the ``Checkpoint`` of a training that another one is to replace, or nothing.
        loader: loads the data that the project names.
        runner: has the training thread.
        learned_from_data: whether what was learned comes from the data that are loaded; only then do its predictions
            of them mean anything.
    """

    state_changed = Signal(str)
    data_changed = Signal()
    result_changed = Signal()
    message = Signal(str, str, bool)
    letting_go = Signal(object, object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.state = IDLE
        self.checkpoint: Checkpoint | None = None
        self.session: Session | None = None
        self._started = Started(document.project)
        self.learned_from_data = False
        self.loader = DataLoader(document, self)
        self.loader.changed.connect(self._take_data)
        self.runner = Runner(self)
        self.runner.ready.connect(self._take_session)
        self.runner.paused.connect(self._follow_pause)
        self.runner.finished.connect(self._finish)
        self._pending_start: tuple[Request, ...] | None = None
        self._pending_data: DataSettings | None = None
        self._forgetting = False
        self._behind = False  # it was told that the training does not take over all changes
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
    def started_project(self) -> Project:
        """The project as the training under way has it, or the last one had it."""
        return self._started.project

    @property
    def target_epochs(self) -> int:
        """The epoch at which the training under way, or the last one, ends."""
        return self._started.target_epochs

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
    def edited(self) -> bool:
        """Whether what was learned belongs to another network, or to other data, than the project now has."""
        snapshot = self.snapshot
        if snapshot is None:
            return False
        known = self.data is not None or self.data_error is not None
        return snapshot.network != self.document.network or (known and not self.learned_from_data)

    @property
    def data(self) -> TrainingData | None:
        """The data that were loaded last; None if that failed."""
        return self.loader.data

    @property
    def data_error(self) -> InputError | None:
        """Why the data cannot be used."""
        return self.loader.error

    @property
    def loading(self) -> bool:
        """Whether data are being loaded."""
        return self.loader.busy

    # --- Commands of the person ---

    def train(self) -> None:
        """Start, or go on after a pause."""
        if self.state == PAUSED:
            self._request(Resume(), RUNNING)
            self._tell_of_later_changes()
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
        self._pending_start = None
        if not self.runner.running:
            self._let_go()
            self.restore(None)
            self.message.emit(
                self.tr("What was learned is forgotten; training starts anew."),
                self.tr("File > Reopen last training brings it back."),
                False,
            )
            return
        self._forgetting = True
        self._request(Stop(), STOPPING)

    def stop_at_epoch(self, epoch: int) -> None:
        """End the training after this epoch: an edit of the settings, which can be undone, and which acts at once."""
        self.document.set_training(self.document.project.training.replace(epochs=epoch))

    def train_more(self, epochs: int) -> None:
        """Go on from what was learned for so many epochs."""
        if self.state == IDLE and self.checkpoint is not None and self.can_continue():
            self.stop_at_epoch(self.checkpoint.epoch + epochs)
            self.train()

    def set_speed(self, steps_per_second: float | None) -> None:
        """Learn no faster than this; None for as fast as it goes."""
        self.runner.set_speed(steps_per_second)

    def ask_for_snapshot(self) -> None:
        """Have the session copy its weights before the next step."""
        if self.runner.session is not None and self.state == RUNNING:
            self.runner.session.request(TakeSnapshot())

    def restore(self, checkpoint: Checkpoint | None) -> None:
        """Show what was learned earlier, or nothing."""
        self.checkpoint, self.session = checkpoint, None
        project = self.document.project
        self._started.project = project if checkpoint is None else project.replace(network=checkpoint.snapshot.network)
        self._started.target_epochs = self.document.project.training.epochs
        self._tell_result()

    def current_checkpoint(self) -> Checkpoint | None:
        """Return what has been learned up to now, also while training; waits for the step under way."""
        if self.session is None:
            return self.checkpoint
        return self.session.request_checkpoint().result(timeout=30)

    def close(self) -> None:
        """End training and loading, and wait for the threads."""
        self.stop_and_wait()
        self.loader.close()

    def stop_and_wait(self) -> None:
        """End the training and wait for its thread, before something that takes its place."""
        self._pending_start = None
        self.runner.request(Stop())
        self._finish(quietly=True)

    # --- Data ---

    def load_data(self) -> None:
        """Load the data that the project names, unless they are there."""
        self.loader.load()

    def _take_data(self) -> None:
        self.learned_from_data = self._compare_data()
        self.data_changed.emit()
        error = self.loader.error
        first, self._pending_start = self._pending_start, None
        if error is not None:
            self.message.emit(error.sentence, error.remedy, True)
        elif first is not None:
            self._start(first)

    def _compare_data(self) -> bool:
        """Whether what was learned comes from the data, and still answers what is asked: the task may be another."""
        known = self.checkpoint.settings if self.checkpoint is not None else None
        known = self.session.fingerprint() if self.session is not None else known
        snapshot, data = self.snapshot, self.data
        if known is None or snapshot is None or data is None or not are_data_of(known, data):
            return False
        loss = self.started_project.training.loss
        return not trace(snapshot.network, loss, data.target, data.data.input_shape).problems

    def _tell_result(self) -> None:
        self.learned_from_data = self._compare_data()
        self.result_changed.emit()

    def _follow_project(self, change: object) -> None:
        project = self.document.project
        if project.data != self._pending_data:
            self._pending_start = None  # the start was meant for other data
        if self.state in (RUNNING, PAUSED):
            self._pass_on_changes()
            self._tell_of_later_changes()

    def _pass_on_changes(self) -> None:
        """Have the training under way take over the live fields of now."""
        if self.runner.session is None:
            return
        refused = self._started.pass_on(self.document.project, self.runner.session)
        if refused is not None:
            self.message.emit(refused.sentence, refused.remedy, True)

    def _tell_of_later_changes(self) -> None:
        """Say that a change does not reach the training under way, as long as there is one that does not."""
        told, self._behind = self._behind, self._started.is_behind(self.document.project)
        if self._behind:
            words = self.tr("This training goes on as it was started; other changes count from the next one on.")
            self.message.emit(words, "", False)
        elif told:
            self.message.emit("", "", False)

    # --- The thread ---

    def _learn_and_wait(self, request: Request) -> None:
        if self.state == PAUSED:
            self._request(request, RUNNING)
        elif self.state == IDLE:
            self._start((request,))

    def _request(self, request: Request, state: str | None = None) -> None:
        if self.runner.running:
            if state is not None:
                self._set_state(state)
            self.runner.request(request)

    def _start(self, first: tuple[Request, ...]) -> None:
        project = self.document.project
        if not self.loader.current:
            self._pending_start, self._pending_data = first, project.data
            self.message.emit(self.tr("Training starts as soon as the data are loaded."), "", False)
            self.load_data()
            return
        data = self.loader.data
        if data is None:
            return
        self._forgetting = False
        if not self.can_continue():
            self._let_go()
        self._started.project = project
        self._behind = False
        make = functools.partial(start_or_continue, project.network, project.training, data, self.checkpoint)
        self._set_state(RUNNING)
        self.runner.start(make, first)

    def _let_go(self) -> None:
        if self.checkpoint is not None:
            self.letting_go.emit(self._started.project, self.checkpoint)

    def _take_session(self, session: object) -> None:
        if not isinstance(session, Session):
            return
        if self.checkpoint is not None and session.step == 0:
            self.message.emit(self.tr("Network, data or settings have changed: training starts anew."), "", False)
        self.session = session
        self._started.take_session(session)
        self._tell_result()
        self._pass_on_changes()  # what was changed while the session was being made

    def _follow_pause(self) -> None:
        if self.state == RUNNING:
            self._set_state(PAUSED)

    def _finish(self, *, quietly: bool = False) -> None:
        """Take over what was learned when the thread has ended, or wait for that."""
        thread = self.runner.end()
        if thread is None:
            return
        if thread.session is not None:
            self.session = thread.session
            self.checkpoint = thread.checkpoint
        self._set_state(IDLE)
        if self._forgetting:
            self._forgetting = False
            self.reset()
        elif thread.outcome is not None and not quietly:
            epoch = self.checkpoint.snapshot.epoch if self.checkpoint is not None else 0.0
            self.message.emit(*outcome.words(thread.outcome, epoch, self.target_epochs))

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
