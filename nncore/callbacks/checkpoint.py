"""The callback ModelCheckpoint."""

from __future__ import annotations

import math
from pathlib import Path

from nncore.callbacks.base import Callback, Logs
from nncore.callbacks.rules import smaller_is_better
from nncore.errors import InputError


class ModelCheckpoint(Callback):
    """Saves the model after each epoch, or after the best ones only.

    Args:
        filepath: where to; it may name the epoch and the measures: ``"model-{epoch:02d}-{val_loss:.2f}.nnw"``.
        monitor: the measure that tells which epoch is best.
        verbose: 1 prints a line for each file.
        save_best_only: save only when the measure is better than ever before.
        mode: ``"min"``, ``"max"``, or ``"auto"`` to tell it from the measure.
        initial_value_threshold: a value that must be beaten before anything is saved.
    """

    def __init__(
        self,
        filepath: str | Path,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str = "epoch",
        initial_value_threshold: float | None = None,
    ) -> None:
        if save_weights_only or save_freq != "epoch":
            name = "save_weights_only" if save_weights_only else "save_freq"
            raise InputError(
                f"ModelCheckpoint() has no argument {name} here.", "Leave it out: whole models are saved after epochs."
            )
        self.filepath, self.monitor, self.verbose = str(filepath), monitor, verbose
        self.save_best_only = save_best_only
        self.sign = 1.0 if smaller_is_better(monitor, mode) else -1.0
        self.best = self.sign * math.inf if initial_value_threshold is None else initial_value_threshold

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        measured = dict(logs or {})
        if self.save_best_only:
            if self.monitor not in measured:
                raise InputError(
                    f"ModelCheckpoint watches {self.monitor}, but only {', '.join(measured)} are measured.",
                    "Choose one of these, or give validation data.",
                )
            if not self.sign * measured[self.monitor] < self.sign * self.best:
                return
            self.best = measured[self.monitor]
        try:
            path = self.filepath.format(epoch=epoch + 1, **measured)
        except (KeyError, IndexError, ValueError) as error:
            raise InputError(
                f'The file name "{self.filepath}" cannot be filled in: {error}.',
                f"Use only epoch, {', '.join(measured)} in braces.",
            ) from error
        self.model.save(path)
        if self.verbose:
            print(f"Epoch {epoch + 1}: saved {path}")
