"""Reading zip archives from anywhere: damage is always the same error, and no size is believed before it is checked."""

from __future__ import annotations

import io
import lzma
import math
import os
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

import numpy as np

from nncore.types import Array, Shape

DAMAGE = (
    EOFError,
    IndexError,
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

LARGEST_DIRECTORY = 2**16  # bytes that the list of an archive's parts may take: some hundred parts
LARGEST_RATIO = 100  # numbers and text that were learned or written never shrink that much
UNSUSPICIOUS = 2**22  # bytes up to which a part may shrink as it likes

Heed: TypeAlias = Callable[[float], None]
"""Is told now and then which share of a file has been read, from 0 to 1; what it raises ends the reading."""

_PIECE = 2**20  # bytes that are read between two calls of it

_MAGIC = b"\x93NUMPY"
_LENGTHS = {b"\x01\x00": "<H", b"\x02\x00": "<I", b"\x03\x00": "<I"}  # version to the type of the header's length
# NumPy's own reader evaluates the header as Python, and every way in which that can fail escapes from it. What is
# written here has one form only, so it is only compared.
_HEADER = re.compile(
    rb"\s*\{\s*'descr'\s*:\s*(?:'([<>=|]?[bcfimuMOSUV]\d{0,9}(?:\[\w+\])?)'|(\[.*\]))\s*,"
    rb"\s*'fortran_order'\s*:\s*(False|True)\s*,"
    rb"\s*'shape'\s*:\s*\(((?:\s*\d{1,12}L?\s*,)*(?:\s*\d{1,12}L?)?\s*)\)\s*,?\s*\}\s*",
    re.DOTALL,
)


class DamagedError(ValueError):
    """An archive does not hold what it says."""


class _Cautious(io.BufferedReader):
    """A file that refuses to read more at once than ``longest`` bytes, and tells ``heed`` how much it has read."""

    longest = LARGEST_DIRECTORY
    heed: Heed | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self.longest:
            raise DamagedError("its list of parts is too long")
        if self.heed is None or size is None or size < 0:
            return super().read(size)
        whole, pieces = max(1, os.fstat(self.fileno()).st_size), []
        for start in range(0, size, _PIECE):
            pieces.append(super().read(min(_PIECE, size - start)))
            self.heed(min(1.0, self.tell() / whole))
        return b"".join(pieces)


@contextmanager
def open_archive(path: Path, heed: Heed | None = None) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive for reading, without believing how long its list of parts is.

    Args:
        path: of the file.
        heed: follows the reading of its parts, and may end it.

    Raises:
        DamagedError: the list is too long, or names a part outside the archive, as no program of ours writes it.
        OSError, zipfile.BadZipFile: as the standard library does; see ``DAMAGE``.
    """
    with _Cautious(io.FileIO(path)) as stream, zipfile.ZipFile(stream) as archive:
        stream.longest, stream.heed = sys.maxsize, heed
        for name in archive.namelist():
            if climbs_out(name):
                raise DamagedError(f'it has a part called "{name[:60]}", which would lie outside of it')
        yield archive


def climbs_out(name: str) -> bool:
    """Return whether a part's name leads out of the folder that an archive would be unpacked to."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or any(part.endswith(":") for part in path.parts[:1])


def check_part(part: zipfile.ZipInfo) -> None:
    """Raise ``DamagedError`` for a part that unpacks to far more than it takes up, or is packed in an unusual way."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DamagedError("it is packed in a way that project files are not")
    if part.file_size > UNSUSPICIOUS and part.file_size > LARGEST_RATIO * part.compress_size:
        raise DamagedError(f"its {part.compress_size:,} bytes would unpack to {part.file_size:,}")


@dataclass(frozen=True)
class ArrayHeader:
    """What the start of an ``.npy`` file says of its array.

    Attributes:
        dtype: type of the entries; None for records, which have several.
        by_column: whether the first axis counts fastest.
        shape: size of each axis.
        start: where in the file the entries begin.
    """

    dtype: np.dtype[np.generic] | None
    by_column: bool
    shape: Shape
    start: int


def read_header(data: bytes) -> ArrayHeader:
    """Return the header of an ``.npy`` file; raise ``DamagedError`` when it is none."""
    start = len(_MAGIC) + 2
    length_type = _LENGTHS.get(data[len(_MAGIC) : start])
    if not data.startswith(_MAGIC) or length_type is None or len(data) < start + struct.calcsize(length_type):
        raise DamagedError("not an array")
    (length,) = struct.unpack_from(length_type, data, start)
    start += struct.calcsize(length_type)
    match = _HEADER.fullmatch(data, start, start + length)
    if match is None:
        raise DamagedError("an array with a damaged header")
    shape = tuple(int(size.strip(b" \n\tL")) for size in match[4].split(b",") if size.strip())
    try:
        dtype = np.dtype(match[1].decode()) if match[1] else None
    except (TypeError, ValueError) as error:
        raise DamagedError("an array of an unknown type") from error
    return ArrayHeader(dtype, match[3] == b"True", shape, start + length)


def read_array(data: bytes, header: ArrayHeader) -> Array:
    """Return a copy of the array of an ``.npy`` file, in the byte order of this machine.

    Raises:
        DamagedError: the file does not hold as many bytes as its header says, or entries that are no plain values.
    """
    dtype = header.dtype
    if dtype is None or dtype.hasobject or math.prod(header.shape) * dtype.itemsize != len(data) - header.start:
        raise DamagedError("an array of another size than it says")
    flat = np.frombuffer(data, dtype, offset=header.start)
    return np.array(flat.reshape(header.shape, order="F" if header.by_column else "C"), dtype.newbyteorder("="))


def read_series(raw: bytes | bytearray, limit: int) -> dict[str, Array]:
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
            for entry in archive.infolist():
                check_part(entry)
            return {name.removesuffix(".npy"): _read_row(archive.read(name)) for name in archive.namelist()}
    except DAMAGE as error:
        raise DamagedError(str(error)) from error


def _read_row(data: bytes) -> Array:
    header = read_header(data)
    if header.dtype is None or header.dtype.kind != "f" or len(header.shape) != 1:
        raise DamagedError("not a row of floating point numbers")
    return read_array(data, header).astype(np.float64)
