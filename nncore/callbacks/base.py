"""Callbacks for scripts: functions that ``fit`` calls while it learns."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Mapping
from typing import Any

from nncore.errors import InputError

Logs = Mapping[str, float]


class Callback:
    """Base of what a script wants to do between steps and epochs; override the methods that are of use.

    Epochs and batches count from 0, as in Keras.

    Attributes:
        model: the ``Sequential`` that learns. Setting its ``stop_training`` to True ends the training after the epoch.
        params: ``{"epochs": ..., "steps": ...}``.
    """

    model: Any
    params: Mapping[str, int]

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Called before the first step."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Called after the last epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Called before the first step of an epoch."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Called after an epoch with its loss and metrics, validation included."""

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Called after a step with the loss of its batch."""


class LambdaCallback(Callback):
    """A callback made of functions.

    Args:
        on_epoch_begin, on_epoch_end: called with (epoch, logs).
        on_train_begin, on_train_end: called with (logs).
        on_train_batch_end: called with (batch, logs).
    """

    def __init__(
        self,
        on_epoch_begin: Function[[int, Logs | None], object] | None = None,
        on_epoch_end: Function[[int, Logs | None], object] | None = None,
        on_train_begin: Function[[Logs | None], object] | None = None,
        on_train_end: Function[[Logs | None], object] | None = None,
        on_train_batch_end: Function[[int, Logs | None], object] | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_end": on_train_batch_end,
        }
        for name, function in given.items():
            if function is not None:
                setattr(self, name, function)


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: called with (epoch, learning rate), returns the learning rate of the epoch.
        verbose: 1 prints a line for each epoch.
    """

    def __init__(self, schedule: Function[[int, float], float], verbose: int = 0) -> None:
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        rate = self.schedule(epoch, self.model.optimizer.learning_rate)
        if not isinstance(rate, float | int):
            raise InputError(
                f"The schedule gave {rate!r:.40} for epoch {epoch + 1}, but must give a number.",
                "Return the learning rate.",
            )
        self.model.optimizer = self.model.optimizer.replace(learning_rate=float(rate))
        if self.verbose:
            print(f"Epoch {epoch + 1}: learning rate {rate:g}")
