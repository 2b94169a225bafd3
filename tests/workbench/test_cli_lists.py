"""``presets``, ``datasets``, ``layers`` and ``summary``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nncore.datasets import DATASETS
from nncore.layers import LAYERS, Dense, Flatten
from nncore.network import Network
from nncore.project import load_preset, preset_names
from nncore.project_file import save_project
from tests.workbench.cli_runs import Capture, as_json, succeed
from workbench.__main__ import main


def test_that_presets_lists_every_ready_project(capsys: Capture) -> None:
    listed = as_json(capsys, "presets")["presets"]
    assert [item["name"] for item in listed] == preset_names()
    assert next(item for item in listed if item["name"] == "mnist-mlp")["parameters"] == 101_770
    for name in preset_names():
        assert f"\n{name} " in succeed(capsys, "presets")


def test_that_datasets_tells_shape_classes_and_whether_it_needs_a_download(capsys: Capture) -> None:
    listed = {item["name"]: item for item in as_json(capsys, "datasets")["datasets"]}
    assert list(listed) == DATASETS.names()
    assert listed["digits"]["shape"] == [8, 8]
    assert listed["digits"]["classes"] == 10
    assert listed["digits"]["offline"] is True
    assert listed["mnist"]["offline"] is False
    assert listed["diabetes"]["classes"] == 0
    assert "8 × 8" in succeed(capsys, "datasets")


def test_that_the_layer_reference_says_everything_that_is_declared(capsys: Capture) -> None:
    listed = {item["name"]: item for item in as_json(capsys, "layers")["layers"]}
    assert list(listed) == LAYERS.names()
    units = next(field for field in listed["Dense"]["fields"] if field["name"] == "units")
    assert units["type"] == "integer"
    assert units["required"] is True
    assert units["bounds"] == {"ge": 1, "le": 1_000_000}
    assert units["help"]
    people = succeed(capsys, "layers")
    for layer in LAYERS:
        assert layer.help() in people
        assert all(field.rule.help in people for field in layer.fields() if not field.rule.hidden)


def test_that_summary_shows_shapes_parameters_and_costs(capsys: Capture) -> None:
    found = as_json(capsys, "summary", "mnist-mlp")
    assert [row["output_shape"] for row in found["rows"]] == [[784], [128], [10]]
    assert [row["parameters"] for row in found["rows"]] == [0, 100_480, 1_290]
    assert found["parameters"] == 101_770
    assert found["multiply_adds"] == 784 * 128 + 128 * 10
    assert found["problems"] == []
    assert "101,770" in succeed(capsys, "summary", "mnist-mlp")


@pytest.mark.parametrize(
    ("network", "row", "sentence"),
    [
        (Network((28, 28), (Flatten(), Dense(10_000), Dense(1_000_000))), 2, "10,001,000,000"),
        (Network((28, 28), (Flatten(), Dense(7, activation="softmax"))), None, "10 classes need 10"),
        (Network((8, 8), (Flatten(), Dense(10, activation="softmax"))), None, "28 × 28"),
    ],
)
def test_that_summary_of_a_network_with_a_problem_prints_table_and_sentence_and_exits_with_2(
    capsys: Capture, tmp_path: Path, network: Network, row: int | None, sentence: str
) -> None:
    path = tmp_path / "project.nnw"
    save_project(path, load_preset("mnist-mlp").replace(network=network), None)
    assert main(["summary", str(path)]) == 2
    captured = capsys.readouterr()
    assert "flatten" in captured.out
    assert sentence in captured.err
    assert main(["summary", str(path), "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert sentence in found["problems"][0]["sentence"]
    assert found["problems"][0]["remedy"]
    if row is not None:
        assert found["rows"][row]["problem"] == found["problems"][0]
        assert found["rows"][row]["output_shape"] is None
    else:
        assert all(item["problem"] is None for item in found["rows"])
