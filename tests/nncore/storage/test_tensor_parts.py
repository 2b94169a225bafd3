"""Arrays in a project file: the format of the safetensors library, in both directions, and no trust in headers."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load, save

from nncore.fields import Json
from nncore.storage.archives import DamagedError
from nncore.storage.tensor_parts import PIECE, read_tensors, write_tensors
from nncore.types import Array
from tests.nncore.harness import QUICK

ARRAYS = st.dictionaries(
    st.text("abc.0é", min_size=1, max_size=8),
    st.sampled_from([np.float32, np.float64, np.float16]).flatmap(
        lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    ),
    max_size=4,
)


def part(named: dict[str, Array]) -> bytes:
    """Return what is written of arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        write_tensors(archive, "part", named)
    with zipfile.ZipFile(buffer) as archive:
        return archive.read("part")


def same(one: dict[str, Array], other: dict[str, Array]) -> None:
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert other[name].dtype == array.dtype
        np.testing.assert_array_equal(other[name], array, strict=True)


@QUICK
@given(named=ARRAYS)
def test_that_the_library_reads_what_is_written_and_what_it_writes_is_read(named: dict[str, Array]) -> None:
    same(named, read_tensors(part(named)))
    same(named, read_tensors(bytearray(save(named))))
    same(named, load(part(named)))


def test_that_arrays_larger_than_a_piece_and_views_are_written_whole() -> None:
    large = np.arange(PIECE, dtype=np.float32)
    named = {"large": large, "transposed": large[:60].reshape(6, 10).T, "each second": large[::2]}
    same(named, read_tensors(part(named)))


def test_that_what_is_read_is_no_copy() -> None:
    raw = bytearray(part({"x": np.zeros(5, np.float32)}))
    array = read_tensors(raw)["x"]
    raw[-4:] = np.float32(7).tobytes()
    assert array[-1] == 7


def raw(header: Json, body: bytes = b"\0" * 16) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def entry(**changes: Json) -> Json:
    return {"x": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16], **changes}}


def test_that_notes_in_the_header_are_passed_over() -> None:
    assert read_tensors(raw({"__metadata__": {"format": "pt"}, **entry()})).keys() == {"x"}


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\0" * 7, b"\xff" * 8, b"\xff" * 100, raw(b"[" * 100_000), raw(b"{"), raw(b"\xff")),
        *(raw([]), raw(5), raw({"x": 5}), raw({"x": {}}), raw(entry(dtype="BOOL")), raw(entry(dtype=[]))),
        *(raw(entry(shape=shape)) for shape in ([2, 3], [10**12], [-2, -2], [2.0, 2], [True, 4], 4, None, ["2", 2])),
        *(raw(entry(data_offsets=place)) for place in ([0], [0, 12], [8, 24], [16, 0], [-16, 0], [0, 16.0], 3, None)),
        raw(entry(shape=[0, 10**400], data_offsets=[10**400, 10**400])),
        raw(entry(shape=[1] * 100 + [4])),
    ],
)
def test_that_headers_are_not_believed(data: bytes) -> None:
    with pytest.raises(DamagedError):
        read_tensors(data)
