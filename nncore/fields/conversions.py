"""From what a person or a script gives to a value of the field's own kind; None stands for "breaks the rule"."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

from nncore.fields.rules import INTEGER, NUMBERS, PAIR, PAIRS, RANGE, Rule

_LARGEST_SHAPE_ENTRY = 1_000_000_000
_LONGEST_SHAPE = 32


def convert_number(kind: str, rule: Rule, value: Any) -> int | float | None:
    """Return a whole or floating number within the bounds of the rule, or None."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    if kind in (INTEGER, PAIR, PAIRS):
        if not isinstance(value, numbers.Integral):
            return None
        number: int | float = int(value)
    else:
        try:
            number = float(value)
        except OverflowError:  # whole numbers have no largest value, floating ones do
            return None
        if not math.isfinite(number):
            return None
    inside = (
        (rule.ge is None or number >= rule.ge)
        and (rule.gt is None or number > rule.gt)
        and (rule.le is None or number <= rule.le)
        and (rule.lt is None or number < rule.lt)
    )
    return number if inside else None


def convert_list(kind: str, rule: Rule, value: Any) -> tuple[Any, ...] | None:
    """Return a pair, pairs, a range or numbers, each entry within the bounds; None when it breaks the rule."""
    if isinstance(value, numbers.Real):
        value = (-value, value) if kind == RANGE else (value,) if kind == NUMBERS else (value, value)
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > _LONGEST_SHAPE:
        return None
    if kind == PAIRS:
        value = [_pair(kind, rule, (entry, entry) if isinstance(entry, numbers.Real) else entry) for entry in value]
        return tuple(value) if len(value) == 2 and None not in value else None
    if kind != NUMBERS:
        return _pair(kind, rule, value)
    entries = tuple(convert_number(kind, rule, entry) for entry in value)
    return entries if entries and None not in entries else None


def _pair(kind: str, rule: Rule, value: Any) -> tuple[Any, ...] | None:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        return None
    first, second = convert_number(kind, rule, value[0]), convert_number(kind, rule, value[1])
    if first is None or second is None or (kind == RANGE and first > second):
        return None
    return first, second


def convert_shape(value: Any, wildcard: bool) -> tuple[int, ...] | None:
    """Return a tuple of positive whole numbers, one of which may be -1 with ``wildcard``, or None."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > _LONGEST_SHAPE:
        return None
    entries = []
    for entry in value:
        if isinstance(entry, bool) or not isinstance(entry, numbers.Integral):
            return None
        if int(entry) == -1 and wildcard and -1 not in entries:
            entries.append(-1)
            continue
        if not 1 <= int(entry) <= _LARGEST_SHAPE_ENTRY:
            return None
        entries.append(int(entry))
    return tuple(entries)


def plain(value: Any) -> str:
    """Return a value as people write it: thousands separated, no quotes around objects."""
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, numbers.Integral):
        whole = int(value)
        # Python refuses to write a number of more than 4,300 digits, and nobody would read it.
        digits = round(whole.bit_length() * math.log10(2))
        return f"{whole:,}" if digits < 30 else f"a number of about {digits} digits"
    if isinstance(value, numbers.Real):
        number = float(value)
        return f"{number:,.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:g}"
    if isinstance(value, tuple | list):
        text = "(" + ", ".join(plain(entry) for entry in value[:_LONGEST_SHAPE]) + ")"
    else:
        text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
