"""Networks, data and settings that do not fit: the command line says so in a line, with the exit status 2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.callbacks import EarlyStopping, ReduceLROnPlateau
from nncore.layers import Conv2D, Dense, Embedding, Flatten, Layer
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.project import DataSettings, Project, TrainingSettings
from nncore.project_file import save_project
from nncore.schedules import StepDecay
from nncore.types import Array
from tests.nncore.mistakes import BY_NAME
from tests.workbench.cli_projects import rewritten
from tests.workbench.cli_runs import Capture, fail
from workbench.__main__ import main


@pytest.mark.parametrize("name", BY_NAME)
def test_that_a_network_that_does_not_fit_is_told_by_summary_and_train(
    name: str, capsys: Capture, tmp_path: Path
) -> None:
    mistake = BY_NAME[name]
    save_project(tmp_path / "mistake.nnw", mistake.project(), None)
    for command in ("summary", "train"):
        told = fail(capsys, command, tmp_path / "mistake.nnw")
        assert told.startswith(f"workbench: {mistake.sentence}")
        assert told.endswith(mistake.remedy)


def test_that_summary_marks_the_row(capsys: Capture, tmp_path: Path) -> None:
    mistake = BY_NAME["a kernel that is too large after pooling"]
    save_project(tmp_path / "mistake.nnw", mistake.project(), None)
    assert main(["summary", str(tmp_path / "mistake.nnw"), "--json"]) == 2
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["rows"]
    assert [row["problem"] is None for row in rows] == [True, True, False, True, True]
    assert rows[2]["problem"] == {"sentence": mistake.sentence, "remedy": mistake.remedy}


# --- Data -------------------------------------------------------------------------------------------------------

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 4)), np.arange(60) % 3
TOKENS = RNG.integers(0, 9, (60, 4))
CLASSIFIER = (Dense(3, "softmax"),)
READER = (Embedding(5, 3), Flatten(), Dense(3, "softmax"))
SPARSE: dict[str, Any] = {"loss": "sparse_categorical_crossentropy", "epochs": 2, "batch_size": 8}
NUMBERS: dict[str, Any] = {"loss": "mean_squared_error", "metric": "mae", "epochs": 2, "batch_size": 8}


def changed(array: Array, place: tuple[int, ...], value: float) -> Array:
    copy = np.array(array, np.float64)
    copy[place] = value
    return copy


def saved(
    folder: Path, layers: tuple[Layer, ...], x: Array, y: Array, *, scaling: str = "auto", **training: Any
) -> Path:
    """Write arrays and a project that learns from them."""
    np.savez(folder / "data.npz", x=x, y=y)
    data = DataSettings(source=str(folder / "data.npz"), scaling=scaling)
    project = Project("arrays", Network(x.shape[1:], layers), data, TrainingSettings(**training))
    save_project(folder / "project.nnw", project, None)
    return folder / "project.nnw"


@pytest.mark.parametrize(
    ("layers", "x", "y", "training", "words"),
    [
        (CLASSIFIER, changed(X, (8, 1), np.nan), Y, SPARSE, 'Sample 9 of "data.npz" has no number in column 2'),
        (CLASSIFIER, changed(X, (8, 1), np.inf), Y, SPARSE, "has an infinite number in column 2"),
        ((Dense(1),), X, changed(X[:, 0], (7,), np.nan), NUMBERS, 'Sample 8 of "data.npz" has no number'),
        ((Dense(1),), X * 1e35, X[:, 0], NUMBERS, "has too large a number in column 1"),
        (CLASSIFIER, X, Y, {**SPARSE, "batch_size": 61}, "batch size is 61, but there are only 54 training samples."),
        (CLASSIFIER, X, Y + 0.5, SPARSE, "needs classes, but the targets of these data are numbers."),
        ((Dense(3),), X, X[:, :2], NUMBERS, "The output has 3 numbers, but each target has 2 numbers."),
        (READER, TOKENS, Y, SPARSE, 'Set the scaling of the data to "none"'),
        (READER, X, Y, SPARSE, "Embedding reads whole numbers from 0 to 4, but sample 1 holds "),
        (CLASSIFIER, X, Y, {**SPARSE, "validation_split": 0.0, "early_stopping": EarlyStopping()}, "watches val_loss"),
        (CLASSIFIER, X, Y, {**SPARSE, "reduce_lr_on_plateau": ReduceLROnPlateau("val_auc")}, "watches val_auc"),
        ((Dense(1),), X, X[:, 0], {**NUMBERS, "class_weight": "balanced"}, "but the targets are numbers."),
        (
            (Dense(8), Dense(1)),
            X,
            X[:, 0],
            {**NUMBERS, "optimizer": SGD(100.0), "epochs": 50},
            "Try a smaller learning rate than 100, for example 0.01",
        ),
    ],
)
def test_that_data_and_settings_that_do_not_fit_are_told_before_the_training(
    layers: tuple[Layer, ...], x: Array, y: Array, training: dict[str, Any], words: str, capsys: Capture, tmp_path: Path
) -> None:
    assert words in fail(capsys, "train", saved(tmp_path, layers, x, y, **training))


def test_that_the_first_token_too_many_is_told_with_its_place(capsys: Capture, tmp_path: Path) -> None:
    tokens = TOKENS % 5
    tokens[7, 2] = 6
    told = fail(capsys, "train", saved(tmp_path, READER, tokens, Y, scaling="none", **SPARSE))
    assert "Embedding reads whole numbers from 0 to 4, but sample 8 holds 6 at position 3." in told
    assert told.endswith("Set input_dim to at least 7.")


def test_that_a_training_that_fails_says_in_which_layer_and_keeps_the_rest(capsys: Capture, tmp_path: Path) -> None:
    layers = (Dense(4, "exponential", kernel_initializer="ones"), Dense(1))
    told = fail(
        capsys,
        "train",
        saved(tmp_path, layers, np.abs(X) * 1e3, X[:, 0], scaling="none", **NUMBERS),
        "--output",
        tmp_path,
    )
    assert "at step 1, in epoch 1, first in the output of layer 1 (Dense), so training stopped" in told
    assert told.endswith("Check the scale of the data: numbers around 1 are learned best.")
    assert (tmp_path / "project.nnw").exists()


# --- Settings in a file -----------------------------------------------------------------------------------------


def of_layer(**values: Any) -> Callable[[Any], object]:
    return lambda data: data["network"]["layers"][0].update(values)


def of_schedule(**values: Any) -> Callable[[Any], object]:
    return lambda data: data["training"]["optimizer"]["schedule"].update(values)


def of_training(**values: Any) -> Callable[[Any], object]:
    return lambda data: data["training"].update(values)


@pytest.mark.parametrize("command", ["summary", "train"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (of_layer(strides=[2, 2], dilation_rate=[2, 2], padding="same"), "does not go together with strides of 2 × 2."),
        (of_layer(kernel_size=[0, 3]), "kernel_size must be one or two whole numbers"),
        (of_layer(bias_initializer="orthogonl"), 'Did you mean "orthogonal"?'),
        (of_schedule(decay_steps=0), "decay_steps must be a whole number from 1 to 1,000,000,000, but is 0."),
        (of_training(early_stopping={"type": "EarlyStopping", "patience": -1}), "patience must be a whole number"),
        (of_training(batch_size=0), "batch_size must be a whole number from 1"),
        (of_training(loss={"type": "categorical_crossentropy", "label_smoothing": 2}), "label_smoothing must be a"),
    ],
)
def test_that_a_setting_that_cannot_be_is_told(
    command: str, change: Callable[[Any], object], words: str, capsys: Capture, tmp_path: Path
) -> None:
    layers = (Conv2D(2, 3), Flatten(), Dense(3, "softmax"))
    optimizer = SGD(0.1, schedule=StepDecay(1.0, 100, 0.5))
    path = saved(tmp_path, layers, RNG.uniform(size=(60, 6, 6, 3)), Y, **SPARSE, optimizer=optimizer)
    assert words in fail(capsys, command, rewritten(path, change))
