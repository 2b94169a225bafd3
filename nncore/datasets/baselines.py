"""What can be had without learning: simple rules that a network must beat before it is worth its name."""

from __future__ import annotations

import numpy as np

from nncore.datasets.base import RECONSTRUCTION, SERIES, TEXT, Samples, TrainingData
from nncore.types import Array, Shape

Measures = dict[str, dict[str, dict[str, float]]]
"""Part ("validation", "test"), name of the baseline, Keras's name of the measure: value in the unit of the data."""


def naive(x: Array, shape: Shape = ()) -> Array:
    """Return the last value of each window as the forecast for all that follows.

    Args:
        x: (rows, window, features); the first feature is the one to be predicted.
        shape: of one target: ``()``, or ``(horizon,)``.
    """
    last = x[:, -1, 0]
    return np.array(np.broadcast_to(last[:, None], (len(x), *shape))) if shape else last.copy()


def seasonal_naive(x: Array, period: int, shape: Shape = ()) -> Array:
    """Return for each step that follows a window the value one season before it; arguments as in ``naive``.

    Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 2021, section 5.2. The window must be at
    least a season long.
    """
    season = x[:, x.shape[1] - period :, 0]
    return season[:, np.arange(shape[0]) % period] if shape else season[:, 0].copy()


def bigram(train: Samples, part: Samples, characters: int, smoothing: float = 0.1) -> float:
    """Return the cross-entropy of a bigram model on ``part``, in nats for each token.

    P(next | token) = (count(token, next) + a) / (count(token) + a V), counted in the training part. Source: Jurafsky
    and Martin, Speech and Language Processing, 2009, chapter 4, add-k smoothing.

    Args:
        train, part: x (rows, length) tokens and y (rows, length) the tokens that follow.
        characters: V, the size of the vocabulary.
        smoothing: a, what is added to each count.
    """
    counts = np.full((characters, characters), smoothing)
    np.add.at(counts, (train.x.astype(np.int64), train.y), 1.0)
    logarithms = np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))
    return float(-logarithms[part.x.astype(np.int64), part.y].mean())


def baselines(data: TrainingData) -> Measures:
    """Return what simple rules reach on the parts that are not learned; empty where there is no rule for the data.

    For a series they are ``naive`` and, if it has a season, ``seasonal_naive``, with ``mae`` and ``rmse``; for a text
    with a next token at each place it is ``bigram``, with ``loss``.
    """
    parts = {"validation": data.validation, "test": data.test}
    held_out = {name: part for name, part in parts.items() if part is not None and len(part)}
    kind, target = data.data.kind, data.target
    if data.task == RECONSTRUCTION:
        return {}
    if kind == SERIES and not target.classes:
        return {name: _forecasts(data, part) for name, part in held_out.items()}
    if kind == TEXT and target.shape == data.data.input_shape:
        size = target.classes
        return {name: {"bigram": {"loss": bigram(data.train, part, size)}} for name, part in held_out.items()}
    return {}


def _forecasts(data: TrainingData, part: Samples) -> dict[str, dict[str, float]]:
    x = data.scaling.restore_inputs(part.x.astype(np.float64))
    truth = data.scaling.restore_targets(part.y.astype(np.float64))
    shape, period = truth.shape[1:], data.data.period
    forecasts = {"naive": naive(x, shape)}
    if 0 < period <= x.shape[1]:
        forecasts["seasonal_naive"] = seasonal_naive(x, period, shape)
    return {name: _errors(truth - forecast) for name, forecast in forecasts.items()}


def _errors(error: Array) -> dict[str, float]:
    return {"mae": float(np.abs(error).mean()), "rmse": float(np.sqrt(np.square(error).mean()))}
