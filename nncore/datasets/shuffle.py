"""One fixed order for every built-in data set.

Many collections are sorted by class, and a validation split takes the last samples: unshuffled, a network would be
checked on classes that it has never seen.
"""

from __future__ import annotations

import numpy as np

from nncore.types import Array

_SEED = 20


def generator() -> np.random.RandomState:
    """Return the source of random numbers for data: NumPy promises never to change this older generator's numbers."""
    return np.random.RandomState(_SEED)


def shuffled(x: Array, y: Array) -> tuple[Array, Array]:
    """Return x and y in a new order, the same in every program run on every machine."""
    order = generator().permutation(len(x))
    return x[order], y[order]


def frozen(array: Array) -> Array:
    """Return the array marked read-only: loaded data sets are kept and shared."""
    array.flags.writeable = False
    return array
