"""What the panels ask of a snapshot: pure functions from a predictor and data to the values that panels show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.datasets.base import IMAGE, POINTS, Data, Samples, TrainingData
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array
from workbench.results import Grid, GridRequest, Predictions

MOST_SAMPLES = 1000
MOST_PAIRS = 2000

GALLERY, BOUNDARY, PAIRS = "gallery", "boundary", "pairs"


@dataclass(frozen=True, eq=False)
class Pairs:
    """Numbers and their predictions, in the unit of the data; ``validation`` marks those not learned from."""

    truth: Array
    prediction: Array
    validation: Array
    step: int


def view_kind(data: TrainingData) -> str:
    """Return which panel shows these data best."""
    if data.data.kind == POINTS:
        return BOUNDARY
    return GALLERY if data.target.classes else PAIRS


def shown_samples(data: TrainingData) -> tuple[Samples, Array, Array, str]:
    """Return the samples that the gallery shows, as inputs, as people know them, their truth, and which part they are.

    It is the validation part, or else the test part, or else the training part.
    """
    raw = data.data
    count = len(data.train)
    if data.validation is not None and len(data.validation):
        samples, x, y, part = data.validation, raw.x[count:], raw.y[count:], "validation"
    elif data.test is not None and raw.x_test is not None and raw.y_test is not None:
        samples, x, y, part = data.test, raw.x_test, raw.y_test, "test"
    else:
        samples, x, y, part = data.train, raw.x, raw.y, "training"
    most = min(MOST_SAMPLES, len(samples))
    return Samples(samples.x[:most], samples.y[:most]), x[:most], y[:most], part


def as_seen(x: Array, data: Data) -> Array:
    """Return pictures with pixels from 0 to 255, whatever their own largest value is; tables stay as they are."""
    if data.kind != IMAGE or data.pixel_max in (0, 255):
        return x
    return np.clip(x * (255 / data.pixel_max), 0, 255).astype(np.uint8)


def unpredicted(data: TrainingData) -> Predictions:
    """Return the gallery as it is before the first training."""
    _, x, y, _ = shown_samples(data)
    return Predictions(as_seen(x, data.data), y, None, data.data.class_names, data.data.feature_names, 0, 0.0)


def gallery(data: TrainingData) -> Callable[[Predictor, Snapshot], Predictions]:
    """Return the question for the gallery."""
    samples, x, y, _ = shown_samples(data)
    x = as_seen(x, data.data)
    names, features = data.data.class_names, data.data.feature_names

    def ask(predictor: Predictor, snapshot: Snapshot) -> Predictions:
        output = predictor.predict(samples.x)
        return Predictions(x, y, output, names, features, snapshot.step, snapshot.epoch)

    return ask


def boundary(data: TrainingData, request: GridRequest) -> Callable[[Predictor, Snapshot], Grid]:
    """Return the question for the decision boundary."""
    points = data.scaling.inputs(request.points())

    def ask(predictor: Predictor, snapshot: Snapshot) -> Grid:
        output = predictor.predict(points)
        values = output.reshape(request.height, request.width, -1)
        return Grid(values, request.x_range, request.y_range, snapshot.step, snapshot.epoch)

    return ask


def unpredicted_pairs(data: TrainingData) -> Pairs:
    """Return the truth as it is before the first training; the predictions are NaN."""
    truth, _, seen = _pair_parts(data)
    return Pairs(data.scaling.restore_targets(truth), np.full(len(truth), np.nan), seen, 0)


def _pair_parts(data: TrainingData) -> tuple[Array, Array, Array]:
    """Return scaled truth, inputs, and which are held out, for the last ``MOST_PAIRS`` samples."""
    parts = [data.train] + ([data.validation] if data.validation is not None else [])
    x = np.concatenate([part.x for part in parts])[-MOST_PAIRS:]
    y = np.concatenate([part.y.reshape(len(part), -1)[:, 0] for part in parts])[-MOST_PAIRS:]
    held_out = np.concatenate([np.full(len(part), index > 0) for index, part in enumerate(parts)])[-MOST_PAIRS:]
    return y, x, held_out


def pairs(data: TrainingData) -> Callable[[Predictor, Snapshot], Pairs]:
    """Return the question for prediction against truth."""
    y, x, seen = _pair_parts(data)

    def ask(predictor: Predictor, snapshot: Snapshot) -> Pairs:
        output = predictor.predict(x).reshape(len(x), -1)[:, 0]
        restore = data.scaling.restore_targets
        return Pairs(restore(y), restore(output), seen, snapshot.step)

    return ask
