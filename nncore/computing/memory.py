"""Arrays whose first number lies where the processor likes it.

Vector registers hold 64 bytes. Where an array begins on a multiple of that, NumPy's operations on numbers in the cache
take 10 to 50 % less time than where each register is filled from two lines of the cache. NumPy itself promises 16.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from nncore.types import Array

ALIGNMENT = 64


def aligned_zeros(size: int, dtype: DTypeLike) -> Array:
    """Return a flat array of so many zeros that begins on a multiple of 64 bytes."""
    kind = np.dtype(dtype)
    memory = np.zeros(size * kind.itemsize + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size * kind.itemsize].view(kind)


def aligned_copy(flat: Array, dtype: DTypeLike | None = None) -> Array:
    """Return a copy of a flat array that begins on a multiple of 64 bytes, in another dtype if one is given."""
    copy = aligned_zeros(flat.size, dtype or flat.dtype)
    copy[...] = flat
    return copy
