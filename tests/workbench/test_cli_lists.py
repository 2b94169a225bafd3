"""``presets``, ``datasets``, ``layers`` and ``summary``."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from nncore.datasets import DATASETS
from nncore.initializers import INITIALIZERS
from nncore.layers import (
    LAYERS,
    LSTM,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    Layer,
    SimpleRNN,
    Softmax,
)
from nncore.layers.base import FAMILIES
from nncore.network import Network
from nncore.project import DataSettings, load_preset, preset_names
from nncore.project_file import save_project
from nncore.regularizers import L2, REGULARIZERS
from tests.workbench.cli_projects import autoencoder, forecast, opinions, saved
from tests.workbench.cli_runs import Capture, as_json, succeed
from workbench.__main__ import main
from workbench.cli.reference import written


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


def test_that_datasets_tells_kinds_and_classes_at_each_step(capsys: Capture) -> None:
    listed = {item["name"]: item for item in as_json(capsys, "datasets")["datasets"]}
    assert (listed["echo"]["kind"], listed["echo"]["target_shape"]) == ("series", [20])
    assert (listed["stories"]["kind"], listed["stories"]["target_shape"]) == ("text", [40])
    assert listed["reviews"]["target_shape"] == []
    lines = {line.split()[0]: line for line in succeed(capsys, "datasets").splitlines()}
    for name, item in listed.items():
        assert f" {item['kind']} " in lines[name]
        assert (f"{item['classes']} per step" in lines[name]) == bool(item["target_shape"])


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


def fields_of(capsys: Capture, layer: str) -> dict[str, dict[str, Any]]:
    listed = {item["name"]: item for item in as_json(capsys, "layers")["layers"]}
    return {field["name"]: field for field in listed[layer]["fields"]}


def test_that_the_layer_reference_tells_families_kinds_and_what_is_advanced(capsys: Capture) -> None:
    reference = as_json(capsys, "layers")
    assert {item["name"]: item["family"] for item in reference["layers"]} == {
        layer.type_name: layer.family for layer in LAYERS
    }
    convolution = fields_of(capsys, "Conv2D")
    assert (convolution["strides"]["type"], convolution["strides"]["default"]) == ("pair", [1, 1])
    assert (convolution["dilation_rate"]["advanced"], convolution["strides"]["advanced"]) == (True, False)
    assert fields_of(capsys, "ZeroPadding2D")["padding"]["type"] == "pairs"
    assert fields_of(capsys, "RandomRotation")["factor"]["type"] == "range"
    assert fields_of(capsys, "Reshape")["target_shape"]["type"] == "shape"
    inner = fields_of(capsys, "Bidirectional")["layer"]
    assert (inner["type"], inner["choices"]) == ("spec", ["SimpleRNN", "LSTM", "GRU"])
    assert set(convolution["kernel_initializer"]["choices"]) == {item["name"] for item in reference["initializers"]}
    assert set(convolution["kernel_regularizer"]["choices"]) == {item["name"] for item in reference["regularizers"]}
    assert set(convolution["activation"]["choices"]) == {item["name"] for item in reference["activations"]}


def test_that_people_read_rules_and_defaults_as_words(capsys: Capture) -> None:
    people = succeed(capsys, "layers")
    headings = [line for line, below in pairwise(people.splitlines()) if below and set(below) == {"="}]
    assert headings[: len(FAMILIES)] == [f"{family.capitalize()} layers" for family in FAMILIES]
    blocks = {block.split(":")[0]: block.splitlines() for block in people.split("\n\n")}
    assert blocks.keys() >= {*LAYERS.names(), *INITIALIZERS.names(), *REGULARIZERS.names()}

    def line(layer: str, field: str) -> str:
        return next(text for text in blocks[layer] if text.split()[:1] == [field])

    assert "default (1, 1)" in line("Conv2D", "strides")
    assert "default ((1, 1), (1, 1))" in line("ZeroPadding2D", "padding")
    assert "an initializer; default glorot_uniform" in line("Dense", "kernel_initializer")
    assert "one of l2, l1, l1_l2 or empty; default empty" in line("Dense", "kernel_regularizer")
    assert "an activation other than softmax" in line("LSTM", "activation")
    assert "one of SimpleRNN, LSTM, GRU; required" in line("Bidirectional", "layer")
    assert "default true" in line("Dense", "use_bias")
    for layer in LAYERS:
        for field in layer.fields():
            if not field.rule.hidden:
                assert ("; advanced." in line(layer.type_name, field.name)) == field.rule.advanced


def test_that_values_are_written_as_people_write_them() -> None:
    assert written(L2(0.5).to_json()) == "l2(l2=0.5)"
    assert [written(value) for value in (None, False, 3, 0.001, "same")] == ["empty", "false", "3", "0.001", "same"]
    assert written([[1, 2], [3, 4]]) == "((1, 2), (3, 4))"


def test_that_summary_tells_which_parameters_no_gradient_changes(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, opinions())
    found = as_json(capsys, "summary", path)
    assert found["parameters"] - found["trainable_parameters"] == 2 * 8  # moving mean and variance
    assert [row["parameters"] - row["trainable_parameters"] for row in found["rows"]] == [0, 0, 16, 0]
    lines = [line.split() for line in succeed(capsys, "summary", path).splitlines()]
    assert [line for line in lines if line[:2] == ["not", "trainable"]] == [["not", "trainable", "16"]]
    assert ["trainable", f"{found['trainable_parameters']:,}"] in lines
    assert "trainable" not in succeed(capsys, "summary", "mnist-mlp")


def test_that_summary_tells_which_layers_are_disabled(capsys: Capture, tmp_path: Path) -> None:
    layers = (LSTM(3), Dense(7, disabled=True), GlobalAveragePooling1D(disabled=True), Dense(1))
    path = saved(tmp_path, forecast().replace(network=Network((12, 1), layers)))
    found = as_json(capsys, "summary", path)
    assert [row["disabled"] for row in found["rows"]] == [False, True, True, False]
    assert [row["output_shape"] for row in found["rows"]] == [[3], [3], [3], [1]]
    assert [row["parameters"] for row in found["rows"]][1:] == [0, 0, 4]
    lines = [line for line in succeed(capsys, "summary", path).splitlines() if "(disabled)" in line]
    assert [line.split() for line in lines] == [
        ["1", "dense", "Dense", "(disabled)", "3", "0", "0"],
        ["2", "global_average_pooling1d", "GlobalAveragePooling1D", "(disabled)", "3", "0", "0"],
    ]


def test_that_summary_names_layers_as_keras_does_and_stays_in_columns(capsys: Capture, tmp_path: Path) -> None:
    layers = (LSTM(3, return_sequences=True), SimpleRNN(2, return_sequences=True), GlobalAveragePooling1D(), Dense(1))
    path = saved(tmp_path, forecast().replace(network=Network((12, 1), layers)))
    assert [row["name"] for row in as_json(capsys, "summary", path)["rows"]] == [
        *("lstm", "simple_rnn", "global_average_pooling1d", "dense")
    ]
    rows = succeed(capsys, "summary", path).splitlines()[3:]
    assert len({len(row) for row in rows}) == 1


def test_that_summary_asks_a_reconstruction_for_the_form_of_its_input(capsys: Capture, tmp_path: Path) -> None:
    assert as_json(capsys, "summary", saved(tmp_path, autoencoder()))["problems"] == []
    short = autoencoder().replace(network=Network((8, 8), (Flatten(), Dense(10, activation="sigmoid"))))
    assert main(["summary", str(saved(tmp_path, short))]) == 2
    assert "each target has 8 × 8" in capsys.readouterr().err


def test_that_summary_heeds_the_task_of_a_table_of_ones_own(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,mark\n" + "1,2,3\n2,1,4\n3,3,5\n" * 9, "utf-8")
    project = forecast().replace(network=Network((2,), (Dense(1),)))
    for task, status in (("regression", 0), ("auto", 2)):
        data = DataSettings(source=str(tmp_path / "own.csv"), task=task)
        assert main(["summary", str(saved(tmp_path, project.replace(data=data)))]) == status
    assert "3 classes need 3" in capsys.readouterr().err


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


def test_that_summary_tells_what_is_hardly_meant_so_and_still_succeeds(capsys: Capture, tmp_path: Path) -> None:
    network = Network((8, 8), (Flatten(), Dense(10, "relu"), Softmax()))
    path = saved(tmp_path, load_preset("mlp-classifier").replace(network=network))
    found = as_json(capsys, "summary", path)
    assert found["problems"] == []
    assert [row["hint"] is not None for row in found["rows"]] == [False, True, False]
    assert found["hints"] == [found["rows"][1]["hint"]]
    assert found["hints"][0]["sentence"] == "relu throws away the negative scores that softmax compares."
    assert main(["summary", str(path)]) == 0
    assert "Warning, dense: relu throws away the negative scores" in capsys.readouterr().err


def test_that_summary_knows_the_range_of_numbers(capsys: Capture, tmp_path: Path) -> None:
    network = Network((10,), (Dense(8, "tanh"), Dense(1, "relu")))
    path = saved(tmp_path, load_preset("mlp-regression").replace(network=network))
    (hint,) = as_json(capsys, "summary", path)["hints"]
    assert "nothing below 0, but the targets, as they are learned, go down to -1.64" in hint["sentence"]


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ((Embedding(20, 4), Flatten(), Dense(2, "softmax")), "{words} entries, but Embedding has only 20."),
        ((Dense(2, "softmax"),), "stands for a word or a character, but Dense takes it for an amount."),
    ],
)
def test_that_summary_knows_the_vocabulary_of_texts(
    capsys: Capture, tmp_path: Path, layers: tuple[Layer, ...], sentence: str
) -> None:
    data = DATASETS.get("reviews").load()
    path = saved(tmp_path, opinions().replace(network=Network(data.input_shape, layers)))
    (hint,) = as_json(capsys, "summary", path)["hints"]
    assert sentence.format(words=len(data.vocabulary)) in hint["sentence"]
    assert hint["remedy"]
    assert main(["summary", str(path)]) == 0
    assert hint["sentence"] in capsys.readouterr().err
