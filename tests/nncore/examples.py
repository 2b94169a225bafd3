"""Small networks, data and trainings for the tests of the engine, made by hand."""

from __future__ import annotations

import numpy as np

from nncore.datasets.base import POINTS, TABLE, Data, Samples, Scaling, TrainingData
from nncore.layers import Dense, Dropout, Layer
from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import TrainingSettings

CLASSES = 3


def class_data(rows: int = 50, validation: int = 13, *, features: int = 4, seed: int = 0) -> TrainingData:
    """Return points around one centre for each of three classes, with a part for validation."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, CLASSES, rows + validation)
    centres = np.random.default_rng(1).normal(0.0, 3.0, (CLASSES, features))
    x = (centres[y] + rng.normal(0.0, 0.7, (len(y), features))).astype(np.float32)
    data = Data("blobs", POINTS, x, y, Target(CLASSES), ("red", "green", "blue"), ("a", "b", "c", "d")[:features])
    return TrainingData(data, Samples(x[:rows], y[:rows]), _rest(x, y, rows), None, Scaling((1.5,), (2.0,)))


def number_data(rows: int = 40, validation: int = 10, *, scale: float = 50.0) -> TrainingData:
    """Return a line through noise whose target was standardised: one step of it is ``scale`` in the data."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows + validation, 2)).astype(np.float32)
    y = (x @ [1.0, -2.0] + rng.normal(0.0, 0.1, len(x))).astype(np.float32)
    data = Data("line", TABLE, x, y * scale, Target(0), feature_names=("a", "b"), target_name="price")
    return TrainingData(
        data, Samples(x[:rows], y[:rows]), _rest(x, y, rows), None, Scaling(target_shift=7.0, target_scale=scale)
    )


def _rest(x: np.ndarray, y: np.ndarray, rows: int) -> Samples | None:
    return Samples(x[rows:], y[rows:]) if rows < len(x) else None


def class_network(*between: Layer, features: int = 4) -> Network:
    """Return a classifier; a Dropout is in it unless other layers are given."""
    middle = between or (Dropout(0.3),)
    return Network((features,), (Dense(8, "tanh"), *middle, Dense(CLASSES, "softmax")))


def number_network() -> Network:
    """Return a network with one number as its output."""
    return Network((2,), (Dense(6, "relu"), Dense(1)))


def class_settings(**changes: object) -> TrainingSettings:
    """Return settings for ``class_data``: 50 samples make 7 steps, the last one short."""
    settings = TrainingSettings(
        loss=SparseCategoricalCrossentropy(), optimizer=Adam(0.01), batch_size=8, epochs=3, seed=5
    )
    return settings.replace(**changes)


def number_settings(**changes: object) -> TrainingSettings:
    """Return settings for ``number_data``."""
    settings = TrainingSettings(
        loss=MeanSquaredError(), optimizer=Adam(0.01), metric="mae", batch_size=8, epochs=3, seed=5
    )
    return settings.replace(**changes)
