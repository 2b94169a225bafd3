"""The rule ReduceLROnPlateau."""

from __future__ import annotations

from collections.abc import Mapping

from nncore.callbacks.rules import MODES, EpochRule, Tracker, register, smaller_is_better
from nncore.fields import hyper


@register
class ReduceLROnPlateau(EpochRule):
    """Makes the learning rate smaller when the watched measure has not improved for some epochs."""

    factor: float = hyper(0.1, gt=0, lt=1, suggested=0.5, key=True, help="What the learning rate is multiplied with.")
    patience: int = hyper(
        10,
        ge=0,
        le=100_000,
        suggested=3,
        log=True,
        unit="epochs",
        key=True,
        help="How many epochs without progress it waits.",
    )
    verbose: int = hyper(0, ge=0, le=1, hidden=True, help="In scripts: 1 prints a line when it acts.")
    mode: str = hyper("auto", choices=lambda: MODES, advanced=True, help="Whether smaller or larger is better.")
    min_delta: float = hyper(1e-4, ge=0, advanced=True, label="Least gain", help="How much better counts as better.")
    cooldown: int = hyper(
        0, ge=0, le=100_000, unit="epochs", advanced=True, help="How many epochs it rests after it has acted."
    )
    min_lr: float = hyper(0.0, ge=0, advanced=True, label="Smallest rate", help="It goes no further down than this.")

    def bind(self) -> Tracker:
        return PlateauTracker(self)

    def reduced(self, learning_rate: float) -> float:
        """Return the learning rate after the rule has acted."""
        return max(learning_rate * self.factor, self.min_lr) if learning_rate > self.min_lr else learning_rate


class PlateauTracker(Tracker):
    """Counts the epochs since the last progress; after it has acted it rests for the cooldown."""

    def __init__(self, rule: ReduceLROnPlateau) -> None:
        super().__init__(rule, rule.patience, rule.min_delta, smaller_is_better(rule.monitor, rule.mode))
        self.cooldown = rule.cooldown

    def is_due(self, logs: Mapping[str, float]) -> bool:
        value = self.rule.measured(logs)
        if self.rest > 0:
            self.rest -= 1
            self.wait = 0
        if self.is_better(value, self.best):
            self.best, self.wait = value, 0
            return False
        if self.rest > 0:
            return False
        self.wait += 1
        if self.wait < self.patience:
            return False
        self.wait, self.rest = 0, self.cooldown
        return True
