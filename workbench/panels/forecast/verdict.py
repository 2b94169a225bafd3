"""Whether the network forecasts better than rules that need no learning, in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.results import Forecast
from workbench.results.forecast import LAST, NETWORK, SEASONAL
from workbench.theme import numbers

_MONTHS = 12
_NAMELESS = ("", "value", "target")
"""Words of series whose values have neither a name nor a unit of their own."""


@dataclass(frozen=True)
class Verdict:
    """What is said of the forecasts.

    Attributes:
        where: the part on which they are judged, and by what, in which unit if it has one.
        figures: (name, mean absolute error), the network first if it has made a forecast.
        words: whether the network is better, or that it has not been trained yet.
        better: whether it is better than every rule; None before the first training.
    """

    where: str
    figures: tuple[tuple[str, str], ...]
    words: str
    better: bool | None

    def sentence(self) -> str:
        """Return everything as one line of plain text."""
        figures = " · ".join(f"{name} {value}" for name, value in self.figures)
        return f"{self.where}: {figures}" + (f" · {self.words}" if self.words else "")


def verdict(given: Forecast) -> Verdict:
    """Return what is to be said of a forecast."""
    names = {NETWORK: _tr("network"), SEASONAL: _tr("seasonal naive"), LAST: _tr("last value")}
    errors = given.errors
    figures = tuple((names[name], numbers.significant(error)) for name, error in errors.items())
    rules = {name: error for name, error in errors.items() if name != NETWORK}
    if NETWORK not in errors or not rules:
        return Verdict(_where(given), figures, "" if given.answered else _tr("not trained yet"), None)
    own = errors[NETWORK]
    beaten = [names[name] for name, error in rules.items() if own < error]
    if len(beaten) == len(rules):
        words = _tr("better than both") if len(rules) > 1 else _tr("better than {rule}").format(rule=beaten[0])
        return Verdict(_where(given), figures, words, True)
    words = _tr("better than {rule} only").format(rule=beaten[0]) if beaten else _tr("not yet better")
    return Verdict(_where(given), figures, words, False)


def _where(given: Forecast) -> str:
    if given.target_name in _NAMELESS:
        return _tr("{part}, MAE").format(part=_part(given))
    return _tr("{part}, MAE ({unit})").format(part=_part(given), unit=given.target_name)


def _part(given: Forecast) -> str:
    judged = given.judged
    part = given.part(judged.start)
    if part == "test" and given.times and given.period == judged.stop - judged.start == _MONTHS:
        return _tr("Held-out year")
    return {"test": _tr("Held out"), "validation": _tr("Validation part")}.get(part, _tr("Training part"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Verdict", text)
