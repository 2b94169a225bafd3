"""``evaluate``, ``predict`` and ``export`` of a trained project."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from nncore.datasets import DATASETS
from nncore.plan import tensors
from nncore.project_file import load_project, save_project
from tests.workbench.cli_runs import Capture, as_json, fail, succeed


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trained(capsys: Capture, folder: Path, preset: str, *options: object) -> Path:
    succeed(capsys, "train", preset, "--output", folder, *options)
    return folder / "project.nnw"


def test_that_evaluate_measures_what_the_training_measured(capsys: Capture, tmp_path: Path) -> None:
    found = as_json(capsys, "train", "xor", "--epochs", 3, "--test", "xor", "--output", tmp_path)
    measured = as_json(capsys, "evaluate", tmp_path / "project.nnw", "--data", "xor")
    assert measured["samples"] == 400
    assert {name: measured[name] for name in ("loss", "accuracy")} == found["test"]
    assert "accuracy" in succeed(capsys, "evaluate", tmp_path / "project.nnw", "--data", "xor")


def test_that_evaluate_reports_errors_of_numbers_in_the_unit_of_the_data(capsys: Capture, tmp_path: Path) -> None:
    project = trained(capsys, tmp_path, "mlp-regression", "--epochs", 30)
    assert 20 < as_json(capsys, "evaluate", project, "--data", "diabetes")["mae"] < 120


def test_that_predicted_classes_come_with_probabilities_and_the_truth(capsys: Capture, tmp_path: Path) -> None:
    project = trained(capsys, tmp_path, "mlp-classifier", "--epochs", 3)
    succeed(capsys, "predict", project, "--data", "digits", "--output", tmp_path / "digits.csv")
    rows = rows_of(tmp_path / "digits.csv")
    assert list(rows[0]) == ["class", "probability", *(f"p_{digit}" for digit in range(10)), "truth"]
    assert len(rows) == 1797
    for row in rows[:50]:
        shares = {name: float(row[f"p_{name}"]) for name in map(str, range(10))}
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert max(shares, key=lambda name: shares[name]) == row["class"]
        assert shares[row["class"]] == float(row["probability"])
    right = np.mean([row["class"] == row["truth"] for row in rows])
    assert right == pytest.approx(as_json(capsys, "evaluate", project, "--data", "digits")["accuracy"])


def test_that_a_single_output_gives_the_probabilities_of_both_classes(capsys: Capture, tmp_path: Path) -> None:
    project = trained(capsys, tmp_path, "xor", "--epochs", 3)
    succeed(capsys, "predict", project, "--data", "xor", "--output", tmp_path / "xor.csv")
    names = DATASETS.get("xor").load().class_names
    for row in rows_of(tmp_path / "xor.csv")[:20]:
        assert float(row[f"p_{names[0]}"]) + float(row[f"p_{names[1]}"]) == pytest.approx(1)
        assert float(row["probability"]) >= 0.5


def test_that_predicted_numbers_are_in_the_unit_of_the_data(capsys: Capture, tmp_path: Path) -> None:
    project = trained(capsys, tmp_path, "mlp-regression", "--epochs", 60)
    succeed(capsys, "predict", project, "--data", "diabetes", "--output", tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    predicted = np.array([float(row["prediction"]) for row in rows])
    truth = np.array([float(row["truth"]) for row in rows])
    assert truth.tolist() == DATASETS.get("diabetes").load().y.tolist()
    assert np.corrcoef(predicted, truth)[0, 1] > 0.5
    assert abs(predicted.mean() - truth.mean()) < 30


def test_that_a_table_without_the_target_column_is_predicted_without_truth(capsys: Capture, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (60, 2))
    lines = [f"{x:.4f},{y:.4f},{'in' if x > 0 else 'out'}" for x, y in points]
    (tmp_path / "learn.csv").write_text("\n".join(["x,y,where", *lines]), "utf-8")
    (tmp_path / "ask.csv").write_text("y,x\n0.1,0.9\n0.2,-0.9\n", "utf-8")
    project = trained(capsys, tmp_path, "xor", "--data", tmp_path / "learn.csv", "--epochs", 40)
    succeed(capsys, "predict", project, "--data", tmp_path / "ask.csv", "--output", tmp_path / "said.csv")
    rows = rows_of(tmp_path / "said.csv")
    assert [row["class"] for row in rows] == ["in", "out"]
    assert "truth" not in rows[0]
    assert '"where"' in fail(capsys, "evaluate", project, "--data", tmp_path / "ask.csv")


@pytest.mark.parametrize("name", ["npz", "safetensors"])
def test_that_an_exported_file_holds_the_weights_by_keras_names(capsys: Capture, tmp_path: Path, name: str) -> None:
    project = trained(capsys, tmp_path, "xor", "--epochs", 1)
    path = tmp_path / f"weights.{name}"
    succeed(capsys, "export", project, "--format", name, "--output", path)
    if name == "npz":
        with np.load(path) as archive:
            found = {key: archive[key] for key in archive.files}
    else:
        from safetensors.numpy import load_file

        found = load_file(path)
    checkpoint = load_project(str(project)).checkpoint
    assert checkpoint is not None
    wanted = tensors(checkpoint.snapshot.network, checkpoint.snapshot.parameters)
    assert set(found) == {"layers.0.kernel", "layers.0.bias", "layers.1.kernel", "layers.1.bias"}
    assert all(np.array_equal(found[key], wanted[key]) for key in wanted)


@pytest.mark.parametrize(
    "arguments",
    [
        ["evaluate", "xor", "--data", "xor"],
        ["predict", "xor", "--data", "xor", "--output", "x.csv"],
        ["export", "xor", "--format", "npz", "--output", "x.npz"],
    ],
)
def test_that_a_preset_without_weights_is_refused_with_what_to_do(capsys: Capture, arguments: list[str]) -> None:
    sentence = fail(capsys, *arguments)
    assert "has not been trained yet" in sentence
    assert "workbench train xor --output DIR" in sentence


def test_that_a_failing_prediction_leaves_an_older_file_alone(capsys: Capture, tmp_path: Path) -> None:
    project = trained(capsys, tmp_path, "xor", "--epochs", 1)
    old = tmp_path / "old.csv"
    old.write_text("precious", "utf-8")
    fail(capsys, "predict", project, "--data", "digits", "--output", old)
    assert old.read_text("utf-8") == "precious"
    fail(capsys, "predict", project, "--data", "xor", "--output", tmp_path / "missing" / "file.csv")
    fail(capsys, "export", project, "--format", "npz", "--output", tmp_path)


def test_that_weights_are_measured_with_the_loss_they_were_learned_with(capsys: Capture, tmp_path: Path) -> None:
    path = trained(capsys, tmp_path, "spiral", "--epochs", 2)
    before = as_json(capsys, "evaluate", path, "--data", "spirals")
    loaded = load_project(str(path))
    settings = loaded.project.training.replace(loss="mean_squared_error", metric="mae")
    save_project(path, loaded.project.replace(training=settings), loaded.checkpoint)
    assert as_json(capsys, "evaluate", path, "--data", "spirals") == before
