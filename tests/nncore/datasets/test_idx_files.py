"""IDX files: what is written comes back, and what is damaged is told in a sentence."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nncore.datasets import fashion_mnist, mnist, open_inputs, open_source, prepare
from nncore.datasets.idx import read_idx
from nncore.datasets.schema import Schema
from nncore.errors import DataError
from nncore.types import Array


def idx_bytes(array: Array) -> bytes:
    return struct.pack(f">{array.ndim + 1}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def write_part(folder: Path, part: str, images: Array, labels: Array, ending: str = "", mark: str = "-") -> None:
    for kind, array in (("images", images), ("labels", labels)):
        content = idx_bytes(array.astype(np.uint8))
        path = folder / f"{part}-{kind}{mark}idx{array.ndim}-ubyte{ending}"
        path.write_bytes(gzip.compress(content) if ending == ".gz" else content)


def some(rows: int, size: int = 28) -> tuple[Array, Array]:
    random = np.random.default_rng(rows)
    return random.integers(0, 256, (rows, size, size)).astype(np.uint8), np.arange(rows) % 10


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("mark", ["-", "."])
def test_that_a_folder_is_read_with_its_test_part(tmp_path: Path, ending: str, mark: str) -> None:
    (x, y), (x_test, y_test) = some(30), some(20)
    write_part(tmp_path, "train", x, y, ending, mark)
    write_part(tmp_path, "t10k", x_test, y_test, ending, mark)
    data = open_source(str(tmp_path))
    assert data.kind == "image"
    assert data.target.classes == 10
    assert data.class_names == tuple("0123456789")
    np.testing.assert_array_equal(data.x, x)
    np.testing.assert_array_equal(data.y, y)
    prepared = prepare(data, validation_split=0.1)
    assert (len(prepared.train), len(prepared.validation or ""), len(prepared.test or "")) == (27, 3, 20)
    np.testing.assert_allclose(prepared.train.x, x[:27] / 255, rtol=1e-6)
    np.testing.assert_array_equal(open_inputs(str(tmp_path), Schema.of(data)).x, x_test)


def test_that_a_folder_with_test_files_alone_serves_to_evaluate(tmp_path: Path) -> None:
    x, y = some(20)
    write_part(tmp_path, "t10k", x, y)
    inputs = open_inputs(str(tmp_path), Schema.of(open_source("mnist-5k")))
    np.testing.assert_array_equal(inputs.y, y)
    with pytest.raises(DataError, match='has no file "train-images-idx3-ubyte"'):
        open_source(str(tmp_path))


def test_that_a_missing_labels_file_is_named(tmp_path: Path) -> None:
    write_part(tmp_path, "train", *some(20))
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match='has no file "train-labels-idx1-ubyte"'):
        open_source(str(tmp_path))


def test_that_a_folder_without_idx_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no IDX files"):
        open_source(str(tmp_path))


def test_that_a_folder_of_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "one.png").write_bytes(b"picture")
    with pytest.raises(DataError, match="folder of pictures"):
        open_source(str(tmp_path))


def test_that_different_numbers_of_images_and_labels_are_told(tmp_path: Path) -> None:
    write_part(tmp_path, "train", some(20)[0], some(19)[1])
    with pytest.raises(DataError, match="20 train images but 19 train labels"):
        open_source(str(tmp_path))


IMAGES = idx_bytes(some(12, 5)[0])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (IMAGES[:9], "ends within its header"),
        (idx_bytes(some(12)[1].astype(np.uint8)) + bytes(20), "magic number 2049.*images begins with 2051"),
        (struct.pack(">4I", 0x0D03, 12, 5, 5) + bytes(300), "magic number 3331"),
        (b"%PDF-1.7 and much more", "magic number"),
        (IMAGES[:-1], "announces 12 × 5 × 5 bytes, but it holds less"),
        (IMAGES + b"0", "announces 12 × 5 × 5 bytes, but it holds more"),
        (struct.pack(">4I", 0x803, 0, 28, 28), "holds no images"),
        (struct.pack(">4I", 0x803, 2**31, 28, 28) + bytes(99), "at most 2 GB"),
        (struct.pack(">4I", 0x803, 2**32 - 1, 2**32 - 1, 2**32 - 1) + bytes(99), "at most 2 GB"),
        (struct.pack(">4I", 0x803, 2_000_000, 28, 28) + bytes(99), "holds less"),
        (gzip.compress(struct.pack(">4I", 0x803, 2_000_000, 28, 28) + bytes(99)), "holds less"),
        (gzip.compress(IMAGES)[:-12], "damaged or cut short"),
        (gzip.compress(IMAGES)[:-8] + bytes(4) + gzip.compress(IMAGES)[-4:], "damaged or cut short"),
        (gzip.compress(IMAGES[:-1]), "holds less"),
        (gzip.compress(IMAGES + b"0"), "holds more"),
    ],
)
def test_that_a_damaged_file_gets_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_idx(path, 3)


@given(
    array=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6)),
    compressed=st.booleans(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_that_every_array_of_bytes_comes_back(tmp_path: Path, array: Array, compressed: bool) -> None:
    path = tmp_path / "any"
    path.write_bytes(gzip.compress(idx_bytes(array)) if compressed else idx_bytes(array))
    np.testing.assert_array_equal(read_idx(path, 3), array)


# --- MNIST in full ----------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NNCORE_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def put(folder: Path, rows: int) -> None:
    folder.mkdir(parents=True)
    write_part(folder, "train", *some(rows), ending=".gz")
    write_part(folder, "t10k", *some(10))


def test_that_missing_mnist_names_the_folder_and_the_small_one(home: Path) -> None:
    with pytest.raises(DataError, match=re.escape(str(home / "cache" / "nncore" / "mnist"))) as caught:
        mnist.load_data()
    assert "mnist_5k" in str(caught.value)


def test_that_the_folder_of_the_variable_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNCORE_DATA", str(home / "stick"))
    with pytest.raises(DataError, match=re.escape(str(home / "stick" / "mnist"))):
        open_source("mnist")


def test_that_the_folder_of_the_variable_comes_before_the_cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home / "cache" / "nncore" / "mnist", 30)
    assert len(mnist.load_data()[0][0]) == 30
    put(home / "stick" / "mnist", 40)
    monkeypatch.setenv("NNCORE_DATA", str(home / "stick"))
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert (x_train.shape, y_train.shape, x_test.shape, y_test.shape) == ((40, 28, 28), (40,), (10, 28, 28), (10,))
    assert x_train.dtype == y_train.dtype == np.uint8
    x_train //= 2


def test_that_the_files_keep_their_order(home: Path) -> None:
    put(home / "cache" / "nncore" / "fashion-mnist", 30)
    data = open_source("fashion-mnist")
    np.testing.assert_array_equal(data.y, some(30)[1])
    assert data.class_names[9] == "Ankle boot"
    assert data.x_test is not None
    np.testing.assert_array_equal(fashion_mnist.load_data()[1][0], data.x_test)


def test_that_files_which_are_not_mnist_are_refused(home: Path) -> None:
    folder = home / "cache" / "nncore" / "mnist"
    folder.mkdir(parents=True)
    write_part(folder, "train", *some(20, size=8))
    write_part(folder, "t10k", *some(20, size=8))
    with pytest.raises(DataError, match="are not MNIST, which has 28 × 28 pixels"):
        mnist.load_data()
