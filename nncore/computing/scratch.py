"""Memory for what is needed only until the next layer is at work.

The windows of a convolution take several times the room of its input. If each layer had memory of its own for them, a
deep network would leave the processor's cache, and every step of it would wait for the main memory. So all layers whose
turn comes one after the other write to the same memory, and one that needs its numbers again asks whether they are
still there.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from nncore.computing.memory import aligned_zeros
from nncore.types import Array, Shape

Inside = tuple[slice, slice]


class Scratch:
    """Arrays that one user after the other takes for a while.

    What is taken under different names may be used at the same time.
    """

    def __init__(self) -> None:
        self._memory: dict[str, Array] = {}
        self._users: dict[str, object] = {}
        self._frames: dict[tuple[object, ...], Array] = {}
        self._ones: dict[np.dtype[np.generic], Array] = {}

    def reserve(self, name: str, size: int, dtype: DTypeLike) -> None:
        """See to it that so many numbers will find room, so that nothing is allocated later."""
        needed = size * np.dtype(dtype).itemsize
        if name not in self._memory or needed > len(self._memory[name]):
            self._memory[name] = aligned_zeros(needed, np.uint8)
            self._users[name] = None

    def take(self, name: str, user: object, size: int, dtype: DTypeLike) -> Array:
        """Return a flat array of so many numbers, as its last user left them; it is lent until somebody takes it.

        Args:
            name: what was reserved.
            user: a token that tells later whether it is still the last one who took the memory.
            size: how many numbers, at most as many as were reserved.
            dtype: of the numbers.
        """
        self._users[name] = user
        return self._memory[name][: size * np.dtype(dtype).itemsize].view(dtype)

    def is_kept(self, name: str, user: object) -> bool:
        """Whether nobody has taken the memory since this user did."""
        return self._users[name] is user

    def frame(self, shape: Shape, inside: Inside, dtype: DTypeLike) -> Array:
        """Return pictures (rows, height, width, channels) of zeros of which all users write the inside only.

        Args:
            shape: of the pictures with their borders.
            inside: the places down and across that are written.
            dtype: of the numbers.
        """
        key = (*shape[1:], *((part.start, part.stop) for part in inside), np.dtype(dtype))
        known = self._frames.get(key)
        if known is None or len(known) < shape[0]:
            known = self._frames[key] = np.zeros(shape, dtype)
        return known[: shape[0]]

    def ones(self, size: int, dtype: DTypeLike) -> Array:
        """Return a flat array of so many ones, which all users only read."""
        kind = np.dtype(dtype)
        known = self._ones.get(kind)
        if known is None or len(known) < size:
            known = self._ones[kind] = aligned_zeros(size, kind)
            known.fill(1)
        return known[:size]
