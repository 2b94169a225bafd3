"""What the library that NumPy computes matrix products with, its BLAS, can do beyond them.

NumPy's wheels bring OpenBLAS. With another library, or where it is not found, everything is computed by NumPy alone.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nncore.types import Array

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it ships no types

_SMALL_KERNELS = frozenset({"SkylakeX", "Cooperlake", "SapphireRapids"})
"""Names that OpenBLAS has for processors with AVX-512."""

_NAMES = ("scipy_cblas_{}axpby64_", "cblas_{}axpby64_", "cblas_{}axpby")
"""How y <- a x + b y is called, in NumPy's wheels first: SciPy brings a library of its own with other names."""

_TYPES = {"f": ("s", ctypes.c_float), "d": ("d", ctypes.c_double)}
"""By NumPy's letter for a dtype: the letter that BLAS has for it, and C's type."""


@functools.cache
def _open_blas() -> ThreadpoolController:
    """Return OpenBLAS as it is loaded; empty without it."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas")


@functools.cache
def has_small_products() -> bool:
    """Return whether small matrix products are made without copying the matrices first.

    OpenBLAS brings the matrices into an order that suits the processor before it multiplies, which pays off for large
    ones only. Where the processor has AVX-512, it has a second way for small ones, without that.
    """
    return any(library.get("architecture") in _SMALL_KERNELS for library in _open_blas().info())


@functools.cache
def _axpby(kind: str) -> Callable[..., None] | None:
    """Return the function y <- a x + b y of (size, a, x, 1, b, y, 1), x and y being addresses; None without one."""
    if kind not in _TYPES:
        return None
    letter, number = _TYPES[kind]
    # A library whose sizes have 32 bits takes the lower half of what it is given.
    size, address = ctypes.c_int64, ctypes.c_void_p
    for name in _NAMES:
        for library in _open_blas().lib_controllers:
            function: Callable[..., None] | None = getattr(library.dynlib, name.format(letter), None)
            if function is not None:
                function.argtypes = [size, number, address, size, number, address, size]  # type: ignore[attr-defined]
                function.restype = None  # type: ignore[attr-defined]
                return function
    return None


class Axpby:
    """y <- a x + b y in one pass over memory, where NumPy takes two or three, for arrays that are known beforehand.

    The name is the library's: a x plus b y. Source: "Basic linear algebra subprograms technical forum standard" (2001).

    Args:
        arrays: flat and C-contiguous, all of the same dtype.

    Raises:
        NotImplementedError: the library has no such function.
    """

    def __init__(self, arrays: Sequence[Array]) -> None:
        function = _axpby(arrays[0].dtype.char)
        if function is None:
            raise NotImplementedError("this BLAS has no axpby")
        self._function = function
        self._arrays = list(arrays)  # as long as they live, no other array has their place or their number
        self._addresses = {id(array): array.ctypes.data for array in arrays}

    def __call__(self, a: float, x: Array, b: float, y: Array) -> None:
        self._function(y.size, a, self._addresses[id(x)], 1, b, self._addresses[id(y)], 1)
