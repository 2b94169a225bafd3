"""Small networks, data and trainings for the tests of the engine, made by hand."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np

from nncore.datasets.base import POINTS, TABLE, Data, Samples, Scaling, TrainingData
from nncore.events import Event, StepDone, Stop
from nncore.layers import Dense, Dropout, Layer
from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.snapshot import Checkpoint

CLASSES = 3
STEPS = 7  # of one epoch of class_data in batches of 8


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


def session(**changes: object) -> Session:
    """Return a session of the classifier with Dropout."""
    return Session(class_network(), class_settings(**changes), class_data())


def finish(trained: Session) -> list[Event]:
    """Run to the end and return all events."""
    return list(trained.run())


def same_course(one: Session, other: Session) -> None:
    """Assert that two trainings have the same weights, memory and course, bit by bit."""
    np.testing.assert_array_equal(one.parameters, other.parameters)
    for name, slot in one.optimizer_state.slots.items():
        np.testing.assert_array_equal(slot, other.optimizer_state.slots[name])
    a, b = one.history.arrays(), other.history.arrays()
    assert list(a) == list(b)
    for name in set(a) - {"totals"}:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
    assert one.history.samples == other.history.samples


def run_until(trained: Session, step: int) -> Checkpoint:
    """Stop after ``step`` steps and return the checkpoint that was asked for then."""
    future: Future[Checkpoint] | None = None
    for event in trained.run():
        if isinstance(event, StepDone) and event.step == step:
            future = trained.request_checkpoint()
            trained.request(Stop())
    assert future is not None
    return future.result(0)
