"""Every preset of the contract is there, fits its data, survives a file, and learns."""

from __future__ import annotations

import json

import pytest

from nncore.layers import LSTM, Conv2D, Dense, Flatten, MaxPooling2D
from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy
from nncore.metrics import MeanAbsoluteError
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import Project, load_preset, preset_names
from nncore.resources import asset
from nncore.trace import trace
from nncore.types import Shape
from tests.nncore.showcase.training import data_of, finish, ready

EPOCHS = {
    "xor": 5,
    "spiral": 80,
    "mlp-regression": 10,
    "mlp-classifier": 3,
    "mnist-mlp": 3,
    "cnn-small": 1,
    "mnist-cnn": 1,
    "lstm-forecast": 12,
    "gru-forecast": 4,
    "autoencoder": 2,
    "text-classifier": 5,
    "text-generator": 2,
}
"""Enough to see that the network learns."""

CLASSES = SparseCategoricalCrossentropy()


def convolutional(units: int) -> Network:
    """Return the lessons' convolutional network with so many units before the last layer."""
    return Network(
        (28, 28, 1),
        (
            Conv2D(32, (3, 3), activation="relu"),
            MaxPooling2D((2, 2)),
            Flatten(),
            Dense(units, activation="relu"),
            Dense(10, activation="softmax"),
        ),
    )


def perceptron(input_shape: Shape, *units: int) -> Network:
    """Return a network of Dense layers that tells ten classes."""
    hidden = (Dense(size, activation="relu") for size in units)
    return Network(input_shape, (Flatten(), *hidden, Dense(10, activation="softmax")))


PROMISED: dict[str, tuple[Network, dict[str, object]]] = {
    "mnist-mlp": (
        perceptron((28, 28), 128),
        {"loss": CLASSES, "optimizer": Adam(), "epochs": 10, "batch_size": 32, "validation_split": 0.1},
    ),
    "mnist-cnn": (convolutional(128), {"loss": CLASSES, "optimizer": Adam(), "epochs": 5, "batch_size": 32}),
    "cnn-small": (convolutional(64), {"loss": CLASSES, "optimizer": Adam(), "epochs": 10, "batch_size": 32}),
    "mlp-classifier": (perceptron((8, 8), 64, 64), {"loss": CLASSES, "optimizer": Adam()}),
    "lstm-forecast": (
        Network((12, 1), (LSTM(64, return_sequences=True), LSTM(64), Dense(1))),
        {"loss": MeanSquaredError(), "metric": MeanAbsoluteError()},
    ),
}
"""Networks of the reference lessons, and those of their settings that are promised."""


def test_that_there_are_the_twelve_presets_of_the_contract() -> None:
    assert preset_names() == list(EPOCHS)
    files = {file.name for file in asset("presets").iterdir()}
    assert files == {"index.json"} | {f"{name}.json" for name in EPOCHS}


@pytest.mark.parametrize("name", preset_names())
def test_that_a_preset_fits_its_data(name: str) -> None:
    project = load_preset(name)
    data = data_of(project)
    traced = trace(project.network, project.training.loss, data.target, data.data.input_shape)
    assert traced.problems == []
    assert project.name == name
    assert project.title
    assert project.description.endswith(".")


@pytest.mark.parametrize("name", preset_names())
def test_that_a_preset_comes_back_from_json_as_it_was(name: str) -> None:
    project = load_preset(name)
    written = json.dumps(project.to_json())
    again = Project.from_json(json.loads(written))
    assert again == project
    assert json.dumps(again.to_json()) == written


@pytest.mark.parametrize("name", PROMISED)
def test_that_the_networks_of_the_lessons_are_exactly_as_promised(name: str) -> None:
    project = load_preset(name)
    network, settings = PROMISED[name]
    assert project.network == network
    assert {field: getattr(project.training, field) for field in settings} == settings


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("mnist-mlp", 101_770), ("mnist-cnn", 693_962), ("cnn-small", 347_146), ("lstm-forecast", 49_985)],
)
def test_that_the_lessons_networks_have_as_many_parameters_as_in_keras(name: str, parameters: int) -> None:
    assert load_preset(name).network.count_params() == parameters


@pytest.mark.parametrize("name", preset_names())
def test_that_a_preset_learns(name: str) -> None:
    session = ready(load_preset(name), epochs=EPOCHS[name])
    parts = [part for part in (session.data.train, session.data.validation) if part is not None]
    before = [session.evaluate(part)["loss"] for part in parts]
    finish(session)
    for part, untrained in zip(parts, before, strict=True):
        assert session.evaluate(part)["loss"] < 0.8 * untrained
