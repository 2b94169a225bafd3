"""NumPy archives: classes, numbers and images are recognised, and no damage gets past a sentence."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.datasets import Data, Schema, open_inputs, open_source
from nncore.errors import DataError
from nncore.types import Array

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(12, 3))
CLASSES = np.arange(12) % 3
IMAGES = RANDOM.integers(0, 256, (12, 4, 5)).astype(np.uint8)


def saved(tmp_path: Path, **arrays: Any) -> str:
    path = tmp_path / "data.npz"
    np.savez_compressed(path, **arrays)
    return str(path)


def opened(tmp_path: Path, **arrays: Any) -> Data:
    return open_source(saved(tmp_path, **arrays))


def test_that_whole_numbers_are_classes_and_decimals_are_numbers(tmp_path: Path) -> None:
    classes = opened(tmp_path, x=X, y=CLASSES)
    assert (classes.kind, classes.target.classes, classes.class_names) == ("table", 3, ("0", "1", "2"))
    numbers = opened(tmp_path, x=X, y=CLASSES.astype(np.float32))
    assert (numbers.target.classes, numbers.target.shape, numbers.y.dtype) == (0, (), np.float64)
    several = opened(tmp_path, x=X, y=X[:, :2])
    assert several.target.output_shape == (2,)


def test_that_two_columns_with_classes_are_points(tmp_path: Path) -> None:
    assert opened(tmp_path, x=X[:, :2], y=CLASSES).kind == "points"


@pytest.mark.parametrize(
    ("y", "names"),
    [
        (CLASSES[:, None], ("0", "1", "2")),
        (np.eye(3, dtype=np.uint8)[CLASSES], ("0", "1", "2")),
        (CLASSES == 1, ("0", "1")),
        (np.array(["cat", "dog", "eel"])[CLASSES], ("cat", "dog", "eel")),
        (np.array([b"cat", b"dog", b"eel"])[CLASSES], ("cat", "dog", "eel")),
        (np.array([-1, 1])[CLASSES % 2], ("-1", "1")),
        (np.where(CLASSES == 1, 3, CLASSES), ("0", "1", "2", "3")),
        (CLASSES.astype(">u2"), ("0", "1", "2")),
    ],
)
def test_that_classes_are_understood_in_every_usual_form(tmp_path: Path, y: Array, names: tuple[str, ...]) -> None:
    data = opened(tmp_path, x=X, y=y)
    assert data.class_names == names
    assert data.y.dtype == np.int64
    if y.dtype.kind == "U":
        assert [names[number] for number in data.y] == y.tolist()


@pytest.mark.parametrize(
    ("x", "pixel_max"),
    [
        (IMAGES, 255.0),
        (IMAGES[..., None], 255.0),
        (IMAGES.astype(np.int64), 255.0),
        (IMAGES.astype(np.float32), 255.0),
        (IMAGES / 255, 1.0),
        (IMAGES / 255 - 0.5, 1.0),
    ],
)
def test_that_images_are_recognised_with_their_range(tmp_path: Path, x: Array, pixel_max: float) -> None:
    data = opened(tmp_path, x=x, y=CLASSES)
    assert (data.kind, data.pixel_max) == ("image", pixel_max)
    np.testing.assert_allclose(data.x, x)


@pytest.mark.parametrize("names", [("x", "y"), ("x_train", "y_train"), ("features", "labels"), ("X", "Y")])
def test_that_the_usual_names_are_found(tmp_path: Path, names: tuple[str, str]) -> None:
    np.testing.assert_array_equal(opened(tmp_path, **dict(zip(names, (X, CLASSES), strict=True))).y, CLASSES)


def test_that_a_test_part_shares_the_numbers_of_the_classes(tmp_path: Path) -> None:
    words = np.array(["a", "b", "c"])[CLASSES]
    data = opened(tmp_path, x_train=X, y_train=words, x_test=X[:3], y_test=np.array(["c", "c", "b"]))
    assert data.y_test is not None
    assert data.y_test.tolist() == [2, 2, 1]


def test_that_arrays_saved_column_by_column_come_back(tmp_path: Path) -> None:
    np.testing.assert_array_equal(opened(tmp_path, x=np.asfortranarray(X), y=CLASSES).x, X)


def test_that_inputs_without_targets_can_be_predicted(tmp_path: Path) -> None:
    schema = Schema.of(opened(tmp_path, x=X, y=CLASSES))
    inputs = open_inputs(saved(tmp_path, x=X[:5]), schema)
    np.testing.assert_array_equal(inputs.x, X[:5])
    assert not inputs.has_targets


class Trap:
    """Unpickling it would make itself known."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("something was unpickled",))


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": X}, "no array with the targets.*its arrays are: x"),
        ({"a": X, "b": CLASSES}, "no array with the inputs.*its arrays are: a, b"),
        ({}, "its arrays are: none"),
        ({"x": X, "y": CLASSES[:-1]}, "12 samples in x but 11 in y"),
        ({"x": X, "y": np.array([Trap()] * 12)}, '"y" of "data.npz" holds Python objects'),
        ({"x": X.astype(complex), "y": CLASSES}, '"x" of "data.npz" holds complex128, which are not numbers'),
        ({"x": np.array([["a", "b"]] * 12), "y": CLASSES}, '"x" of "data.npz" holds words'),
        ({"x": np.where(X[4, 1] == X, np.nan, X), "y": CLASSES}, 'Sample 5 of "data.npz" has no number.*x nan'),
        ({"x": X, "y": np.where(CLASSES > 1, np.inf, 0.5)}, "Sample 3 .* infinite number.*y inf"),
        ({"x": X[:0], "y": CLASSES[:0]}, r"shape \(0, 3\)"),
        ({"x": np.zeros((12, 2, 2, 2, 2)), "y": CLASSES}, "has the shape"),
        ({"x": X, "y": np.zeros((12, 2, 2))}, '"y" of "data.npz" has the shape'),
        ({"x": np.float64(3), "y": CLASSES}, "has the shape"),
        ({"x": np.zeros((20_000, 1)), "y": 2 * np.arange(20_000)}, "20,000 different values"),
        ({"x_train": X, "y_train": CLASSES, "x_test": X[:, :2], "y_test": CLASSES}, "different shapes"),
        ({"x_train": X, "y_train": CLASSES, "x_test": X, "y_test": CLASSES + 0.5}, "different shapes or types"),
    ],
)
def test_that_unusable_arrays_get_a_sentence(tmp_path: Path, arrays: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words):
        opened(tmp_path, **arrays)


