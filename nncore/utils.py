"""Small helpers with Keras's names."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import ArrayLike

from nncore.types import Array

_seeds: np.random.Generator | None = None


def set_random_seed(seed: int) -> None:
    """Make everything random that follows repeatable: this library's, NumPy's and Python's generators."""
    global _seeds
    _seeds = np.random.default_rng(seed)
    np.random.seed(seed)
    random.seed(seed)


def next_seed() -> int:
    """Return the seed for the next model or training."""
    global _seeds
    _seeds = _seeds or np.random.default_rng()
    return int(_seeds.integers(0, 2**31 - 1))


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> Array:
    """Return one-hot rows (..., num_classes) for class numbers (...,)."""
    labels = np.asarray(x, dtype=np.int64)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    classes = int(labels.max()) + 1 if num_classes is None else num_classes
    return np.eye(classes, dtype=np.float32)[labels]
