"""Curves of any length as a few points: smallest and largest values of equal stretches, and a smoothed line.

Invariant: each value is looked at once, when it arrives; what is kept never exceeds ``BUCKETS`` entries, so ten million
steps cost as little to draw as a thousand. No value that is the largest or smallest of its stretch gets lost. Values
that are not finite leave a gap and disturb nothing.
"""

from __future__ import annotations

import math

import numpy as np

from nncore.types import Array

BUCKETS = 750
"""At most this many stretches, each drawn as two points."""

_BLOCK = 128
_PIECE = 1 << 17
_ROUNDING = math.log(1e-17)


def smoothing_for(steps_per_epoch: float, planned: float) -> float:
    """Return the share that each step keeps of the average before it.

    The average reaches over about a fifth of an epoch, or a fiftieth of the ``planned`` steps where epochs are short
    and many; over 100 steps at most. One step per epoch, as in plain gradient descent, has no noise to be smoothed and
    gets 0.
    """
    if steps_per_epoch <= 1:
        return 0.0
    span = min(100.0, max(1.0, steps_per_epoch / 5, planned / 50))
    return 1 - 2 / (span + 1)


def exponential(values: Array, keep: float, start: float = 0.0) -> Array:
    """Return s with s[t] = keep * s[t-1] + (1 - keep) * values[t], s[-1] = ``start``; (n,) float64, finite values.

    Whole blocks are summed at once: s[t] = keep^(t+1) * (start + (1 - keep) * sum_i values[i] * keep^-(i+1)); the last
    entries of the blocks follow the same rule with keep^block, so the function calls itself for them.
    """
    count = len(values)
    if keep <= 0 or count == 0:
        return values.astype(np.float64)
    # keep^-block must not swallow the digits of the sum.
    block = max(1, min(_BLOCK, count, int(-18 / np.log(keep))))
    if block == 1:
        return _one_by_one(values, keep, start)
    blocks = -(-count // block)
    padded = np.zeros(blocks * block)
    padded[:count] = values
    powers = keep ** np.arange(1, block + 1)
    alone = np.cumsum(padded.reshape(blocks, block) * ((1 - keep) / powers), axis=1) * powers
    before = np.full(blocks, start)
    if blocks > 1:
        # exponential() weighs its input by 1 - keep, which the sums of the blocks already are.
        far = keep**block
        before[1:] = exponential(alone[:-1, -1] / (1 - far), far, start)
    result: Array = (alone + before[:, None] * powers).ravel()[:count]
    return result


def _one_by_one(values: Array, keep: float, start: float) -> Array:
    result = np.empty(len(values))
    for position, value in enumerate(values):
        start = keep * start + (1 - keep) * value
        result[position] = start
    return result


def smooth(values: Array, keep: float) -> Array:
    """Return the bias-corrected exponential average of a whole series, (n,) float64; NaN before the first number."""
    values = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(values)
    return _average(exponential(np.where(finite, values, 0.0), keep), exponential(finite.astype(np.float64), keep))


def _average(sums: Array, weights: Array) -> Array:
    """Return the filter's answer to the values divided by its answer to ones; NaN before the first number."""
    average: Array = np.divide(sums, weights, out=np.full(len(sums), np.nan), where=weights > 1e-300)
    return average


def reach(keep: float) -> int:
    """Return how many values back a value still counts in the filter: beyond them its share is lost in rounding."""
    return max(1, math.ceil(_ROUNDING / math.log(keep))) if keep > 0 else 1


def at_ends(rows: Array, keep: float, start: float) -> Array:
    """Return what ``exponential`` gives at the end of each row of one series that is laid out in rows.

    Args:
        rows: (n, size) finite values, one row after the other; of a long row only its end is read.
        keep, start: as in ``exponential``.
    """
    near = rows[:, -reach(keep) :]
    alone = near @ ((1 - keep) * keep ** np.arange(near.shape[1] - 1.0, -1.0, -1.0))
    # exponential() weighs its input by 1 - keep, which the sums of the rows already are.
    far = keep ** rows.shape[1]
    return exponential(alone / (1 - far), far, start)


class Curve:
    """A growing series of numbers, kept as extremes and a smoothed value per stretch of steps."""

    def __init__(self, keep: float = 0.0) -> None:
        self.keep = keep
        self.count = 0
        self.last = float("nan")
        self._size = 1
        self._low = np.full(BUCKETS, np.nan)
        self._high = np.full(BUCKETS, np.nan)
        self._smooth = np.full(BUCKETS, np.nan)
        self._state = self._weight = 0.0

    def follows(self, values: Array) -> bool:
        """Return whether ``values`` is what has been read so far and possibly more, not another series."""
        if len(values) < self.count:
            return False
        return self.count == 0 or bool(np.array_equal(values[self.count - 1], self.last, equal_nan=True))

    def extend(self, new: Array) -> None:
        """Read the values that come next, (n,)."""
        # A few buckets' worth at a time keeps the work arrays in the cache.
        for start in range(0, len(new), _PIECE):
            self._extend(np.asarray(new[start : start + _PIECE], dtype=np.float64))

    def _extend(self, new: Array) -> None:
        if not len(new):
            return
        while self.count + len(new) > BUCKETS * self._size:
            self._merge()
        self.last = float(new[-1])
        # The rest of the stretch that has begun, whole stretches, and the beginning of another one.
        head = min(-self.count % self._size, len(new))
        body = (len(new) - head) // self._size * self._size
        for part, size in ((new[:head], head), (new[head : head + body], self._size), (new[head + body :], 0)):
            if len(part):
                self._take(part.reshape(-1, size or len(part)))

    def _take(self, rows: Array) -> None:
        """Read what belongs to as many stretches as there are rows; only the first may have begun before."""
        first = self.count // self._size
        last = first + len(rows)
        finite = np.isfinite(rows)
        counted, shown = rows, rows
        if not finite.all():
            counted, shown = np.where(finite, rows, 0.0), np.where(finite, rows, np.nan)
        low, high = np.fmin.reduce(shown, axis=1), np.fmax.reduce(shown, axis=1)
        self._low[first:last] = np.fmin(self._low[first:last], low)
        self._high[first:last] = np.fmax(self._high[first:last], high)
        sums = at_ends(counted, self.keep, self._state)
        weights = at_ends(finite, self.keep, self._weight)
        self._state, self._weight = float(sums[-1]), float(weights[-1])
        self._smooth[first:last] = _average(sums, weights)
        self.count += rows.size

    def _merge(self) -> None:
        """Join neighbouring stretches: half as many, twice as long."""
        half = BUCKETS // 2
        for array, join in ((self._low, np.fmin), (self._high, np.fmax)):
            array[:half] = join(array[0::2], array[1::2])
            array[half:] = np.nan
        newest = np.minimum(np.arange(1, BUCKETS, 2), max(0, self._used() - 1))
        self._smooth[:half] = self._smooth[newest]
        self._smooth[half:] = np.nan
        self._size *= 2

    def _used(self) -> int:
        return -(-self.count // self._size)

    def _ends(self) -> Array:
        """Return, for each stretch, how many steps were done at its end."""
        return np.minimum(np.arange(1, self._used() + 1) * self._size, self.count)

    def extremes(self) -> tuple[Array, Array]:
        """Return steps and values to draw: the values themselves, or two per stretch, the smallest and the largest."""
        used = self._used()
        if self._size == 1:
            return self._ends().astype(np.float64), self._low[:used].copy()
        begins = np.arange(used) * self._size
        middle = (begins + self._ends() + 1) / 2
        values = np.column_stack([self._low[:used], self._high[:used]]).ravel()
        return np.repeat(middle, 2), values

    def smoothed(self) -> tuple[Array, Array]:
        """Return steps and the smoothed values at the ends of the stretches."""
        return self._ends().astype(np.float64), self._smooth[: self._used()].copy()

    def current(self) -> float:
        """Return the newest smoothed value; NaN when there is none."""
        used = self._used()
        return float(self._smooth[used - 1]) if used else float("nan")
