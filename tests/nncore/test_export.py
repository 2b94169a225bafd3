"""Exports: other programs find the weights under Keras's names, and nothing is called done that cannot be read back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nncore.errors import InputError
from nncore.export import EXPORTERS, Exporter, export
from nncore.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    TimeDistributed,
)
from nncore.network import Network
from nncore.plan import initial_parameters, layout, tensors
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array

FORMATS = EXPORTERS.names()
NETWORK = Network((3, 4), (Flatten(), Dense(5, "relu"), Dense(2, use_bias=False)))
SHAPES = {"layers.1.kernel": (12, 5), "layers.1.bias": (5,), "layers.2.kernel": (5, 2)}


@pytest.fixture
def snapshot() -> Snapshot:
    parameters = initial_parameters(NETWORK, 3)
    parameters[60:65] = [np.pi, -0.0, np.nan, np.inf, 1e-40]  # the biases: numbers that text formats lose
    return Snapshot.of(NETWORK, parameters, 7, 1.5)


def same(found: dict[str, Array], snapshot: Snapshot) -> None:
    assert {name: array.shape for name, array in found.items()} == SHAPES
    for name, array in tensors(NETWORK, snapshot.parameters).items():
        assert found[name].dtype == np.float32
        assert found[name].tobytes() == array.tobytes()


@pytest.mark.parametrize("name", FORMATS)
def test_that_an_export_reads_back_bit_by_bit(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    exporter = EXPORTERS.get(name)
    path = tmp_path / f"weights{exporter.suffix}"
    export(snapshot, name, path)
    same(exporter.read(path), snapshot)
    assert list(tmp_path.iterdir()) == [path]
    assert exporter.name == name
    assert exporter.label
    assert exporter.help.endswith(".")


def test_that_numpy_alone_reads_the_npz(snapshot: Snapshot, tmp_path: Path) -> None:
    export(snapshot, "npz", tmp_path / "weights.npz")
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as arrays:
        same(dict(arrays), snapshot)


def test_that_safetensors_alone_reads_the_weights_and_the_network(snapshot: Snapshot, tmp_path: Path) -> None:
    from safetensors import safe_open

    export(snapshot, "safetensors", tmp_path / "weights.safetensors")
    with safe_open(tmp_path / "weights.safetensors", "np") as file:
        same({name: file.get_tensor(name) for name in file.keys()}, snapshot)  # noqa: SIM118 - it is no dictionary
        described = json.loads(file.metadata()["network"])
    assert Network.from_json(described) == NETWORK


@pytest.mark.parametrize("name", FORMATS)
def test_that_the_exported_weights_predict_like_the_network(name: str, tmp_path: Path) -> None:
    snapshot = Snapshot.of(NETWORK, initial_parameters(NETWORK, 3), 0, 0.0)
    export(snapshot, name, tmp_path / "weights")
    found = EXPORTERS.get(name).read(tmp_path / "weights")
    x = np.random.default_rng(0).normal(size=(6, 3, 4)).astype(np.float32)
    hidden = np.maximum(x.reshape(6, 12) @ found["layers.1.kernel"] + found["layers.1.bias"], 0)
    expected = hidden @ found["layers.2.kernel"]
    np.testing.assert_allclose(Predictor.of(snapshot).predict(x), expected, rtol=1e-5, atol=1e-6)


SEQUENCES = Network(
    (6,),
    (
        Embedding(7, 4, mask_zero=True),
        Bidirectional(LSTM(3, return_sequences=True)),
        TimeDistributed(Dense(4)),
        BatchNormalization(),
        GRU(2),
        Dense(3, activation="softmax"),
    ),
)
NAMED = {
    0: {"embeddings"},
    1: {f"{way}_{kind}" for way in ("forward", "backward") for kind in ("kernel", "recurrent_kernel", "bias")},
    2: {"kernel", "bias"},
    3: {"gamma", "beta", "moving_mean", "moving_variance"},
    4: {"kernel", "recurrent_kernel", "bias"},
    5: {"kernel", "bias"},
}


@pytest.mark.parametrize("name", FORMATS)
def test_that_all_kinds_of_weights_are_exported_and_make_the_same_network_again(name: str, tmp_path: Path) -> None:
    parameters = np.random.default_rng(1).uniform(0.1, 1, SEQUENCES.count_params()).astype(np.float32)
    snapshot = Snapshot.of(SEQUENCES, parameters, 0, 0.0)
    export(snapshot, name, tmp_path / "weights")
    found = EXPORTERS.get(name).read(tmp_path / "weights")
    assert set(found) == {f"layers.{index}.{weight}" for index, weights in NAMED.items() for weight in weights}
    assert found["layers.1.backward_kernel"].shape == (4, 12)
    assert found["layers.3.moving_variance"].shape == (4,)
    copied = np.zeros_like(parameters)
    for slot in layout(SEQUENCES):
        slot.view(copied)[...] = found[slot.key]
    assert copied.tobytes() == parameters.tobytes()
    tokens = np.random.default_rng(2).integers(0, 7, (5, 6)).astype(np.float32)
    again = Predictor(SEQUENCES, copied).predict(tokens)
    assert again.tobytes() == Predictor.of(snapshot).predict(tokens).tobytes()


@pytest.mark.parametrize("name", FORMATS)
def test_that_an_old_export_is_replaced(name: str, snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    export(snapshot, name, path)
    same(EXPORTERS.get(name).read(path), snapshot)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("where", ["file/weights", "missing/weights"])
def test_that_a_folder_that_cannot_be_written_gets_a_sentence(
    name: str, where: str, snapshot: Snapshot, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be written") as caught:
        export(snapshot, name, tmp_path / where)
    assert str(tmp_path / where) in caught.value.sentence
    assert caught.value.remedy
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_that_a_folder_in_place_of_a_file_is_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        export(snapshot, "npz", tmp_path)


def test_that_an_unknown_format_is_answered_with_the_nearest(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'There is no export format called "safetensor"\. .*"safetensors"'):
        export(snapshot, "safetensor", tmp_path / "weights")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("defect", ["other number", "missing tensor", "other dtype"])
def test_that_an_export_that_reads_back_differently_is_not_called_done(
    defect: str, snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = EXPORTERS.get("npz")

    def read(path: Path) -> dict[str, Array]:
        found = right.read(path)
        if defect == "other number":
            found["layers.1.kernel"][0, 0] += 1e-6
        elif defect == "other dtype":
            found["layers.1.kernel"] = found["layers.1.kernel"].astype(np.float64)
        else:
            del found["layers.1.bias"]
        return found

    broken = Exporter("npz", right.label, right.suffix, right.help, right.write, read)
    monkeypatch.setitem(EXPORTERS._entries, "npz", broken)
    with pytest.raises(RuntimeError, match="than were written"):
        export(snapshot, "npz", tmp_path / "weights.npz")
