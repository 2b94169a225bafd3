"""Reading zip archives from anywhere: damage is always the same error, and no size is believed before it is checked."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

import numpy as np

from nncore.types import Array

DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the standard library raises, from its different depths, for an archive with wrong bytes in it."""

_MAGIC = b"\x93NUMPY\x01\x00"
# NumPy's own reader evaluates the header as Python; what is written here has one form only, so it is only compared.
_HEADER = re.compile(rb"\{'descr': '([<>]f[48])', 'fortran_order': (?:False|True), 'shape': \((\d{1,12}),\), \} *\n")


class DamagedError(ValueError):
    """An archive does not hold what it says."""


def read_series(raw: bytes, limit: int) -> dict[str, Array]:
    """Return the arrays of an ``.npz`` archive that holds rows of floating point numbers, one axis each.

    Args:
        raw: the archive.
        limit: refuse an archive whose arrays would take more bytes than this.

    Raises:
        DamagedError: it is no such archive, or it is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > limit:
                raise DamagedError(f"the arrays would need more than {limit:,} bytes")
            return {name.removesuffix(".npy"): _read_array(archive.read(name)) for name in archive.namelist()}
    except DAMAGE as error:
        raise DamagedError(str(error)) from error


def _read_array(data: bytes) -> Array:
    """Return a copy of the one-dimensional array of an ``.npy`` file in the form in which NumPy writes it."""
    if data[: len(_MAGIC)] != _MAGIC:
        raise DamagedError("not an array")
    (length,) = struct.unpack_from("<H", data, len(_MAGIC))
    start = len(_MAGIC) + 2
    match = _HEADER.fullmatch(data, start, start + length)
    if match is None:
        raise DamagedError("not a row of floating point numbers")
    dtype, count = np.dtype(match[1].decode()), int(match[2])
    if count * dtype.itemsize != len(data) - start - length:
        raise DamagedError("an array of another size than it says")
    return np.frombuffer(data, dtype, count, start + length).astype(np.float64)
