"""Keras's side of the comparisons."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import numpy as np
import torch

from nncore.types import Array
from tests.parity.torch_layers import Variant


def model_of(shape: tuple[int, ...], indices: int, layers: list[Any]) -> Any:
    """Return a Keras model of layers in a row, with its weights drawn."""
    return keras.Sequential([keras.Input(shape, dtype="int32" if indices else "float32"), *layers])


def model(name: str, variant: Variant) -> Any:
    """Return a Keras model of one layer."""
    return model_of(variant.shape, variant.indices, [variant.make(keras.layers, name)])


def output(model: Any, x: Array, *, training: bool = False) -> Array:
    """Return the output for a batch."""
    with torch.no_grad():
        return np.asarray(model(torch.tensor(x), training=training).numpy())


def arguments(entry: Any) -> dict[str, inspect.Parameter]:
    """Return the arguments of a Keras class in their order."""
    parameters = dict(inspect.signature(entry.__init__).parameters)
    return {name: parameter for name, parameter in parameters.items() if name not in ("self", "args", "kwargs")}
