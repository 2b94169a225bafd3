"""Numbers too small to matter count as 0 while a network learns.

Below 1.2e-38, the smallest normal number of 32 bits, processors compute ten to a hundred times slower. Gradients get
there when they vanish on their way through hundreds of time steps or layers, and every product with them is slow. The
processor can take such numbers as 0 instead, a mode that belongs to the thread; TensorFlow computes in it, too.
"""

from __future__ import annotations

import ctypes
import functools
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_MODES = {"x86_64": (7, 0x8040), "aarch64": (0, 1 << 24)}
"""By processor: which 32-bit word of the C library's ``fenv_t`` holds the mode, and its bits: results and operands."""


@functools.cache
def _library() -> ctypes.CDLL | None:
    """Return the C library's mathematics; None where it is not known how the mode is set."""
    if sys.platform != "linux" or platform.machine() not in _MODES:
        return None
    try:
        return ctypes.CDLL("libm.so.6")
    except OSError:  # another C library
        return None


@contextmanager
def as_zero() -> Iterator[None]:
    """Return a context in which this thread takes subnormal numbers as 0, where the system has a known way to it."""
    library = _library()
    if library is None:
        yield
        return
    before, inside = (ctypes.c_uint32 * 8)(), (ctypes.c_uint32 * 8)()
    library.fegetenv(before)
    library.fegetenv(inside)
    word, bits = _MODES[platform.machine()]
    inside[word] |= bits
    library.fesetenv(inside)
    try:
        yield
    finally:
        library.fesetenv(before)
