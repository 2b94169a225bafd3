"""NumPy archives: arrays x and y, or x_train, y_train, x_test and y_test.

Nothing is ever unpickled. The header of each array is read first, and memory is taken only if its size is sensible
and the archive really holds as much.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from nncore.datasets.base import IMAGE, POINTS, TABLE, Data
from nncore.datasets.files import LARGEST_DEFLATE_RATIO, existing_file, within_limit
from nncore.datasets.prepare import check_finite
from nncore.datasets.schema import plain_names
from nncore.datasets.targets import class_numbers
from nncore.errors import DataError
from nncore.losses import Target
from nncore.storage.archives import DAMAGE, read_array, read_header
from nncore.types import Array

_INPUTS = ("x_train", "x", "features", "images", "data", "inputs", "x_test")
_TARGETS = ("y_train", "y", "labels", "targets", "target", "y_test")


def read_npz(path: Path) -> Data:
    """Return the arrays of an archive as data.

    Whole-number targets are classes, floating point targets are numbers; three- or four-dimensional inputs are
    images.

    Raises:
        DataError: no such file, damaged, too large, an array is missing or does not fit the others.
    """
    arrays = Archive(path)
    x_name, y_name = arrays.name(_INPUTS), arrays.name(_TARGETS)
    if x_name is None or y_name is None:
        raise arrays.missing("inputs, called x or x_train" if x_name is None else "targets, called y or y_train")
    x, y = _inputs(arrays, x_name), _targets(arrays, y_name)
    _check_pair(path, x_name, x, y_name, y)
    x_test: Array | None = None
    y_test: Array | None = None
    x_test_name, y_test_name = arrays.name(("x_test",)), arrays.name(("y_test",))
    if x_test_name and y_test_name and x_name != x_test_name:
        x_test, y_test = _inputs(arrays, x_test_name), _targets(arrays, y_test_name)
        _check_pair(path, x_test_name, x_test, y_test_name, y_test)
        if _form(x) != _form(x_test) or _form(y) != _form(y_test):
            raise DataError(
                f'The samples of the training and the test part of "{path.name}" have different shapes or types.',
                "Save both parts in the same form.",
            )
    return _data(path, x, y, x_test, y_test)


def read_npz_inputs(path: Path) -> Data:
    """Return the data of an archive, without answers when it has no targets."""
    arrays = Archive(path)
    x_name = arrays.name(_INPUTS)
    if x_name is None or arrays.name(_TARGETS) is not None:
        return read_npz(path)
    return _data(path, _inputs(arrays, x_name), np.empty(0), None, None)


class Archive:
    """The arrays of an ``.npz`` file, by name; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = existing_file(path)
        try:
            with zipfile.ZipFile(path) as archive:
                self._entries = {
                    entry.filename.removesuffix(".npy"): entry
                    for entry in archive.infolist()
                    if entry.filename.endswith(".npy")
                }
        except DAMAGE as error:
            raise self._damaged() from error

    def name(self, candidates: tuple[str, ...]) -> str | None:
        """Return the first of the candidates that the archive has, in its own spelling."""
        spelled = {name.lower(): name for name in reversed(self._entries)}
        return next((spelled[name] for name in candidates if name in spelled), None)

    def missing(self, what: str) -> DataError:
        """Return the error to raise when an array is missing."""
        names = ", ".join(self._entries) or "none"
        return DataError(
            f'"{self.path.name}" has no array with the {what}; its arrays are: {names}.',
            "Save it with numpy.savez(file, x=..., y=...).",
        )

    def read(self, name: str) -> Array:
        """Return an array of numbers or words."""
        entry = self._entries[name]
        what = f'The array "{name}" of "{self.path.name}"'
        within_limit(what, entry.file_size)
        if entry.file_size > self.path.stat().st_size * LARGEST_DEFLATE_RATIO:
            raise self._damaged()
        try:
            with zipfile.ZipFile(self.path) as archive:
                content = archive.read(entry)
            header = read_header(content)
        except DAMAGE as error:
            raise self._damaged() from error
        dtype = header.dtype
        if dtype is not None and dtype.hasobject:
            raise DataError(
                f"{what} holds Python objects, which are not loaded because they could run a program.",
                "Save it as an array of numbers, for example with x.astype(float).",
            )
        if dtype is None or dtype.kind not in "biufSU" or dtype.itemsize == 0:
            held = "records" if dtype is None else str(dtype)
            raise DataError(f"{what} holds {held}, which are not numbers.", "Save it as an array of numbers.")
        try:
            return read_array(content, header)
        except DAMAGE as error:
            raise self._damaged() from error

    def _damaged(self) -> DataError:
        return DataError(
            f'"{self.path.name}" is not a complete .npz file.', "Copy it again, or save it again with numpy.savez."
        )


