"""Small projects for each kind of data and task, made in code so that they learn within a second, and their files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nncore.datasets import DATASETS
from nncore.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    Layer,
    Reshape,
    SimpleRNN,
)
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import DataSettings, Project, TrainingSettings
from nncore.project_file import save_project


def forecast(**training: object) -> Project:
    """The next month of the airline passengers."""
    return _project(
        "airline-passengers", (LSTM(4), Dense(1)), loss="mean_squared_error", **{"metric": "mae", **training}
    )


def echo(**training: object) -> Project:
    """One of two classes at each step, told by one number."""
    layers = (SimpleRNN(6, return_sequences=True), Dense(1, activation="sigmoid"))
    return _project("echo", layers, loss="binary_crossentropy", **training)


def writer(**training: object) -> Project:
    """The next character at each place."""
    size = DATASETS.get("stories").target.classes
    layers = (Embedding(size, 4), GRU(6, return_sequences=True), Dense(size, activation="softmax"))
    return _project("stories", layers, loss="sparse_categorical_crossentropy", **training)


def opinions(**training: object) -> Project:
    """A class for each sentence; with weights that no gradient changes."""
    words = len(DATASETS.get("reviews").load().vocabulary)
    last = Dense(2, activation="softmax")
    layers = (Embedding(words, 4, mask_zero=True), Bidirectional(LSTM(4)), BatchNormalization(), last)
    return _project("reviews", layers, loss="sparse_categorical_crossentropy", **training)


def autoencoder(**training: object) -> Project:
    """Pictures that are to be given back."""
    layers = (Flatten(), Dense(8, activation="relu"), Dense(64, activation="sigmoid"), Reshape((8, 8)))
    return _project("digits", layers, "reconstruction", loss="binary_crossentropy", metric="mae", **training)


def flower_code(**training: object) -> Project:
    """Rows of a table that are to be given back."""
    layers = (Dense(2, activation="tanh"), Dense(4))
    return _project("iris", layers, "reconstruction", loss="mean_squared_error", metric="mae", **training)


def saved(folder: Path, project: Project) -> Path:
    """Write the project without weights and return where it is."""
    path = folder / f"{project.name}.nnw"
    save_project(path, project, None)
    return path


def _project(source: str, layers: tuple[Layer, ...], task: str = "auto", **training: object) -> Project:
    settings = {"optimizer": Adam(0.01), "epochs": 2, **training}
    network = Network(DATASETS.get(source).input_shape, layers)
    return Project(source, network, DataSettings(source=source, task=task), TrainingSettings(**settings))


def rewritten(path: Path, change: Callable[[Any], object]) -> Path:
    """Change the description in a project file."""
    with zipfile.ZipFile(path) as archive:
        data = json.loads(archive.read("project.json"))
    change(data)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.json", json.dumps(data))
    return path
