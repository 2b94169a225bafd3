"""Keras on TensorFlow: ``fit``, as every lesson does."""

from __future__ import annotations

import os
from collections.abc import Callable

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from nncore.layers import LAYERS
from tests.benchmarks.peers.rows import Row


def fit(row: Row) -> Callable[[int], object]:
    """Return what makes so many steps: ``model.fit`` for one epoch."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(row.network.input_shape)])
    for layer in row.network.layers:
        own = [field for field in LAYERS.get(layer.type_name).fields() if not field.rule.hidden]
        given = {field.name: getattr(layer, field.name) for field in own}
        chosen = {field.name: given[field.name] for field in own if given[field.name] != field.default}
        model.add(getattr(keras.layers, layer.type_name)(**chosen))
    model.compile("adam", row.loss.type_name)
    return lambda steps: model.fit(*row.samples(steps), batch_size=row.batch, verbose=0)
