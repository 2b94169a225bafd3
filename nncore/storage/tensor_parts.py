"""Arrays with names as a part of a project file, in the safetensors format: the length of a header as eight bytes, the
header in JSON, which says type, shape and place of each array, and then their bytes, the lowest of a number first.

The library of that name reads and writes the same in one go, which takes two more copies of all weights and stops every
other thread of the program meanwhile; what lies here does it in small pieces.

Invariant: an array that is read takes no memory beyond the part that it lies in, whatever the header says.
"""

from __future__ import annotations

import json
import math
import struct
import time
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.fields import Json
from nncore.storage.archives import DamagedError
from nncore.types import Array

PIECE = 2**20  # bytes that are read or written at once
_LENGTH = struct.Struct("<Q")
_LETTERS = {"f": "F", "i": "I", "u": "U"}
_TYPES = {f"{letter}{8 * size}": np.dtype(f"<{kind}{size}") for kind, letter in _LETTERS.items() for size in (2, 4, 8)}


def write_tensors(archive: zipfile.ZipFile, part: str, named: Mapping[str, Array]) -> None:
    """Write floating point arrays as a part of an archive."""
    header, end = {}, 0
    for name, array in named.items():
        begin, end = end, end + array.nbytes
        kind = f"F{8 * array.itemsize}"
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    info = zipfile.ZipInfo(part, time.localtime()[:6])
    info.external_attr = 0o600 << 16
    info.file_size = 8 + len(text) + end
    with archive.open(info, "w") as stream:
        stream.write(_LENGTH.pack(len(text)) + text)
        for array in named.values():
            raw = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1).view(np.uint8)
            for start in range(0, len(raw), PIECE):
                stream.write(raw[start : start + PIECE].data)


def read_tensors(raw: bytes | bytearray) -> dict[str, Array]:
    """Return the arrays of a part, as views of it.

    Raises:
        DamagedError: it is no such part, or has an array that does not lie in it.
    """
    try:
        (length,) = _LENGTH.unpack_from(raw)
        start = _LENGTH.size + length
        header = json.loads(raw[_LENGTH.size : start])
        return {name: _array(raw, start, entry) for name, entry in header.items() if name != "__metadata__"}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise DamagedError("its arrays are not where its header says") from error
    except struct.error as error:
        raise DamagedError("it has no header") from error


def _array(raw: bytes | bytearray, start: int, entry: Json) -> Array:
    dtype: np.dtype[Any] = _TYPES[entry["dtype"]]
    begin, end = entry["data_offsets"]
    shape = tuple(entry["shape"])
    whole = all(type(number) is int and number >= 0 for number in (begin, end, *shape))
    if not whole or math.prod(shape) * dtype.itemsize != end - begin or start + end > len(raw):
        raise ValueError("an array of another size than its place")
    array = np.frombuffer(raw, dtype, math.prod(shape), start + begin).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)
