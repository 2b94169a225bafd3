"""How a list tells its numbers of parameters: in the same words in every row, the longest that all have room for.

Before a number loses its word, the shapes beside all of them are written without spaces.
Invariant: a number is never cut; where not even the shortest words have room, a row tells none.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontMetricsF

from workbench.theme import fonts, numbers

_BETWEEN = 8  # pixels of the design that part the words at the right from those at the left
_TIMES = " × "
_SPACE = "\N{NO-BREAK SPACE}"
translate = QCoreApplication.translate


class Wording(Enum):
    """``101,770 parameters``, ``101,770 params``, ``102 k params``, the same beside a tight shape, and ``102 k``."""

    WHOLE = auto()
    SHORT = auto()
    ROUNDED = auto()
    TIGHT = auto()
    BARE = auto()


Line = tuple[str, int, float]
"""The words at the left of a row, its number of parameters, and the pixels that it has for both."""


def count_words(parameters: int, wording: Wording = Wording.WHOLE) -> str:
    """Return a number of parameters in words."""
    if wording == Wording.BARE:
        return rounded(parameters)
    shown = rounded(parameters) if wording in (Wording.ROUNDED, Wording.TIGHT) else numbers.count(parameters)
    if wording == Wording.WHOLE:
        one, many = translate("LayerList", "{count} parameter"), translate("LayerList", "{count} parameters")
    else:
        one, many = translate("LayerList", "{count} param"), translate("LayerList", "{count} params")
    return (one if parameters == 1 else many).format(count=shown)


def tightened(left: str, wording: Wording) -> str:
    """Return the words at the left of a row beside a number in this wording: ``13×13×128`` where each pixel counts."""
    return left.replace(_TIMES, _TIMES.strip()) if wording in (Wording.TIGHT, Wording.BARE) else left


def rounded(number: int) -> str:
    """Return a whole number in at most six signs: ``320``, ``1,290``, ``102 k``, ``1.61 M``."""
    if number < 10_000:
        return numbers.count(number)
    thousands = float(f"{number:.2e}") / 1_000
    value, unit = (thousands, "k") if thousands < 1_000 else (thousands / 1_000, "M")
    return f"{numbers.significant(value)}{_SPACE}{unit}"


def common_wording(lines: Collection[Line]) -> Wording:
    """Return the longest wording that has room in all rows."""
    scale = fonts.scale()
    for wording in (Wording.WHOLE, Wording.SHORT, Wording.ROUNDED, Wording.TIGHT):
        if all(_needed(left, parameters, wording, scale) <= room for left, parameters, room in lines):
            return wording
    return Wording.BARE


def room_beside(left: str, room: float) -> float:
    """Return how many of the pixels of a row are left for the words at its right."""
    return room - _width(left, fonts.scale()) - _BETWEEN * fonts.scale()


def fitting(words: str, room: float) -> str:
    """Return words at the right if they have room; else nothing, for half a number would be another one."""
    return words if _width(words, fonts.scale()) <= room else ""


@functools.lru_cache(maxsize=8_192)  # an edit of 200 layers asks for as many, and most are those of the edit before
def _needed(left: str, parameters: int, wording: Wording, scale: float) -> float:
    return _width(tightened(left, wording), scale) + _BETWEEN * scale + _width(count_words(parameters, wording), scale)


@functools.lru_cache(maxsize=8_192)
def _width(words: str, scale: float) -> float:
    """Return how wide words are in the small font, of which there is another for each scale."""
    return QFontMetricsF(fonts.font(fonts.CAPTION)).horizontalAdvance(words)
