"""How long a network of 200 layers takes to be traced."""

from __future__ import annotations

import statistics
import time
from typing import Any

from nncore.layers import LSTM, Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D, Reshape
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.trace import trace

LAYERS = 200
ALLOWED = 5  # milliseconds
Rows = list[dict[str, Any]]


def dense(count: int) -> Network:
    """Return so many layers: Dense below Dense, no two neighbours alike."""
    stack = [Dense(units=64 - number % 5, activation="relu") for number in range(count - 2)]
    return Network((28, 28), (Flatten(), *stack, Dense(units=10, activation="softmax")))


def mixed(count: int) -> Network:
    """Return so many layers: convolutions and pooling, then recurrent ones with dropout between."""
    conv = Conv2D(filters=8, kernel_size=(3, 3), padding="same", activation="relu")
    pool = MaxPooling2D(pool_size=(2, 2), strides=(1, 1), padding="same")
    pictures, sequences = (count - 4) // 2, count - 4 - (count - 4) // 2
    layers: list[Layer] = [Reshape((28, 28, 1)), *([conv, pool] * pictures)[:pictures], Reshape((28, -1))]
    layers += ([LSTM(units=16, return_sequences=True), Dropout(rate=0.1)] * sequences)[:sequences]
    return Network((28, 28), (*layers, Flatten(), Dense(units=10, activation="softmax")))


NETWORKS = {"Dense": dense, "mixed": mixed}


def measure(quick: bool) -> Rows:
    """Return a row for each network, traced again and again as a window does, which remembers what it found."""
    return _traces(5 if quick else 50)


def _traces(times: int) -> Rows:
    rows = []
    loss, target = SparseCategoricalCrossentropy(), Target(classes=10)
    for name, make in NETWORKS.items():
        network, took = make(LAYERS), []
        for _ in range(times):
            began = time.perf_counter()
            traced = trace(network, loss, target, network.input_shape)
            took.append(1000 * (time.perf_counter() - began))
        assert not traced.problems
        rows.append(_row(f"trace, {name}", len(network), took))
    return rows


def _row(words: str, layers: int, times: list[float]) -> dict[str, Any]:
    return {
        "a long network": words,
        "layers": layers,
        "ms at most": round(max(times), 1),
        "measured": round(statistics.median(times), 2),
        "allowed": ALLOWED,
    }
