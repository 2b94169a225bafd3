"""Samples as people know them, and one answer for each of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.datasets.base import IMAGE, RECONSTRUCTION, TEXT, Data, Samples, TrainingData
from nncore.datasets.text import decode
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array
from workbench.results import Predictions
from workbench.training.views.reconstructions import reconstructions, unrebuilt

MOST_SAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Shown:
    """The samples that a panel shows.

    Attributes:
        samples: as the network gets them, with labels if the targets are the inputs.
        x: as the data set has them.
        y: what the data set says of them: class numbers or numbers in their unit; no rows if it says nothing.
        part: which part of the data they are: ``"validation"``, ``"test"`` or ``"training"``.
    """

    samples: Samples
    x: Array
    y: Array
    part: str

    def __len__(self) -> int:
        return len(self.samples)


def shown_samples(data: TrainingData) -> Shown:
    """Return the samples that a panel shows: of the validation part, or else of the test part, or else the training's.

    They are the first ``MOST_SAMPLES`` of that part.
    """
    raw = data.data
    count = len(data.train)
    if data.validation is not None and len(data.validation):
        part, samples, x, y = "validation", data.validation, raw.x[count:], raw.y[count:]
    elif data.test is not None and len(data.test):
        part, samples, (x, y) = "test", data.test, _test_as_it_was(data, data.test)
    else:
        part, samples, x, y = "training", data.train, raw.x, raw.y
    most = min(MOST_SAMPLES, len(samples))
    labels = None if samples.labels is None else samples.labels[:most]
    weights = None if samples.weights is None else samples.weights[:most]
    return Shown(Samples(samples.x[:most], samples.y[:most], labels, weights), x[:most], y[:most], part)


def _test_as_it_was(data: TrainingData, test: Samples) -> tuple[Array, Array]:
    """Return inputs and targets of the test part before they were scaled; it may come from another file."""
    raw, scaling = data.data, data.scaling
    own = raw.x_test
    if own is None or len(own) != len(test) or not np.array_equal(scaling.inputs(own[:1]), test.x[:1]):
        own = scaling.restore_inputs(test.x)
    if data.task == RECONSTRUCTION:
        return own, raw.y[:0] if test.labels is None else test.labels
    return own, test.y if data.target.classes else scaling.restore_targets(test.y)


def as_seen(x: Array, data: Data) -> Array:
    """Return pictures with pixels from 0 to 255, whatever their own largest value is; all else stays as it is."""
    if data.kind != IMAGE or data.pixel_max in (0, 255):
        return x
    return np.clip(x * (255 / data.pixel_max), 0, 255).astype(np.uint8)


def unpredicted(data: TrainingData) -> Predictions:
    """Return the gallery as it is before the first training."""
    shown = shown_samples(data)
    if data.task == RECONSTRUCTION:
        return unrebuilt(data, shown.samples, as_seen(shown.x, data.data), shown.y)
    raw = data.data
    texts = tuple(decode(row, raw.vocabulary) for row in shown.x) if raw.kind == TEXT else ()
    x = as_seen(shown.x, raw)
    return Predictions(x, shown.y, None, raw.class_names, raw.feature_names, 0, 0.0, raw.kind, texts)


def gallery(data: TrainingData) -> Callable[[Predictor, Snapshot], Predictions]:
    """Return the question for the gallery."""
    before = unpredicted(data)
    samples = shown_samples(data).samples
    if data.task == RECONSTRUCTION:
        return reconstructions(data, samples, before)

    def ask(predictor: Predictor, snapshot: Snapshot) -> Predictions:
        return dataclasses.replace(
            before, output=predictor.predict(samples.x), step=snapshot.step, epoch=snapshot.epoch
        )

    return ask