def _inputs(arrays: Archive, name: str) -> Array:
    """Return (rows, features) float64, or images as uint8 or float64."""
    array = arrays.read(name)
    what = f'The array "{name}" of "{arrays.path.name}"'
    if array.dtype.kind in "SU":
        raise DataError(f"{what} holds words, but inputs must be numbers.", "Save it as an array of numbers.")
    if not 1 <= array.ndim <= 4 or 0 in array.shape:
        raise DataError(
            f"{what} has the shape {array.shape}.",
            "Inputs have the shape (samples, features), (samples, height, width) or (samples, height, width, 3).",
        )
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim > 2 and array.dtype.kind in "iu" and array.min() >= 0 and array.max() <= 255:
        return array.astype(np.uint8, copy=False)
    array = array.astype(np.float64)
    check_finite(array, arrays.path.name, name)
    return array


def _targets(arrays: Archive, name: str) -> Array:
    """Return (rows,) whole numbers or words, or (rows,) or (rows, outputs) float64."""
    array = arrays.read(name)
    if array.ndim > 1 and array.shape[1:] == (1,) * (array.ndim - 1):
        array = array.reshape(-1)
    if array.ndim not in (1, 2) or (array.ndim == 2 and array.dtype.kind in "SU"):
        raise DataError(
            f'The array "{name}" of "{arrays.path.name}" has the shape {array.shape}.',
            "Targets have the shape (samples,) or (samples, outputs).",
        )
    if array.ndim == 2 and array.dtype.kind in "biu" and array.shape[1] > 1 and _is_one_hot(array):
        return np.asarray(array.argmax(axis=1), dtype=np.int64)
    if array.ndim == 1 and array.dtype.kind in "SU":
        return np.char.decode(array, "latin-1") if array.dtype.kind == "S" else array
    if array.ndim == 1 and array.dtype.kind in "biu":
        return array.astype(np.int64)
    array = array.astype(np.float64)
    check_finite(array, arrays.path.name, name)
    return array


def _form(array: Array) -> tuple[object, ...]:
    """Shape and type of a sample; images of bytes and of floating point numbers differ, their ranges do too."""
    return array.shape[1:], array.dtype.kind


def _is_one_hot(array: Array) -> bool:
    return bool(((array == 0) | (array == 1)).all() and (array.sum(axis=1) == 1).all())


def _check_pair(path: Path, x_name: str, x: Array, y_name: str, y: Array) -> None:
    if len(x) != len(y):
        raise DataError(
            f'"{path.name}" has {len(x):,} samples in {x_name} but {len(y):,} in {y_name}.',
            "Save one target for each input.",
        )


def _pixel_max(x: Array) -> float:
    if x.dtype == np.uint8:
        return 255.0
    return 255.0 if x.min() >= 0 and 1 < x.max() <= 255 else 1.0


def _data(path: Path, x: Array, y: Array, x_test: Array | None, y_test: Array | None) -> Data:
    names: tuple[str, ...] = ()
    target = Target(shape=y.shape[1:])
    if y.dtype.kind != "f":
        numbers, names = class_numbers(y if y_test is None else np.concatenate([y, y_test]))
        y, y_test = numbers[: len(y)], None if y_test is None else numbers[len(y) :]
        target = Target(classes=len(names))
    is_image = x.ndim > 2
    kind = IMAGE if is_image else POINTS if x.shape[1] == 2 and names else TABLE
    return Data(
        name=path.name,
        kind=kind,
        x=x,
        y=y,
        target=target,
        class_names=names,
        feature_names=() if is_image else plain_names(x.shape[1]),
        target_name="class" if names else "target",
        x_test=x_test,
        y_test=y_test,
        source=str(path),
        pixel_max=_pixel_max(x) if is_image else 0.0,
    )
