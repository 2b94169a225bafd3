"""The values that a slider stops at.

Invariant: a ladder rises strictly and every value on it obeys the field's rule, so each press of an arrow key changes
the value, and a slider cannot produce a wrong one.
"""

from __future__ import annotations

import bisect
import math

from nncore.errors import FieldError
from nncore.fields import INTEGER, Field

_MANTISSAS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_SPAN = 100.0
"""A logarithmic slider reaches from a hundredth of the usual value to a hundred times of it; typing goes further."""
_MOST_STEPS = 200
_NEAREST_ONE = 4
"""Digits after the point of the value that is the last before 1."""


def ladder(field: Field) -> list[float]:
    """Return the values of a field's slider; empty where a slider makes no sense, as for a seed."""
    values = _logarithmic(field) if field.rule.log else _near_one() if field.rule.near_one else _linear(field)
    allowed = []
    for value in values:
        try:
            allowed.append(field.check(value))
        except FieldError:
            continue
    return sorted(set(allowed)) if len(set(allowed)) > 2 else []


def _logarithmic(field: Field) -> list[float]:
    low, high = field.rule.slider or (_usual(field) / _SPAN, _usual(field) * _SPAN)
    zero = [0 if field.kind == INTEGER else 0.0]
    if field.kind == INTEGER:
        powers = [2**k for k in range(31)] + [3 * 2**k for k in range(30)]
        tens = [factor * 10**k for k in range(10) for factor in (1, 2, 5)]
        return zero + [value for value in sorted(powers + tens) if low <= value <= high]
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    # Parsed from text, because 3 * 1e-4 is not the 0.0003 that people mean.
    numbers = [float(f"{mantissa}e{decade}") for decade in decades for mantissa in _MANTISSAS]
    return zero + [value for value in numbers if low * 0.999 <= value <= high * 1.001]


def _usual(field: Field) -> float:
    """Return the middle of a logarithmic slider: the usual value, or where there is none what the bound suggests."""
    if isinstance(field.start, int | float) and field.start > 0:
        return float(field.start)
    return 1.0 if field.rule.le is None else field.rule.le / _SPAN


def _near_one() -> list[float]:
    """Return the tenths, and values that come closer and closer to 1: 0.9, 0.92, ..., 0.99, 0.992, ..., and 1."""
    missing = [(mantissa, digits) for digits in range(1, _NEAREST_ONE + 1) for mantissa in _MANTISSAS]
    below = [float(f"{1 - mantissa * 10**-digits:.{digits + 1}f}") for mantissa, digits in missing]
    return [*(tenth / 10 for tenth in range(10)), *below, 1.0]


def _linear(field: Field) -> list[float]:
    rule = field.rule
    low = rule.ge if rule.ge is not None else rule.gt
    high = rule.le if rule.le is not None else rule.lt
    if rule.slider is not None:
        low, high = rule.slider
    if low is None or high is None:
        return []
    if field.kind == INTEGER:
        return list(range(int(low), int(high) + 1)) if high - low <= _MOST_STEPS else []
    return [float(f"{low + (high - low) * step / 100:.10g}") for step in range(101)]


def nearest(values: list[float], value: float) -> int:
    """Return the index of the value on the ladder that is nearest to ``value``."""
    right = bisect.bisect_left(values, value)
    if right == 0 or right == len(values):
        return min(right, len(values) - 1)
    return right if values[right] - value < value - values[right - 1] else right - 1
