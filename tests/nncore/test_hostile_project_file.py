"""Files made to do harm: refused with a sentence before memory is taken, and nothing is written anywhere."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.errors import InputError
from nncore.project_file import load_file
from nncore.storage.archives import DamagedError, check_part, climbs_out
from nncore.storage.project_limits import DEEPEST, LONGEST_TEXT, MOST_LAYERS
from tests.nncore.project_files import content, described, packed, parts, refusal, write

HUGE = 10**12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file alone in its folder."""
    return tmp_path / "hostile.nnw"


def refused(path: Path) -> InputError:
    """Return the error that opening the file raises, after little memory was taken and nothing else was written."""
    tracemalloc.start()
    error = refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 2**20, f"{peak:,} bytes"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    return error


def stream(path: Path, name: str, block: bytes, count: int) -> Path:
    """Write the archive with ``count`` blocks in the place of a part, packed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in parts(content()).items():
            if other != name:
                archive.writestr(other, data)
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(count):
                part.write(block)
    return path


@pytest.mark.parametrize("name", ["project.json", "weights.safetensors", "training.safetensors", "history.npz"])
def test_that_a_part_that_would_fill_the_memory_is_refused(path: Path, name: str) -> None:
    error = refused(stream(path, name, bytes(2**20), 300))
    assert f"The part {name} of {path} would need 314,572,800 bytes; at most" in error.sentence


def test_that_a_part_that_lies_about_its_size_is_refused(path: Path) -> None:
    data = bytearray(stream(path, "project.json", bytes(2**20), 100).read_bytes())
    real, told = (100 * 2**20).to_bytes(4, "little"), (2**20).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(real, told))
    assert "project.json" in refused(path).sentence


def test_that_a_part_that_shrank_beyond_belief_is_refused() -> None:
    part = zipfile.ZipInfo("history.npz")
    part.compress_size, part.file_size = 10_000, 5_000_000
    with pytest.raises(DamagedError, match=r"10,000 bytes would unpack to 5,000,000"):
        check_part(part)
    part.compress_size = 60_000
    check_part(part)


def test_that_a_bomb_inside_the_history_is_refused(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("totals", "step.loss", "step.metric"):
            with archive.open(f"{name}.npy", "w") as part:
                for _ in range(100):
                    part.write(bytes(2**20))
    assert "history" in refused(write(path, history_npz=inner.getvalue())).sentence


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_that_other_ways_of_packing_are_refused(path: Path, method: int) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in parts(content()).items():
            archive.writestr(name, data)
    assert "packed in a way that project files are not" in refused(path).sentence


def test_that_a_list_of_a_hundred_thousand_parts_is_refused(path: Path) -> None:
    named = parts(content())
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in named.items():
            archive.writestr(name, data)
        for number in range(3_000):
            archive.writestr(f"part {number}", b"")
    assert "its list of parts is too long" in refused(path).sentence


# --- Out of the archive ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../outside", "x/../../outside", "/outside", "C:/outside", "..\\outside", ".."])
def test_that_a_part_that_climbs_out_is_refused(path: Path, name: str) -> None:
    path.write_bytes(packed({**parts(content()), name: b"harm"}))
    error = refused(path)
    assert f'it has a part called "{zipfile.ZipInfo(name).filename}"' in error.sentence
    assert "outside" in error.sentence


@pytest.mark.parametrize("name", ["project.json", "a/b", "a..b", "notes/..hidden", ""])
def test_that_other_names_stay_inside(path: Path, name: str) -> None:
    path.touch()
    assert not climbs_out(name)


# --- Numbers beyond belief ------------------------------------------------------------------------------------------


def test_that_weights_that_claim_a_trillion_numbers_are_refused(path: Path) -> None:
    weights = parts(content())["weights.safetensors"]
    length = int.from_bytes(weights[:8], "little")
    header = json.loads(weights[8 : 8 + length])
    header["layers.0.kernel"].update(shape=[HUGE], data_offsets=[0, 4 * HUGE])
    text = json.dumps(header).encode()
    assert "weights" in refused(write(path, weights_safetensors=len(text).to_bytes(8, "little") + text)).sentence


def test_that_a_header_that_claims_to_be_longer_than_the_file_is_refused(path: Path) -> None:
    assert "weights" in refused(write(path, weights_safetensors=HUGE.to_bytes(8, "little") + b"{}")).sentence


def test_that_a_history_that_claims_a_trillion_numbers_is_refused(path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (HUGE,)})
    named = {f"{name}.npy": header.getvalue() for name in ("totals", "step.loss", "step.metric")}
    assert "history" in refused(write(path, history_npz=packed(named))).sentence


CLAIMS: list[Callable[[Any], object]] = [
    lambda data: data["checkpoint"]["network"].update(input_shape=[HUGE]),
    lambda data: data["checkpoint"]["network"].update(input_shape=[10**6, 10**6]),
    lambda data: data["checkpoint"]["network"]["layers"][0].update(units=HUGE),
    lambda data: data["checkpoint"].update(classes=HUGE, class_names=["a"]),
    lambda data: data["checkpoint"].update(class_names=["a"] * 10**6),
]


@pytest.mark.parametrize("claim", CLAIMS)
def test_that_a_description_that_claims_a_trillion_numbers_is_refused(
    path: Path, claim: Callable[[Any], object]
) -> None:
    assert str(path) in refused(described(path, claim)).sentence


def test_that_a_count_of_steps_that_was_never_made_takes_no_memory(path: Path) -> None:
    described(path, lambda data: data["checkpoint"].update(step=2**53, epoch=2**53))
    tracemalloc.start()
    load_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


# --- Descriptions beyond belief -------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [DEEPEST, 900, 10_000, 1_000_000])
@pytest.mark.parametrize("ends", [("[", "]"), ('{"type":"TimeDistributed","layer":', "}")])
def test_that_a_description_nested_deeply_is_refused(path: Path, depth: int, ends: tuple[str, str]) -> None:
    nested = ends[0] * depth + "1" + ends[1] * depth
    text = json.dumps({**json.loads(parts(content())["project.json"]), "network": {"layers": ["HERE"]}})
    error = refused(write(path, project_json=text.replace('"HERE"', nested).encode()))
    assert f"nested more than {DEEPEST} levels deep" in error.sentence or "would need" in error.sentence


def test_that_more_layers_than_anybody_needs_are_refused(path: Path) -> None:
    flat = {"type": "Flatten"}
    error = refused(described(path, lambda data: data["network"].update(layers=[flat] * (MOST_LAYERS + 1))))
    assert f"has {MOST_LAYERS + 1:,} layers; at most {MOST_LAYERS:,} are read" in error.sentence


def test_that_a_text_that_no_label_could_show_is_refused(path: Path) -> None:
    error = refused(described(path, lambda data: data.update(name="a" * (LONGEST_TEXT + 1))))
    assert "has a text of 20,001 characters; at most 20,000 are read" in error.sentence
