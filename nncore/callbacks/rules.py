"""What the rules that watch one measure from epoch to epoch have in common.

A rule is a declaration, so it is a part of the project and its form. ``bind`` gives a ``Tracker``, which remembers the
best value and for how many epochs it has waited for a better one; a checkpoint keeps that, so that a training that
goes on stops where it would have stopped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from nncore.errors import InputError
from nncore.fields import Declared, hyper
from nncore.metrics import METRICS
from nncore.registry import Registry

RULES: Registry[type[EpochRule]] = Registry("rule")
MODES = ("auto", "min", "max")


def measure_words(name: str) -> str:
    """Return what a measure is called in a sentence: ``val_accuracy`` is the validation accuracy."""
    metric = name.removeprefix("val_")
    label = METRICS.get(metric).label if metric in METRICS else metric
    label = label[:1].lower() + label[1:] if label[1:2].islower() else label  # but not AUC
    return label if name == metric else f"validation {label}"


def smaller_is_better(monitor: str, mode: str = "auto") -> bool:
    """Return whether a falling measure improves; ``mode`` says it, or else the measure itself."""
    if mode != "auto":
        return mode == "min"
    name = monitor.removeprefix("val_")
    return not (name in METRICS and METRICS.get(name).higher_is_better)


def measures() -> list[str]:
    """Return the names of everything that can be watched."""
    return ["val_loss", "loss", *(f"val_{name}" for name in METRICS.names()), *METRICS.names()]


class EpochRule(Declared):
    """Base of the rules: what is watched."""

    registry: ClassVar = RULES

    monitor: str = hyper(
        "val_loss",
        choices=measures,
        open=True,
        help="The measure to watch: loss, a metric such as accuracy, or one of them with val_ for the validation part.",
    )

    def measured(self, logs: Mapping[str, float]) -> float:
        """Return the watched number of an epoch; raise ``InputError`` when it was not measured."""
        if self.monitor not in logs:
            lacks_split = self.monitor.removeprefix("val_") in logs
            raise InputError(
                f"{self.type_name} watches {self.monitor}, but only {', '.join(logs)} "
                f"{'is' if len(logs) == 1 else 'are'} measured.",
                "Keep a part of the data for validation, or watch loss." if lacks_split else "Choose one of these.",
            )
        return logs[self.monitor]

    def bind(self) -> Tracker:
        """Return what remembers the course of one training."""
        raise NotImplementedError


def register(rule: type[EpochRule]) -> type[EpochRule]:
    """Class decorator: make a rule known under its class name."""
    return RULES.add(rule.__name__, rule)


class Tracker:
    """What a rule remembers from epoch to epoch.

    Args:
        rule: what is watched.
        patience: epochs without progress after which the rule acts.
        min_delta: how much better counts as better.
        smaller: whether smaller is better.

    Attributes:
        best: the best value so far; infinite as long as there is none.
        wait: epochs since the last progress.
        rest: epochs for which nothing is counted.
        progress: whether the last epoch that was taken notice of is the best so far.
    """

    def __init__(self, rule: EpochRule, patience: int, min_delta: float, smaller: bool) -> None:
        self.rule, self.patience, self.min_delta = rule, patience, min_delta
        self.sign = 1.0 if smaller else -1.0
        self.best = self.sign * math.inf
        self.wait = 0
        self.rest = 0
        self.progress = False

    def is_better(self, value: float, than: float) -> bool:
        """Return whether ``value`` is an improvement."""
        return self.sign * value < self.sign * than - self.min_delta

    def is_due(self, logs: Mapping[str, float]) -> bool:
        """Take notice of one finished epoch; return whether the rule must act now.

        Raises:
            InputError: the watched measure is not measured.
        """
        raise NotImplementedError

    def state(self) -> dict[str, float]:
        """Return what it remembers as plain numbers."""
        best = {"best": self.best} if math.isfinite(self.best) else {}
        return {**best, "wait": self.wait, "rest": self.rest}

    def restore(self, state: Mapping[str, float]) -> None:
        """Take over what ``state`` returned; raise ``ValueError`` for numbers that it cannot have returned."""
        best = float(state.get("best", self.best))
        if "best" in state and not math.isfinite(best):
            raise ValueError(f"best is {best}")
        self.best, self.wait, self.rest = best, count(state, "wait"), count(state, "rest")


def count(state: Mapping[str, float], name: str) -> int:
    """Return a number of epochs that was kept; raise ``ValueError`` for anything else."""
    number = state[name]
    if number != int(number) or number < 0:
        raise ValueError(f"{name} is {number}")
    return int(number)
