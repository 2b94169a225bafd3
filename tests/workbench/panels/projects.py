"""Small projects, one for each view: they learn something within seconds."""

from __future__ import annotations

from nncore.layers import GRU, LSTM, Activation, Dense, Embedding, Flatten, Reshape, TimeDistributed
from nncore.losses import Loss, MeanSquaredError, SparseCategoricalCrossentropy
from nncore.metrics import Accuracy, MeanAbsoluteError, Metric
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import DataSettings, Project, TrainingSettings


def _settings(loss: Loss, metric: Metric, epochs: int, rate: float, batch_size: int = 32) -> TrainingSettings:
    return TrainingSettings(loss, Adam(rate), metric, batch_size, epochs)


def forecast(epochs: int = 100, source: str = "airline-passengers", window: int = 12) -> Project:
    """A small LSTM forecasts a series."""
    network = Network((window, 1), (LSTM(16), Dense(1)))
    settings = _settings(MeanSquaredError(), MeanAbsoluteError(), epochs, 0.01, 16)
    return Project("forecast", network, DataSettings(source), settings)


def opinions(epochs: int = 6) -> Project:
    """Sentences are told apart."""
    network = Network((16,), (Embedding(1000, 16, mask_zero=True), LSTM(16), Dense(2, activation="softmax")))
    settings = _settings(SparseCategoricalCrossentropy(), Accuracy(), epochs, 0.01)
    return Project("opinions", network, DataSettings("reviews"), settings)


def stories(epochs: int = 10, units: int = 64) -> Project:
    """A text is continued, character by character."""
    layers = (Embedding(53, 16), LSTM(units, return_sequences=True), TimeDistributed(Dense(53)), Activation("softmax"))
    settings = _settings(SparseCategoricalCrossentropy(), Accuracy(), epochs, 0.01)
    return Project("stories", Network((40,), layers), DataSettings("stories"), settings)


def echo(epochs: int = 5) -> Project:
    """Each step has its class."""
    layers = (GRU(16, return_sequences=True), TimeDistributed(Dense(2)), Activation("softmax"))
    settings = _settings(SparseCategoricalCrossentropy(), Accuracy(), epochs, 0.02)
    return Project("echo", Network((20, 1), layers), DataSettings("echo"), settings)


def autoencoder(epochs: int = 6, code: int = 2) -> Project:
    """Digits are squeezed through a few numbers."""
    layers = (
        Flatten(),
        Dense(64, activation="relu"),
        Dense(code),
        Dense(64, activation="relu"),
        Dense(784, activation="sigmoid"),
        Reshape((28, 28)),
    )
    settings = _settings(MeanSquaredError(), MeanAbsoluteError(), epochs, 0.003, 64)
    return Project("autoencoder", Network((28, 28), layers), DataSettings("mnist-5k", task="reconstruction"), settings)


def table_autoencoder(epochs: int = 30) -> Project:
    """The columns of a table are squeezed through two numbers."""
    settings = _settings(MeanSquaredError(), MeanAbsoluteError(), epochs, 0.02)
    return Project(
        "iris-codes", Network((4,), (Dense(2), Dense(4))), DataSettings("iris", task="reconstruction"), settings
    )