def test_that_nothing_is_unpickled_from_a_bare_pickle(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match=r"not a complete .npz file"):
        open_source(str(path))


def bomb(shape: tuple[int, ...], method: int = zipfile.ZIP_STORED, content: bytes = b"") -> bytes:
    """Return an archive whose array announces a shape without holding it."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": shape})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("x.npy", header.getvalue() + content)
        archive.writestr("y.npy", header.getvalue() + content)
    return file.getvalue()


@pytest.mark.parametrize("shape", [(10**12, 10**6), (10**9,), (3,), (-1, -4), (0, 10**18)])
def test_that_an_announced_size_is_checked_before_memory_is_taken(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(bomb(shape))
    with pytest.raises(DataError):
        open_source(str(path))


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), ",
        "{'descr': '<f7', 'fortran_order': False, 'shape': (3,), }",
        "{'descr': __import__('os'), 'fortran_order': False, 'shape': (3,), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }",
        "(" * 5000,
        "",
    ],
)
def test_that_a_damaged_header_of_an_array_gets_a_sentence(tmp_path: Path, header: str) -> None:
    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + bytes(24))
    with pytest.raises(DataError, match=r"not a complete .npz file"):
        open_source(str(path))


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 1), }          \n",
        "{'descr':'<f8','fortran_order':True,'shape':(4L,1L)}",
        " { 'descr' : '>f8' , 'fortran_order' : False , 'shape' : ( 4 , ) , } ",
    ],
)
def test_that_headers_of_every_version_and_program_are_read(tmp_path: Path, header: str, version: int) -> None:
    path = tmp_path / "data.npz"
    numbers = np.array([1.5, 2.0, 3.0, 4.0], ">f8" if ">f8" in header else "<f8").tobytes()
    start = b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header))
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("x.npy", "y.npy"):
            archive.writestr(name, start + header.encode() + numbers)
    data = open_source(str(path))
    np.testing.assert_array_equal(data.x, [[1.5], [2.0], [3.0], [4.0]])
    np.testing.assert_array_equal(data.y, [1.5, 2.0, 3.0, 4.0])


def test_that_records_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'"x" of "data\.npz" holds records, which are not numbers'):
        opened(tmp_path, x=np.zeros(12, dtype=[("a", "f8"), ("b", "i4")]), y=CLASSES)


def test_that_an_entry_which_claims_to_unpack_to_gigabytes_is_refused(tmp_path: Path) -> None:
    content = bytearray(bomb((3,), zipfile.ZIP_DEFLATED, bytes(24)))
    for place in (content.find(b"PK\x01\x02") + 24, content.find(b"PK\x03\x04") + 22):
        content[place : place + 4] = (0xFFFFFF00).to_bytes(4, "little")
    path = tmp_path / "data.npz"
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="at most 2 GB"):
        open_source(str(path))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_that_a_truncated_file_gets_a_sentence(tmp_path: Path, share: float) -> None:
    path = Path(saved(tmp_path, x=X, y=CLASSES))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match=r"not a complete .npz file"):
        open_source(str(path))


@given(
    compressed=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_that_no_damage_raises_anything_but_a_data_error(
    tmp_path: Path, compressed: bool, changes: list[tuple[int, int]]
) -> None:
    path = tmp_path / "data.npz"
    (np.savez_compressed if compressed else np.savez)(path, x=X, y=CLASSES)
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[place % len(content)] = value
    path.write_bytes(content)
    try:
        data = open_source(str(path))
    except DataError:
        return
    assert len(data.x) == len(data.y)
