"""The vertical axis of the curves: where it begins and ends, how it is labelled, and how calmly it moves.

Invariant: the smoothed curve is always inside; round ends keep the axis from moving with every value.
"""

from __future__ import annotations

import math

import numpy as np

from nncore.types import Array
from workbench.plotting.plot import nice_ceiling, plain, ticks
from workbench.theme import numbers

_TINY = 1e-12
_SHARE = 0.35
POINT = 8
"""Pixels across a point."""
EDGE = POINT / 2 + 1


class VerticalAxis:
    """Ends and labels; values are given in the unit that is shown.

    Attributes:
        percent: whether the axis shows shares, always from 0 to 1.
        logarithmic: whether it shows powers of ten; shares never do.
        bottom, top: the ends now, as powers of ten where the axis is logarithmic.
    """

    def __init__(self) -> None:
        self.percent = self.logarithmic = False
        self.bottom, self.top = 0.0, 0.0
        self._fresh = True

    def begin(self, percent: bool, logarithmic: bool) -> None:
        """Forget the ends; the next curve sets them at once."""
        self.percent, self.logarithmic = percent, logarithmic and not percent
        self._fresh = True

    def drawn(self, values: Array) -> Array:
        """Return values as they are drawn; NaN where there is nothing to draw."""
        values = np.where(np.isfinite(values), values, np.nan)
        return np.log10(np.where(values > _TINY, values, np.nan)) if self.logarithmic else values

    def follow(self, raw: Array, smoothed: Array, validation: Array) -> bool:
        """Move the ends a part of the way to where they belong; return whether they have arrived."""
        low, high = self._aim(raw, smoothed, validation)
        if self._fresh or self.percent or self.logarithmic:
            self.bottom, self.top, self._fresh = low, high, False
            return True
        # Growing shows at once what has come; shrinking, and growing to the round number above it, take their time.
        inside = smoothed[np.isfinite(smoothed)]
        needed = float(inside.max()) if len(inside) else low
        self.top = max(self.top + _SHARE * (high - self.top), needed)
        self.bottom += _SHARE * (low - self.bottom)
        if max(abs(self.top - high), abs(self.bottom - low)) >= 0.01 * (high - low):
            return False
        self.bottom, self.top = low, high
        return True

    def _aim(self, raw: Array, smoothed: Array, validation: Array) -> tuple[float, float]:
        """Return where the ends belong; single wild values of the raw curve may lie outside."""
        if self.percent:
            return 0.0, 1.0
        known = [values[np.isfinite(values)] for values in (raw, smoothed, validation)]
        if len(known[0]):
            known[0] = np.quantile(known[0], [0.02, 0.98])
        every = np.concatenate(known)
        if self.logarithmic:
            every = every[every > _TINY]
            if not len(every):
                return -2.0, 0.0
            low, high = (float(end) for end in (2 * np.log10([every.min(), every.max()])))
            return math.floor(low) / 2, max(math.ceil(high) / 2, math.floor(low) / 2 + 1)
        if not len(every):
            return 0.0, 1.0
        low, high = float(every.min()), float(every.max())
        return -nice_ceiling(-low) if low < 0 else 0.0, nice_ceiling(high) if high > 0 or low >= 0 else 0.0

    def range(self, height: float) -> tuple[float, float]:
        """Return the ends with room for the half of a point, in a plot that is so many pixels high."""
        pad = EDGE / max(height - 2 * EDGE, 4 * EDGE) * (self.top - self.bottom)
        return self.bottom - pad, self.top + pad

    def ticks(self, most: int) -> list[float]:
        """Return at most ``most`` places for labels, as they are drawn."""
        if self.percent:
            return [0, 0.25, 0.5, 0.75, 1] if most >= 5 else [0, 0.5, 1]
        return ticks(self.bottom, self.top, most, whole=self.logarithmic and self.top - self.bottom >= 2)

    def label(self, place: float) -> str:
        """Return the words beside a place."""
        if self.percent:
            return numbers.percent(place, 0)
        return plain(10.0**place) if self.logarithmic else plain(place)
