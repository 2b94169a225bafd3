"""One call of ``fit``: drives a session, fills the history and calls the callbacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from nncore.callbacks import Callback, EarlyStopping, ReduceLROnPlateau
from nncore.errors import InputError
from nncore.events import ChangeOptimizer, EpochDone, Failed, Finished, Started, StepDone, Stop
from nncore.metrics import Metric
from nncore.optimizers import Optimizer
from nncore.session import Session


class History:
    """What ``fit`` returns: ``history`` has a list for each measure, with one number for each epoch."""

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []


def sort_callbacks(callbacks: Sequence[object]) -> tuple[dict[str, Any], list[Callback]]:
    """Return the rules among the callbacks by the names that the settings have for them, and the others.

    Raises:
        InputError: something that is no callback here, or two rules of the same kind.
    """
    if not isinstance(callbacks, list | tuple):
        raise InputError(f"The callbacks of fit() are a list, but got {callbacks!r:.60}.", "Write callbacks=[...].")
    rules: dict[str, Any] = {}
    own: list[Callback] = []
    for callback in callbacks:
        if isinstance(callback, EarlyStopping | ReduceLROnPlateau):
            name = "early_stopping" if isinstance(callback, EarlyStopping) else "reduce_lr_on_plateau"
            if name in rules:
                raise InputError(f"fit() got two callbacks {callback.type_name}.", "Give only one of them.")
            rules[name] = callback
        elif isinstance(callback, Callback):
            own.append(callback)
        else:
            raise InputError(
                f"{type(callback).__name__} is no callback that exists here.",
                "Use EarlyStopping, ReduceLROnPlateau, ModelCheckpoint, LearningRateScheduler, LambdaCallback or a "
                "class derived from Callback, all of nncore.callbacks.",
            )
    return rules, own


class Fitted(Protocol):
    """What a call of ``fit`` asks of its model."""

    metrics: list[Metric]
    stop_training: bool

    def take_over(self, session: Session) -> None:
        """Copy what a session has learned so far."""


class Fitting:
    """Drives one session for a model.

    Args:
        model: which learns; it takes over what the session has learned before a callback sees it.
        session: ready to run.
        callbacks: to be called.
        span: the epochs done before, and the number of the last one.
        prints: one line for each epoch.
    """

    def __init__(
        self,
        model: Fitted,
        session: Session,
        callbacks: Sequence[Callback],
        span: tuple[int, int],
        prints: bool,
    ) -> None:
        self._model, self._session, self._callbacks = model, session, callbacks
        self._first, self._last = span
        self._prints = prints
        self._each_step = [
            callback
            for callback in callbacks
            if getattr(callback.on_train_batch_end, "__func__", None) is not Callback.on_train_batch_end
        ]
        self._history = History()
        for callback in callbacks:
            callback.model, callback.params = model, {"epochs": self._last, "steps": session.steps_per_epoch}

    def change_optimizer(self, optimizer: Optimizer) -> None:
        """Take over another learning rate before the next step."""
        self._session.request(ChangeOptimizer(optimizer))

    def run(self) -> History:
        """Learn to the end and return the history; raise ``InputError`` when the loss is no longer finite."""
        self._model.stop_training = False
        event: object = None
        try:
            for event in self._session.run():
                self._heed(event)
        finally:  # also when the user interrupts it: what was learned is kept
            self._model.take_over(self._session)
        if isinstance(event, Failed):
            raise InputError(event.sentence, event.remedy)
        for callback in self._callbacks:
            callback.on_train_end()
        if isinstance(event, Finished) and event.note and self._is_verbose():
            print(event.note)
        return self._history

    def _is_verbose(self) -> bool:
        stopping = self._session.settings.early_stopping
        return stopping is not None and stopping.verbose > 0

    def _heed(self, event: object) -> None:
        if isinstance(event, Started):
            for callback in self._callbacks:
                callback.on_train_begin()
            self._begin_epoch(self._first)
        elif isinstance(event, StepDone) and self._each_step:
            self._model.take_over(self._session)
            for callback in self._each_step:
                callback.on_train_batch_end((event.step - 1) % self._session.steps_per_epoch, {"loss": event.loss})
            if self._model.stop_training:
                self._session.request(Stop())
        elif isinstance(event, EpochDone):
            self._end_epoch(event.epoch + self._first, event.logs, event.last)

    def _begin_epoch(self, done: int) -> None:
        for callback in self._callbacks:
            callback.on_epoch_begin(done)

    def _end_epoch(self, epoch: int, measured: Mapping[str, float], last: bool) -> None:
        # A session always measures something beside the loss; without metrics nobody has asked for it.
        asked = {"loss", "learning_rate", *(metric.name for metric in self._model.metrics)}
        logs = {name: value for name, value in measured.items() if name.removeprefix("val_") in asked}
        for name, value in logs.items():
            self._history.history.setdefault(name, []).append(value)
        self._history.epoch.append(epoch - 1)
        if self._prints:
            words = " - ".join(f"{name}: {value:.4f}" for name, value in logs.items())
            print(f"Epoch {epoch}/{self._last} - {words}")
        if self._callbacks:
            self._model.take_over(self._session)
        for callback in self._callbacks:
            callback.on_epoch_end(epoch - 1, dict(logs))
        if self._model.stop_training:
            self._session.request(Stop())
        elif not last:
            self._begin_epoch(epoch)
