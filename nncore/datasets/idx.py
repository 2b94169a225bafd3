"""IDX files, the format of MNIST: a magic number, the sizes, and then bytes; raw or compressed with gzip.

The sizes in the header are compared with the length of the file before memory is taken for them.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from nncore.datasets.base import IMAGE, Data
from nncore.datasets.files import LARGEST_DEFLATE_RATIO, existing_file, unreadable, within_limit
from nncore.datasets.targets import class_numbers
from nncore.errors import DataError
from nncore.losses import Target
from nncore.types import Array

TRAIN, TEST = "train", "t10k"
_MAGIC = {3: ("images", 0x803), 1: ("labels", 0x801)}
_GZIP_START = b"\x1f\x8b"


def read_idx(path: Path, axes: int) -> Array:
    """Return the uint8 array of an IDX file.

    Args:
        path: the file; whether it is compressed is told by its content, because its name may have changed.
        axes: 3 for images (rows, height, width), 1 for labels (rows,).

    Raises:
        DataError: no such file, not an IDX file of this kind, cut short, too long, or too large.
    """
    existing_file(path)
    try:
        with path.open("rb") as file:
            compressed = file.read(2) == _GZIP_START
        length = path.stat().st_size
        with gzip.open(path, "rb") if compressed else path.open("rb") as stream:
            shape = _header(path, stream.read(4 + 4 * axes), axes)
            size = math.prod(shape)
            within_limit(f'"{path.name}"', size)
            if size > (length * LARGEST_DEFLATE_RATIO if compressed else length):
                raise _wrong_length(path, shape, "less")
            # One byte more than announced tells whether the file goes on.
            content = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
            raise DataError(
                f'The compressed file "{path.name}" is damaged or cut short.', "Copy or download it again."
            ) from error
        raise unreadable(path, error) from error
    if len(content) != size:
        raise _wrong_length(path, shape, "less" if len(content) < size else "more")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _header(path: Path, head: bytes, axes: int) -> tuple[int, ...]:
    kind, magic = _MAGIC[axes]
    if len(head) < 4 + 4 * axes:
        raise DataError(f'"{path.name}" ends within its header.', "Copy or download it again.")
    found, *shape = struct.unpack(f">{axes + 1}I", head)
    if found != magic:
        raise DataError(
            f'"{path.name}" begins with the magic number {found}, but an IDX file of {kind} begins with {magic}.',
            "Check whether images and labels are swapped, or whether this is another kind of file.",
        )
    if 0 in shape:
        raise DataError(f'"{path.name}" holds no {kind}.', "Choose another file.")
    return tuple(shape)


def _wrong_length(path: Path, shape: tuple[int, ...], word: str) -> DataError:
    announced = " × ".join(f"{size:,}" for size in shape)
    return DataError(f'"{path.name}" announces {announced} bytes, but it holds {word}.', "Copy or download it again.")


def find_file(folder: Path, part: str, kind: str) -> Path | None:
    """Return the IDX file of a part (``"train"``, ``"t10k"``) and kind (``"images"``, ``"labels"``), or None."""
    axes = 3 if kind == "images" else 1
    for mark in ("-", "."):
        for ending in ("", ".gz"):
            path = folder / f"{part}-{kind}{mark}idx{axes}-ubyte{ending}"
            if path.is_file():
                return path
    return None


def has_idx_files(folder: Path) -> bool:
    """Tell whether any of the four files is there."""
    return any(find_file(folder, part, kind) for part in (TRAIN, TEST) for kind in ("images", "labels"))


def read_part(folder: Path, part: str) -> tuple[Array, Array]:
    """Return images (rows, height, width) and labels (rows,) of one part; raise ``DataError`` if a file is missing."""
    found = {kind: find_file(folder, part, kind) for kind in ("images", "labels")}
    for kind, path in found.items():
        if path is None:
            name = f"{part}-{kind}-idx{3 if kind == 'images' else 1}-ubyte"
            raise DataError(f'The folder "{folder}" has no file "{name}" or "{name}.gz".', "Add the file.")
    images, labels = (read_idx(path, 3 if kind == "images" else 1) for kind, path in found.items() if path)
    if len(images) != len(labels):
        raise DataError(
            f'The folder "{folder}" has {len(images):,} {part} images but {len(labels):,} {part} labels.',
            "Each image needs its label; copy both files again.",
        )
    return images, labels


def read_folder(folder: Path) -> Data:
    """Return the images of a folder; its ``t10k`` files, if it has any, are the test part."""
    x, labels = read_part(folder, TRAIN)
    has_test = any(find_file(folder, TEST, kind) for kind in ("images", "labels"))
    x_test, test_labels = read_part(folder, TEST) if has_test else (None, labels[:0])
    y, names = class_numbers(np.concatenate([labels, test_labels]))
    return _data(folder, x, y[: len(x)], names, x_test, y[len(x) :] if has_test else None)


def read_test_folder(folder: Path) -> Data:
    """Return the ``t10k`` images of a folder, or the ``train`` images where there are no others."""
    has_test = any(find_file(folder, TEST, kind) for kind in ("images", "labels"))
    x, labels = read_part(folder, TEST if has_test else TRAIN)
    y, names = class_numbers(labels)
    return _data(folder, x, y, names, None, None)


def _data(folder: Path, x: Array, y: Array, names: tuple[str, ...], x_test: Array | None, y_test: Array | None) -> Data:
    return Data(
        name=folder.name,
        kind=IMAGE,
        x=x,
        y=y,
        target=Target(classes=len(names)),
        class_names=names,
        target_name="class",
        x_test=x_test,
        y_test=y_test,
        source=str(folder),
        pixel_max=255.0,
    )
