"""A series and its forecasts, each one step ahead of what is known."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from nncore.datasets.base import Data, TrainingData
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array
from workbench.results import Forecast

MOST_VALUES = 3000
"""So many values of a series, the last ones, are shown and forecast."""


def is_one_series(data: Data) -> bool:
    """Tell whether the rows are windows that follow each other, one step apart, and the targets what follows them."""
    return data.has_targets and data.x.ndim == 3 and _follow(data.x, data.y)


def _follow(x: Array, y: Array) -> bool:
    first = y.reshape(len(y), -1)[:, 0]
    return np.array_equal(x[1:, :-1], x[:-1, 1:]) and np.array_equal(x[1:, -1, 0], first[:-1])


def _raw(data: TrainingData) -> tuple[Array, Array, int]:
    """Return windows, what follows them, and how many come before the test part, which is there if it goes on."""
    raw = data.data
    if data.test is None or raw.x_test is None or raw.y_test is None or len(raw.x_test) != len(data.test):
        return raw.x, raw.y, len(raw.x)
    x, y = np.concatenate([raw.x, raw.x_test]), np.concatenate([raw.y, raw.y_test])
    own = np.array_equal(data.scaling.inputs(raw.x_test), data.test.x)
    return (x, y, len(raw.x)) if own and _follow(x, y) else (raw.x, raw.y, len(raw.x))


def unpredicted_forecast(data: TrainingData) -> Forecast:
    """Return the series as it is before the first training."""
    x, y, learned = _raw(data)
    y = y.reshape(len(y), -1)
    window = x.shape[1]
    values = np.concatenate([x[0, :, 0], y[:, 0], y[-1, 1:]]).astype(np.float64)
    start = max(0, len(values) - MOST_VALUES)
    end = len(values) - start
    validation, test = (min(end, max(0, window + rows - start)) for rows in (len(data.train), learned))
    return Forecast(
        values[start:],
        np.full(end, np.nan),
        max(0, window - start),
        validation,
        test,
        data.data.period,
        data.data.times[start : start + end],
        data.data.target_name,
        0,
        0.0,
    )


def forecast(data: TrainingData) -> Callable[[Predictor, Snapshot], Forecast]:
    """Return the question for the forecasts; of those for several steps ahead, the first one is shown."""
    before = unpredicted_forecast(data)
    x, y, _ = _raw(data)
    ahead = y.reshape(len(y), -1).shape[1] - 1
    rows = len(before) - before.first - ahead
    scaled = data.scaling.inputs(x[-rows:])

    def ask(predictor: Predictor, snapshot: Snapshot) -> Forecast:
        output = predictor.predict(scaled).reshape(rows, -1)[:, 0].astype(np.float64)
        network = before.network.copy()
        network[before.first : before.first + rows] = data.scaling.restore_targets(output)
        return dataclasses.replace(before, network=network, step=snapshot.step, epoch=snapshot.epoch)

    return ask
