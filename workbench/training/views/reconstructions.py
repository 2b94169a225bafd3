"""Inputs and their reconstructions, and what a layer of two numbers makes of them on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from nncore.datasets.base import IMAGE, Samples, TrainingData
from nncore.network import Network
from nncore.plan import layout
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array
from workbench.results import Predictions, Reconstructions


def unrebuilt(data: TrainingData, samples: Samples, x: Array, labels: Array) -> Reconstructions:
    """Return the inputs, as people see them, before the first training."""
    raw = data.data
    classes = bool(raw.target.classes) and len(labels) == len(x) and labels.ndim == 1
    truth = labels if len(labels) == len(x) else np.full(len(x), np.nan)
    names = raw.class_names if classes else ()
    return Reconstructions(x, truth, None, names, raw.feature_names, 0, 0.0, raw.kind, errors=np.zeros(len(samples)))


def reconstructions(
    data: TrainingData, samples: Samples, before: Predictions
) -> Callable[[Predictor, Snapshot], Reconstructions]:
    """Return the question for the reconstructions of ``samples``, which ``before`` shows without them."""
    assert isinstance(before, Reconstructions)

    def ask(predictor: Predictor, snapshot: Snapshot) -> Reconstructions:
        output = predictor.predict(samples.x).reshape(samples.x.shape)
        with np.errstate(all="ignore"):
            errors = np.square(output.astype(np.float64) - samples.x).reshape(len(output), -1).mean(axis=1)
            rebuilt = _as_seen(data, data.scaling.restore_inputs(output.astype(np.float64)), before.images_or_rows)
        return dataclasses.replace(
            before,
            rebuilt=rebuilt,
            errors=errors,
            codes=codes(snapshot, samples.x),
            step=snapshot.step,
            epoch=snapshot.epoch,
        )

    return ask


def _as_seen(data: TrainingData, rebuilt: Array, like: Array) -> Array:
    """Return reconstructions as pixels of the same kind as their originals; tables as they are."""
    if data.data.kind != IMAGE:
        return rebuilt
    if like.dtype == np.uint8:
        scale = 255 / (data.data.pixel_max or 255)
        return np.clip(np.nan_to_num(rebuilt * scale), 0, 255).astype(np.uint8)
    return rebuilt.astype(like.dtype)


def code_layer(network: Network) -> int:
    """Return the last layer before the end whose output is two numbers; -1 where there is none."""
    shapes = network.shapes()[1:]
    narrow = [place for place, shape in enumerate(shapes[:-1]) if shape == (2,)]
    return narrow[-1] if narrow else -1


def codes(snapshot: Snapshot, x: Array) -> Array | None:
    """Return what the layer of two numbers makes of scaled inputs, (rows, 2); None where there is no such layer."""
    network = snapshot.network.without_disabled()
    place = code_layer(network)
    if place < 0:
        return None
    encoder = Network(network.input_shape, network.layers[: place + 1])
    whole = {slot.key: slot for slot in layout(network)}
    parts = layout(encoder)
    parameters = np.empty(sum(slot.weight.size for slot in parts), snapshot.parameters.dtype)
    for slot in parts:
        slot.view(parameters)[...] = whole[slot.key].view(snapshot.parameters)
    return Predictor(encoder, parameters).predict(x)
