"""When two results are the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

TOLERANCE = {np.dtype(np.float64): 1e-9, np.dtype(np.float32): 1e-5}
SMALLEST = 0.1
"""Differences are relative to the largest magnitude of the reference. Inputs and weights are of magnitude 1, so where
a reference is smaller than this, as a gradient that is zero but for rounding, this takes its place."""


def assert_same(ours: ArrayLike, theirs: ArrayLike, dtype: DTypeLike, what: str) -> None:
    """Fail when the arrays differ by more than ``dtype`` allows."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, f"{what}: shape {ours.shape} instead of {theirs.shape}"
    assert np.isfinite(theirs).all(), f"{what}: the reference is not finite"
    if not ours.size:
        return
    scale = max(float(np.abs(theirs).max()), SMALLEST)
    # NaN is larger than any tolerance.
    error = float(np.abs(np.nan_to_num(ours.astype(np.float64), nan=np.inf) - theirs).max()) / scale
    tolerance = TOLERANCE[np.dtype(dtype)]
    assert error < tolerance, f"{what}: off by {error:.2g}, allowed are {tolerance:g}"
