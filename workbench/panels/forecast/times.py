"""Where an axis of time is labelled."""

from __future__ import annotations

from workbench.plotting.plot import ticks

_FACTORS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def time_ticks(first: int, last: int, period: int, most: int) -> list[float]:
    """Return at most ``most`` places from ``first`` to ``last``: where seasons begin, or parts of them.

    Args:
        first, last: the ends of the axis.
        period: steps of a season; 0 if there are no seasons, for round numbers.
        most: how many labels find room.
    """
    if not period:
        return ticks(first, last, most, whole=True)
    parts = [part for part in range(1, period) if period % part == 0]
    for step in (*parts, *(period * factor for factor in _FACTORS)):
        places = [float(place) for place in range(-(-first // step) * step, last + 1, step)]
        if len(places) <= most:
            return places
    return [float(first)]
