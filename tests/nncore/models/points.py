"""A small task for models: three clouds of points."""

from __future__ import annotations

from typing import Any

import numpy as np

import nncore as keras
from nncore.types import Array


def points(rows: int = 90, seed: int = 1) -> tuple[Array, Array]:
    """Return points (rows, 4) around three centres, and the number of the centre."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, rows)
    centres = np.array([[3.0, 0, 0, 0], [0, 3.0, 0, 0], [0, 0, 3.0, 0]])
    return (centres[y] + rng.normal(0.0, 0.5, (rows, 4))).astype(np.float32), y


def classifier(optimizer: Any = "adam", metrics: Any = ("accuracy",)) -> keras.Sequential:
    """Return a compiled model of two layers."""
    made = keras.Sequential([keras.layers.Dense(8, "tanh", input_shape=(4,)), keras.layers.Dense(3, "softmax")])
    made.compile(optimizer, "sparse_categorical_crossentropy", metrics=list(metrics))
    return made
