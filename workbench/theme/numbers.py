"""Numbers as people read them: thousands separated, three significant digits, units after a thin distance.

The same rule for every label, so that one number never looks different in two places. Shapes are written by
``nncore.network.shape_text``.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QCoreApplication

from nncore.fields import NUMBERS, RANGE, Declared
from nncore.network import shape_text

NONE = "–"
_SPACE = "\N{NO-BREAK SPACE}"
_MILLION = 1_000_000


def count(value: float) -> str:
    """Return a whole number with its thousands separated: ``692,352``."""
    return f"{round(value):,}".replace("-", "−")


def epoch(done: float) -> int:
    """Return in which epoch a training is after so many: in the 9th after 8.5, and still in the 9th after 9."""
    return max(1, math.ceil(done - 1e-9))


def significant(value: float | None, digits: int = 3) -> str:
    """Return a number with some significant digits: ``0.118``, ``1.20``, ``4,310``, ``1.5e−7``; a dash for none."""
    if value is None:
        return NONE
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if exponent < -4 or exponent >= 9:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(power)}"
    else:
        text = f"{value:,.{max(0, digits - 1 - exponent)}f}"
    return text.replace("-", "−")


def exact(value: float) -> str:
    """Return a setting's value in full and short: ``0.001``, ``1,000``, ``1e−7``; forms accept it again."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:.12g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}e{int(power)}"
    elif isinstance(value, float) and value.is_integer():
        text = f"{value:,.0f}"
    return text.replace("-", "−")


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share from 0 to 1 as a percentage: ``96.8 %``; ``100 %`` is all of it, and nearly all ``100.0 %``."""
    if share is None or not math.isfinite(share):
        return NONE
    digits = 0 if share == 1 else digits
    return f"{100 * share:.{digits}f}{_SPACE}%".replace("-", "−")


def duration(seconds: float | None) -> str:
    """Return a time as minutes and seconds, ``0:06``, or with hours, ``1:02:30``."""
    if seconds is None or not math.isfinite(seconds):
        return NONE
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def rate(value: float | None, unit: str = "samples/s") -> str:
    """Return a speed with three significant digits: ``4,310 samples/s``, ``1.34 million samples/s``."""
    if value is None or not math.isfinite(value):
        return NONE
    rounded = float(f"{value:.2e}")
    if rounded >= _MILLION:
        millions = QCoreApplication.translate("numbers", "{number} million")
        return f"{millions.format(number=significant(rounded / _MILLION))}{_SPACE}{unit}"
    return f"{count(rounded) if rounded >= 100 else significant(value)}{_SPACE}{unit}"


def size(number_of_bytes: float) -> str:
    """Return an amount of memory: ``2.77 MB``."""
    value, unit = float(number_of_bytes), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{count(value) if unit == 'B' else significant(value)}{_SPACE}{unit}"


def unit(plural: str, value: object) -> str:
    """Return the unit that follows a number: ``epochs``, but ``epoch`` after 1."""
    return plural.removesuffix("s") if value == 1 else plural


def setting(value: object, kind: str = "") -> str:
    """Return the value of any declared field as people read it: ``glorot uniform``, ``3 × 3``, ``yes``, ``0.001``.

    Args:
        value: what the field holds.
        kind: the field's kind, which tells a range of two numbers from a list of two.
    """
    if value is None:
        return QCoreApplication.translate("numbers", "none")
    if isinstance(value, bool):
        return QCoreApplication.translate("numbers", "yes") if value else QCoreApplication.translate("numbers", "no")
    if isinstance(value, int | float):
        return exact(value)
    if isinstance(value, tuple):
        return _list(value, kind)
    if isinstance(value, Declared):
        return kind_words(type(value))
    return str(value).replace("_", " ")


def kind_words(kind: type[Declared]) -> str:
    """Return what people call a kind of loss, optimizer, schedule, ...: its title, or its name in words."""
    return str(getattr(kind, "title", "")) or kind.type_name.replace("_", " ")


def _list(values: tuple[Any, ...], kind: str) -> str:
    if any(isinstance(entry, tuple) for entry in values):
        return _sides(values)
    if not any(isinstance(entry, float) for entry in values):
        return shape_text(values)
    shown = [exact(entry) for entry in values]
    if kind != NUMBERS and len(values) == 2 and values[0] == -values[1]:
        return f"± {exact(abs(values[1]))}"
    if kind == RANGE:
        return QCoreApplication.translate("numbers", "{low} to {high}").format(low=shown[0], high=shown[1])
    return ", ".join(shown)


def _sides(pairs: tuple[tuple[int, int], tuple[int, int]]) -> str:
    """Return what lies around a picture, shorter where sides agree: ``1``, ``1 × 2``, ``top 1, bottom 0, ...``."""
    (top, bottom), (left, right) = pairs
    if top == bottom and left == right:
        return str(top) if top == left else shape_text((top, left))
    words = QCoreApplication.translate("numbers", "top {top}, bottom {bottom}, left {left}, right {right}")
    return words.format(top=top, bottom=bottom, left=left, right=right)
