"""One training without a window: begin or go on, drive the session, measure.

Invariant: once a training has begun, an interruption only ever asks it to stop; what was learned is kept.
"""

from __future__ import annotations

import math
import signal
import threading
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

from nncore.datasets import Samples, TrainingData, baselines, load_training_data
from nncore.errors import InputError
from nncore.events import EpochDone, Event, Started, StepDone, Stop
from nncore.project import Project
from nncore.project_file import Loaded
from nncore.session import Session, start_or_continue
from nncore.trace import trace
from nncore.training.fingerprint import changes

_WORDS = {
    "network": "the network",
    "loss": "the loss",
    "metric": "the metric",
    "class_weight": "the weights of the classes",
    "shuffle": "the shuffling",
    "seed": "the seed",
    "data": "the data",
    "task": "the task",
    "scaling": "the scale of the data",
    "samples": "the number of training samples",
}


@dataclass(frozen=True)
class Job:
    """A training that is ready to run.

    Attributes:
        project: as it will be saved; its ``epochs`` are what was asked for, those of the session where it ends.
        note: why the training starts anew although the project has weights; empty otherwise.
        samples_before, seconds_before: what the history counted before this call.
    """

    project: Project
    session: Session
    note: str
    samples_before: int
    seconds_before: float

    @property
    def seconds(self) -> float:
        """Seconds of training and validation in this call."""
        return self.session.history.seconds - self.seconds_before

    @property
    def samples_per_second(self) -> float:
        """Training samples learned per second in this call."""
        return (self.session.history.samples - self.samples_before) / self.seconds if self.seconds else 0.0


class View(Protocol):
    """What shows the progress; it is closed whatever happens."""

    def started(self, event: Started) -> None: ...
    def step(self, event: StepDone) -> None: ...
    def epoch(self, event: EpochDone) -> None: ...
    def close(self) -> None: ...


def begin(loaded: Loaded, project: Project) -> Job:
    """Return the training of ``project``, which goes on from the checkpoint if nothing but its end has changed.

    Raises:
        InputError: data that cannot be read or do not fit the network, or settings that do not fit the data.
    """
    data = load_training_data(
        project.data.source,
        validation_split=project.training.validation_split,
        target_column=project.data.target_column,
        test_source=project.data.test_source,
        scaling=project.data.scaling,
        task=project.data.task,
    )
    _require_fit(project, data)
    checkpoint = loaded.checkpoint
    session = start_or_continue(project.network, project.training, data, checkpoint)
    note = ""
    if checkpoint is not None:
        changed = [_WORDS[name] for name in changes(checkpoint, session.fingerprint())]
        if changed:
            note = f"Training starts anew, because this has changed since the last time: {', '.join(changed)}."
    return Job(project, session, note, session.history.samples, session.history.seconds)


def _require_fit(project: Project, data: TrainingData) -> None:
    traced = trace(project.network, project.training.loss, data.target, data.data.input_shape)
    if traced.input_problem is not None:
        raise InputError(
            traced.input_problem.sentence,
            "Choose other data with --data, or open the project in the window and change its network.",
        )
    traced.require()


class Interruption:
    """A context in which Ctrl+C, and the system's request to end, are noted instead of ending the program."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = True

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal.Signals, name, None)
                # A program that was started with nohup has been told to survive the end of its terminal.
                if number is not None and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def learn(job: Job, view: View, interruption: Interruption) -> Event:
    """Drive the session to its end and return its last event, ``Finished`` or ``Failed``."""
    event: Event = Started(0, 0, 0, 0)
    told = False
    try:
        for event in job.session.run():
            if isinstance(event, StepDone):
                view.step(event)
            elif isinstance(event, EpochDone):
                view.epoch(event)
            elif isinstance(event, Started):
                view.started(event)
            if interruption.asked and not told:
                job.session.request(Stop())
                told = True
    finally:
        view.close()
    return event


def measured(job: Job) -> dict[str, Any]:
    """Return what the training came to, in the form of ``--json``; the test part, if there is one, is measured now.

    The numbers are those of the weights that are kept: of the last epoch, or of the best one if it was gone back to.
    """
    session = job.session
    history, data = session.history, session.data
    epochs = min(int(session.snapshot.epoch), history.epoch_count())

    def last(samples: Samples | None, prefix: str) -> dict[str, float | None] | None:
        if samples is None:
            return None
        if epochs:
            names = ("loss", *(metric.name for metric in session.metrics))
            values = {name: float(history.epoch_values(prefix + name)[epochs - 1]) for name in names}
            return {name: value if math.isfinite(value) else None for name, value in values.items()}
        return dict(session.evaluate(samples))

    return {
        "epochs": history.epoch_count(),
        "steps": session.step,
        "parameters": int(session.parameters.size),
        "train": last(data.train, ""),
        "validation": last(data.validation, "val_"),
        "test": None if data.test is None else session.evaluate(data.test),
        "seconds": job.seconds,
        "samples_per_second": job.samples_per_second,
        "seed": session.settings.seed,
        "baselines": baselines(data),
    }
