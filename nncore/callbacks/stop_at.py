"""The rule StopAt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nncore.callbacks.rules import MODES, EpochRule, Tracker, measure_words, measures, register, smaller_is_better
from nncore.fields import hyper
from nncore.metrics import METRICS

AUTO = "auto"


@register
class StopAt(EpochRule):
    """Ends the training when the watched measure has reached a value.

    It acts once for a value: a training that is continued after it goes on to the end, or to another value.
    """

    monitor: str = hyper(
        AUTO,
        choices=lambda: (AUTO, *measures()),
        open=True,
        help="The measure to watch; auto is the metric, of the validation part if there is one.",
    )
    value: float = hyper(0.95, key=True, help="Where to stop: 0.95 is an accuracy of 95 %.")
    mode: str = hyper("auto", choices=lambda: MODES, advanced=True, help="Whether smaller or larger is better.")

    def watched(self, measured: Sequence[str]) -> str:
        """Return the name of what is watched, of all that is measured: loss, metrics, and both with ``val_``."""
        if self.monitor != AUTO:
            return self.monitor
        metric = measured[1] if len(measured) > 1 else measured[0]
        return f"val_{metric}" if f"val_{metric}" in measured else metric

    def measured(self, logs: Mapping[str, float]) -> float:
        """Return the watched number of an epoch; raise ``InputError`` when it was not measured."""
        return super(StopAt, self.replace(monitor=self.watched(list(logs)))).measured(logs)

    def reached(self, logs: Mapping[str, float]) -> bool:
        """Return whether an epoch is as good as the value, or better."""
        smaller = smaller_is_better(self.watched(list(logs)), self.mode)
        return self.measured(logs) <= self.value if smaller else self.measured(logs) >= self.value

    def words(self, logs: Mapping[str, float], epoch: int) -> str:
        """Return what has been reached, and what was asked for, without the full stop."""
        name = self.watched(list(logs))
        reached, wanted = _number(name, self.measured(logs), 3), _number(name, self.value, 6)
        return f"Stopped after epoch {epoch:,}: the {measure_words(name)} is {reached}, and {wanted} was asked for"

    def bind(self) -> Tracker:
        return ValueTracker(self)


def _number(name: str, value: float, digits: int) -> str:
    """Return a value of a measure with at most some significant digits; shares as percentages."""
    metric = name.removeprefix("val_")
    if metric in METRICS and METRICS.get(metric).percent:
        return f"{100 * value:.{digits}g}\N{NO-BREAK SPACE}%"
    return f"{value:,.0f}" if abs(value) >= 10**digits else f"{value:,.{digits}g}"


class ValueTracker(Tracker):
    """Remembers, as ``best``, the value at which the rule has acted."""

    rule: StopAt

    def __init__(self, rule: StopAt) -> None:
        super().__init__(rule, 0, 0.0, smaller=True)

    def is_due(self, logs: Mapping[str, float]) -> bool:
        if not self.rule.reached(logs) or self.best == self.rule.value:
            return False
        self.best = self.rule.value
        return True
