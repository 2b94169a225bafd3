"""The sums that optimizers are made of, in as few passes over memory as there can be.

An array of a large network does not fit the processor's nearest cache, so what an optimizer takes is the time to read
and write its arrays, once for each operation. NumPy multiplies in one pass and adds in another; BLAS does both at once.
Small arrays stay with NumPy, whose calls start faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import numpy as np

from nncore.computing.blas import Axpby
from nncore.types import Array

FUSED_FROM = 16_384
"""Elements of a chunk from which on one pass is worth BLAS's slower call: about 1 microsecond."""

Sum: TypeAlias = Callable[[Array, Array], None]
"""Changes its first argument by its second, which may be used up."""


class Sums:
    """Sums as NumPy computes them, in two passes.

    Args:
        dtype: of the arrays.
    """

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._rate = np.empty((), dtype)  # NumPy takes a number from an array sooner than from Python
        self._decays: dict[float, Sum] = {}

    def decay(self, keep: float) -> Sum:
        """Return y <- keep y + x; the same function for the same number ``keep``."""
        known = self._decays.get(keep)
        if known is None:
            known = self._decays[keep] = self._decay(keep)
        return known

    def _decay(self, keep: float) -> Sum:
        kept = np.array(keep, self._rate.dtype)

        def decay(y: Array, x: Array) -> None:
            np.multiply(y, kept, y)
            np.add(y, x, y)

        return decay

    def descent(self, rate: float) -> Sum:
        """Return y <- y - rate x, for the number ``rate`` until the next call."""
        self._rate.fill(rate)
        return self._descend

    def _descend(self, y: Array, x: Array) -> None:
        np.multiply(x, self._rate, x)
        np.subtract(y, x, y)


class FusedSums(Sums):
    """The same sums, each in one pass.

    Args:
        dtype: of the arrays.
        arrays: all that will be added to another, or changed.

    Raises:
        NotImplementedError: the BLAS that is there has no such pass.
    """

    def __init__(self, dtype: np.dtype[Any], arrays: Sequence[Array]) -> None:
        super().__init__(dtype)
        self._axpby = Axpby(arrays)

    def _decay(self, keep: float) -> Sum:
        axpby = self._axpby

        def decay(y: Array, x: Array) -> None:
            axpby(1.0, x, keep, y)

        return decay

    def descent(self, rate: float) -> Sum:
        axpby = self._axpby

        def descend(y: Array, x: Array) -> None:
            axpby(-rate, x, 1.0, y)

        return descend


def sums(dtype: np.dtype[Any], chunks: Sequence[Sequence[Array]]) -> Sums:
    """Return the sums of these arrays in the way that suits their size and the BLAS that is there."""
    arrays = [array for chunk in chunks for array in chunk]
    if max((array.size for array in arrays), default=0) >= FUSED_FROM:
        with suppress(NotImplementedError):
            return FusedSums(dtype, arrays)
    return Sums(dtype)
