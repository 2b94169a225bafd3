"""The rule EarlyStopping."""

from __future__ import annotations

from collections.abc import Mapping

from nncore.callbacks.rules import MODES, EpochRule, Tracker, count, register, smaller_is_better
from nncore.fields import hyper


@register
class EarlyStopping(EpochRule):
    """Ends the training when the watched measure has not improved for some epochs.

    A network that goes on learning after the validation loss has turned learns its samples by heart.
    Source: Prechelt, "Early stopping - but when?" (1998).
    """

    min_delta: float = hyper(0.0, ge=0, advanced=True, label="Least gain", help="How much better counts as better.")
    patience: int = hyper(
        0,
        ge=0,
        le=100_000,
        suggested=5,
        log=True,
        unit="epochs",
        key=True,
        help="How many epochs without progress it waits.",
    )
    verbose: int = hyper(0, ge=0, le=1, hidden=True, help="In scripts: 1 prints a line when it stops.")
    mode: str = hyper("auto", choices=lambda: MODES, advanced=True, help="Whether smaller or larger is better.")
    baseline: float | None = hyper(None, advanced=True, help="A value that must be beaten for it to count as progress.")
    restore_best_weights: bool = hyper(
        False, suggested=True, label="Best weights", help="At the end, go back to the weights of the best epoch."
    )
    start_from_epoch: int = hyper(
        0, ge=0, le=100_000, unit="epochs", advanced=True, help="How many epochs pass before it watches."
    )

    def bind(self) -> Tracker:
        return StoppingTracker(self)


class StoppingTracker(Tracker):
    """Counts the epochs since the last progress, as Keras does: the first epoch of all never stops a training."""

    def __init__(self, rule: EarlyStopping) -> None:
        super().__init__(rule, rule.patience, rule.min_delta, smaller_is_better(rule.monitor, rule.mode))
        self.baseline = rule.baseline
        self.rest = rule.start_from_epoch
        self.epochs = 0

    def is_due(self, logs: Mapping[str, float]) -> bool:
        value = self.rule.measured(logs)
        self.epochs += 1
        self.progress = False
        if self.rest > 0:
            self.rest -= 1
            return False
        self.wait += 1
        self.progress = self.is_better(value, self.best)
        if self.progress:
            self.best = value
            if self.baseline is None or self.is_better(value, self.baseline):
                self.wait = 0
            return False
        if self.wait < self.patience or self.epochs == 1:
            return False
        self.wait = 0  # a training that is started again waits anew
        return True

    def state(self) -> dict[str, float]:
        return {**super().state(), "epochs": self.epochs}

    def restore(self, state: Mapping[str, float]) -> None:
        super().restore(state)
        self.epochs = count(state, "epochs")
