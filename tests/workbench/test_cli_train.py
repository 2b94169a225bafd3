"""``workbench train``: results, seeds, going on, stopping."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.optimizers import SGD
from nncore.project import load_preset
from nncore.project_file import load_project, save_project
from nncore.types import Array
from tests.workbench.cli_runs import Capture, as_json, environment, fail, finish, start, succeed
from workbench.__main__ import main


def weights(folder: Path) -> Array:
    checkpoint = load_project(str(folder / "project.nnw")).checkpoint
    assert checkpoint is not None
    return checkpoint.snapshot.parameters


def table_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "history.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_the_json_result_has_every_promised_number(capsys: Capture, tmp_path: Path) -> None:
    found = as_json(capsys, "train", "xor", "--epochs", 3, "--seed", 7, "--output", tmp_path / "out")
    assert list(found) == [
        *("epochs", "steps", "parameters", "train", "validation", "test", "seconds", "samples_per_second", "seed"),
        "baselines",
    ]
    assert (found["epochs"], found["steps"], found["parameters"], found["seed"]) == (3, 96, 33, 7)
    assert set(found["train"]) == set(found["validation"]) == {"loss", "accuracy"}
    assert found["test"] is None
    assert found["seconds"] > 0
    assert found["samples_per_second"] > 0
    rows = table_of(tmp_path / "out")
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert float(rows[-1]["loss"]) == found["train"]["loss"]
    assert float(rows[-1]["val_accuracy"]) == found["validation"]["accuracy"]


def test_that_people_get_a_table_and_are_told_where_the_result_is(capsys: Capture, tmp_path: Path) -> None:
    out = succeed(capsys, "train", "mlp-regression", "--epochs", 2, "--output", tmp_path)
    assert "validation" in out
    assert "2 epochs, 2 steps" in out


def test_that_options_reach_settings_and_project_file(capsys: Capture, tmp_path: Path) -> None:
    options = ["--epochs", 1, "--batch-size", "full", "--learning-rate", 0.5, "--seed", 3, "--data", "moons"]
    found = as_json(capsys, "train", "xor", *options, "--test", "moons", "--output", tmp_path)
    project = load_project(str(tmp_path / "project.nnw")).project
    assert found["steps"] == 1
    assert found["test"]["loss"] > 0
    assert (project.training.batch_size, project.training.seed) == ("full", 3)
    assert project.training.optimizer.learning_rate == 0.5
    assert (project.data.source, project.data.test_source) == ("moons", "moons")


def test_that_a_table_is_learned_with_the_chosen_target_and_found_again_from_another_folder(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    rows = [f"{'yes' if x * y > 0 else 'no'},{x:.4f},{y:.4f}" for x, y in rng.uniform(-1, 1, (80, 2))]
    (tmp_path / "signs.csv").write_text("\n".join(["same,x,y", *rows]), "utf-8")
    monkeypatch.chdir(tmp_path)
    options = ["--data", "signs.csv", "--target", "same", "--epochs", 2, "--output", "out"]
    found = as_json(capsys, "train", "xor", *options)
    monkeypatch.chdir(tmp_path.parent)
    again = as_json(capsys, "train", tmp_path / "out" / "project.nnw", "--epochs", 4)
    assert found["epochs"] == 2
    assert again["epochs"] == 4


def test_that_the_same_seed_gives_the_same_bits_and_another_seed_does_not(capsys: Capture, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        succeed(capsys, "train", "xor", "--epochs", 2, "--seed", seed, "--output", tmp_path / name)
    assert weights(tmp_path / "a").tobytes() == weights(tmp_path / "b").tobytes()
    assert weights(tmp_path / "a").tobytes() != weights(tmp_path / "c").tobytes()


def test_that_two_and_three_epochs_make_the_same_bits_as_five(capsys: Capture, tmp_path: Path) -> None:
    straight = as_json(capsys, "train", "xor", "--epochs", 5, "--output", tmp_path / "straight")
    succeed(capsys, "train", "xor", "--epochs", 2, "--output", tmp_path / "half")
    project = tmp_path / "half" / "project.nnw"
    joined = as_json(capsys, "train", project, "--epochs", 5, "--output", tmp_path / "joined")
    assert weights(tmp_path / "joined").tobytes() == weights(tmp_path / "straight").tobytes()
    for key in ("epochs", "steps", "train", "validation"):
        assert joined[key] == straight[key]
    assert table_of(tmp_path / "joined") == table_of(tmp_path / "straight")


def test_that_a_finished_training_goes_on_for_as_many_epochs_again(capsys: Capture, tmp_path: Path) -> None:
    succeed(capsys, "train", "xor", "--epochs", 2, "--output", tmp_path)
    assert as_json(capsys, "train", tmp_path / "project.nnw", "--output", tmp_path)["epochs"] == 4
    assert load_project(str(tmp_path / "project.nnw")).project.training.epochs == 2
    assert as_json(capsys, "train", tmp_path / "project.nnw", "--epochs", 3)["epochs"] == 7


def test_that_a_learning_rate_may_change_when_a_training_goes_on(capsys: Capture, tmp_path: Path) -> None:
    succeed(capsys, "train", "xor", "--epochs", 2, "--output", tmp_path)
    assert as_json(capsys, "train", tmp_path / "project.nnw", "--learning-rate", 0.001)["epochs"] == 4


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--seed", "5", "the seed"), ("--data", "moons", "the data")],
)
def test_that_a_changed_training_starts_anew_and_says_why(
    capsys: Capture, tmp_path: Path, option: str, value: str, word: str
) -> None:
    succeed(capsys, "train", "xor", "--epochs", 2, "--output", tmp_path)
    assert main(["train", str(tmp_path / "project.nnw"), option, value, "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["epochs"] == 2
    assert [line for line in captured.err.splitlines() if "starts anew" in line and word in line]


def test_that_a_loss_that_becomes_nan_stops_with_a_sentence_and_keeps_good_weights(
    capsys: Capture, tmp_path: Path
) -> None:
    project = load_preset("mlp-regression")
    project = project.replace(training=project.training.replace(optimizer=SGD(100), epochs=50))
    save_project(tmp_path / "wild.nnw", project, None)
    sentence = fail(capsys, "train", tmp_path / "wild.nnw", "--output", tmp_path / "out")
    assert "smaller learning rate than 100" in sentence
    assert np.isfinite(weights(tmp_path / "out")).all()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_an_interruption_keeps_what_was_learned_to_the_bit(
    capsys: Capture, tmp_path: Path, number: signal.Signals
) -> None:
    process = start("train", "xor", "--epochs", 1_000_000, "--output", "out", "--json", cwd=tmp_path)
    assert process.stderr is not None
    while not process.stderr.readline().startswith("Epoch 2/"):
        assert process.poll() is None
    process.send_signal(number)
    process.send_signal(number)
    status, out, err = finish(process)
    assert status == 130
    assert "Stopped after" in err
    assert "Traceback" not in err
    done = json.loads(out)["epochs"]
    assert len(table_of(tmp_path / "out")) == done >= 2
    more: list[Any] = ["--epochs", done + 2, "--output"]
    succeed(capsys, "train", tmp_path / "out" / "project.nnw", *more, tmp_path / "on")
    succeed(capsys, "train", "xor", *more, tmp_path / "straight")
    assert weights(tmp_path / "on").tobytes() == weights(tmp_path / "straight").tobytes()


def test_that_a_training_outlives_its_reader(tmp_path: Path) -> None:
    process = start("train", "xor", "--epochs", 200, "--output", "out", cwd=tmp_path)
    assert process.stderr is not None
    assert process.stdout is not None
    process.stderr.close()
    process.stdout.close()
    assert process.wait(timeout=120) == 0
    assert len(table_of(tmp_path / "out")) == 200


def test_that_a_terminal_gets_a_bar_and_the_result_stays_apart(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench", "train", "mlp-classifier", "--epochs", "20", "--json"],
        cwd=tmp_path,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal closes when the program ends
        while part := os.read(ours, 65_536):
            shown += part
    os.close(ours)
    out, _ = process.communicate(timeout=120)
    text = shown.decode()
    assert process.returncode == 0
    assert all(word in text for word in ("Epoch 1/20", "━", "loss", "left", "samples/s"))
    assert json.loads(out)["epochs"] == 20
