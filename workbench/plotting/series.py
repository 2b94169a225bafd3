"""Curves of any length as a few points: smallest and largest values of equal stretches, and a smoothed line.

Invariant: each value is looked at once, when it arrives; what is kept never exceeds ``BUCKETS`` entries, so ten million
steps cost as little to draw as a thousand. No value that is the largest or smallest of its stretch gets lost. The
smoothed line runs through the middle of the values: it is a mean of as many steps before each place as after it, and at
the newest step, after which there is none, of few. Values that are not finite leave a gap and disturb nothing.
"""

from __future__ import annotations

import numpy as np

from nncore.types import Array

BUCKETS = 750
"""At most this many stretches, each drawn as two points."""

LONGEST = 101
"""Steps in a mean, at most."""

_PIECE = 1 << 17
_YOUNG = 10


def span_for(steps_per_epoch: float, planned: float) -> int:
    """Return how many steps the means of the smoothed line reach over, an odd number; 1 where nothing is smoothed.

    They reach over about a fifth of an epoch, or a fiftieth of the ``planned`` steps where epochs are short and many.
    One step per epoch, as in plain gradient descent, has no noise to be smoothed.
    """
    if steps_per_epoch <= 1:
        return 1
    return 2 * int(min(LONGEST, max(1.0, steps_per_epoch / 5, planned / 50)) / 2) + 1


def reach(steps: Array, span: int) -> Array:
    """Return how many steps to either side belong to the mean at each of these steps, counted from 1; (n,) whole.

    A tenth of the steps learned until then, at most: at its beginning the loss falls faster than ever again, and a mean
    over a fixed number of steps would lie beside it.
    """
    return np.minimum(span // 2, np.asarray(steps, dtype=np.int64) // _YOUNG)


def smooth(values: Array, span: int, steps: Array | None = None) -> Array:
    """Return the mean around each of these steps, (n,) float64; NaN where no number is near.

    Args:
        values: (count,) one for each step.
        span: see ``span_for``.
        steps: (n,) counted from 1; all of them where they are not given.
    """
    steps = np.arange(1, len(values) + 1) if steps is None else np.asarray(steps, dtype=np.int64)
    finite, counted = _numbers(np.asarray(values, dtype=np.float64))
    return _means(counted, finite, steps - 1, reach(steps, span))


def _numbers(values: Array) -> tuple[Array, Array]:
    """Return which values are finite, and the values with 0 in place of those that are not."""
    finite: Array = np.isfinite(values)
    return finite, values if finite.all() else np.where(finite, values, 0.0)


def _means(sums: Array, counts: Array, middles: Array, reach: Array) -> Array:
    """Return sums over counts of the entries from ``middle - reach`` to ``middle + reach``, (n,); NaN where none is.

    Each mean is summed for itself: differences of running sums would lose the digits of all that follows a huge value.
    """
    if not len(middles):
        return np.empty(0)
    begins, ends = np.maximum(middles - reach, 0), np.minimum(middles + reach + 1, len(sums))
    # reduceat() wants every end to be an entry, too.
    places = np.column_stack([begins, ends]).ravel()
    with np.errstate(over="ignore"):  # a mean that is not finite is a gap
        total, count = (np.add.reduceat(np.append(each, 0.0), places)[::2] for each in (sums, counts))
    means: Array = np.divide(total, count, out=np.full(len(middles), np.nan), where=count > 0)
    return means


class Curve:
    """A growing series of numbers, kept as extremes, sum and count per stretch of steps.

    Attributes:
        span: how many steps the smoothed line reaches over; see ``span_for``.
        count: how many values have been read.
        last: the newest of them.
        last_number: the newest that is finite; NaN where none is.
    """

    def __init__(self, span: int = 1) -> None:
        self.span = span
        self.count = 0
        self.last = self.last_number = float("nan")
        self._size = 1
        self._low = np.full(BUCKETS, np.nan)
        self._high = np.full(BUCKETS, np.nan)
        self._sums = np.zeros(BUCKETS)
        self._counts = np.zeros(BUCKETS)
        self._newest = np.empty(0)

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
        numbers = new[np.isfinite(new)]
        if len(numbers):
            self.last_number = float(numbers[-1])
        self._newest = np.append(self._newest, new[-LONGEST:])[-LONGEST:]
        # The rest of the stretch that has begun, whole stretches, and the beginning of another one.
        head = min(-self.count % self._size, len(new))
        body = (len(new) - head) // self._size * self._size
        for part, size in ((new[:head], head), (new[head : head + body], self._size), (new[head + body :], 0)):
            if len(part):
                self._take(part.reshape(-1, size or len(part)))

    def _take(self, rows: Array) -> None:
        """Read what belongs to as many stretches as there are rows; only the first may have begun before."""
        first = self.count // self._size
        stretches = slice(first, first + len(rows))
        finite, counted = _numbers(rows)
        shown = rows if counted is rows else np.where(finite, rows, np.nan)
        low, high = np.fmin.reduce(shown, axis=1), np.fmax.reduce(shown, axis=1)
        self._low[stretches] = np.fmin(self._low[stretches], low)
        self._high[stretches] = np.fmax(self._high[stretches], high)
        with np.errstate(over="ignore"):
            self._sums[stretches] += counted.sum(axis=1)
        self._counts[stretches] += np.count_nonzero(finite, axis=1)
        self.count += rows.size

    def _merge(self) -> None:
        """Join neighbouring stretches: half as many, twice as long."""
        half = BUCKETS // 2
        joins = ((self._low, np.fmin, np.nan), (self._high, np.fmax, np.nan))
        with np.errstate(over="ignore"):
            for array, join, nothing in (*joins, (self._sums, np.add, 0.0), (self._counts, np.add, 0.0)):
                array[:half] = join(array[0::2], array[1::2])
                array[half:] = nothing
        self._size *= 2

    def _middles(self) -> Array:
        """Return the step in the middle of each stretch, (used,); a fraction between two."""
        begins = np.arange(-(-self.count // self._size)) * self._size
        middles: Array = (begins + np.minimum(begins + self._size, self.count) + 1) / 2
        return middles

    def extremes(self) -> tuple[Array, Array]:
        """Return steps and values to draw: the values themselves, or two per stretch, the smallest and the largest."""
        middles = self._middles()
        if self._size == 1:
            return middles, self._low[: len(middles)].copy()
        values = np.column_stack([self._low, self._high])[: len(middles)].ravel()
        return np.repeat(middles, 2), values

    def smoothed(self) -> tuple[Array, Array]:
        """Return steps and the smoothed values there: in the middle of each stretch, and at the newest step."""
        middles = self._middles()
        if not len(middles):
            return middles, np.empty(0)
        steps, used = np.arange(len(middles)), slice(len(middles))
        stretches = np.maximum(0, ((2 * reach(middles, self.span) + 1) // self._size - 1) // 2)
        values = _means(self._sums[used], self._counts[used], steps, stretches)
        middles[-1], values[-1] = self.count, self.current()
        return middles, values

    @property
    def known(self) -> bool:
        """Whether there is any number among the values."""
        return bool(self._counts.any())

    def averaged(self) -> int:
        """Return how many steps the smoothed value at the newest step is the mean of."""
        return min(int(reach(np.array(self.count), self.span)) + 1, self.count)

    def current(self) -> float:
        """Return the smoothed value at the newest step; NaN when there is none."""
        newest = self._newest[-self.averaged() :] if self.count else self._newest
        newest = newest[np.isfinite(newest)]
        with np.errstate(over="ignore"):
            return float(newest.mean()) if len(newest) else float("nan")
