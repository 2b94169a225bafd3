"""Whether two samples come from the same distribution."""

from __future__ import annotations

import math

import numpy as np

from nncore.types import Array


def distance(first: Array, second: Array) -> float:
    """Return the largest difference of the two samples' cumulative shares: Kolmogorov and Smirnov's statistic."""
    first, second = np.sort(first), np.sort(second)
    values = np.concatenate([first, second])
    shares = [np.searchsorted(sample, values, side="right") / len(sample) for sample in (first, second)]
    return float(np.abs(shares[0] - shares[1]).max())


def assert_same_distribution(first: Array, second: Array, what: str) -> None:
    """Fail when the distance of two samples is larger than chance makes it once in a hundred million times."""
    first, second = first.astype(np.float64), second.astype(np.float64)
    allowed = math.sqrt(-math.log(1e-8 / 2) / 2 * (len(first) + len(second)) / (len(first) * len(second)))
    found = distance(first, second)
    assert found < allowed, f"{what}: the distributions differ by {found:.2g}, chance allows {allowed:.2g}"
