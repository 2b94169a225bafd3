"""The networks that are compared: those of the first lessons, from a handful of neurons to two convolutions."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from nncore.layers import GRU, LSTM, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from nncore.losses import Loss, MeanSquaredError, SparseCategoricalCrossentropy
from nncore.network import Network
from nncore.types import FLOAT32, Array, Shape

BATCHES = 16
"""How many different batches are learned in turn."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    network: Network
    loss: Loss
    batch: int = 32

    @property
    def classes(self) -> int:
        """Number of classes; 0 where the targets are numbers."""
        return self.network.shapes()[-1][-1] if self.loss.needs_classes else 0

    @functools.lru_cache(maxsize=4)  # noqa: B019 - there are ten rows, and they live as long as the process
    def samples(self, batches: int = BATCHES) -> tuple[Array, Array]:
        """Return inputs (samples, ...) and targets of this many batches: class numbers, or numbers (samples, 1)."""
        rng = np.random.default_rng(0)
        count = batches * self.batch
        x = rng.random((count, *self.network.input_shape), dtype=np.float32)
        if self.classes:
            return x, rng.integers(0, self.classes, count)
        return x, rng.standard_normal((count, *self.network.shapes()[-1])).astype(FLOAT32)


def _row(name: str, shape: Shape, *layers: Layer, batch: int = 32) -> Row:
    classes = layers[-1].output_activation() == "softmax"
    loss = (SparseCategoricalCrossentropy if classes else MeanSquaredError)()
    return Row(name, Network(shape, layers), loss, batch)


def _picture(name: str, units: int) -> Row:
    return _row(name, (28, 28, 1), _conv(32), _pool(), Flatten(), _dense(units), _classes(10))


def _recurrent(name: str, kind: type[LSTM | GRU], steps: int) -> Row:
    return _row(name, (steps, 8), kind(units=64, return_sequences=True), kind(units=64), Dense(units=1))


def _dense(units: int, activation: str = "relu") -> Dense:
    return Dense(units=units, activation=activation)


def _classes(count: int) -> Dense:
    return Dense(units=count, activation="softmax")


def _conv(filters: int) -> Conv2D:
    return Conv2D(filters=filters, kernel_size=(3, 3), activation="relu")


def _pool() -> MaxPooling2D:
    return MaxPooling2D(pool_size=(2, 2))


ROWS = {
    row.name: row
    for row in (
        _row("playground", (2,), _dense(8, "tanh"), _dense(8, "tanh"), _dense(1, "tanh"), batch=10),
        _row("mlp-regression", (10,), _dense(64), Dense(units=1), batch=100),
        _row("mlp-classifier", (100,), _dense(64), _dense(64), _classes(10)),
        _row("mnist-mlp", (784,), _dense(128), _classes(10)),
        _picture("cnn-small", 64),
        _picture("mnist-cnn", 128),
        _row("cnn-deep", (28, 28, 1), _conv(32), _pool(), _conv(64), _pool(), Flatten(), _dense(128), _classes(10)),
        _recurrent("lstm", LSTM, 20),
        _recurrent("lstm-100", LSTM, 100),
        _recurrent("gru", GRU, 20),
    )
}
