"""Metrics: numbers that people read, beside the loss that the optimizer reads.

A metric gives one value for a batch; over an epoch or a data set the values are averaged, weighted by the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.losses import Loss, Target
from nncore.registry import Registry
from nncore.types import Array


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        name: Keras's name, the key in every history.
        label: what plots and tables call it.
        value: ``value(target, output)`` for one batch; output is activated, (rows, ...).
        higher_is_better: which way is up.
        percent: shown as a percentage.
        unit_power: by which power of the target's scale a value must be multiplied to be in the unit of the data:
            targets may have been standardised for training.
    """

    name: str
    label: str
    value: Callable[[Array, Array], float]
    higher_is_better: bool = False
    percent: bool = False
    unit_power: int = 0


def accuracy(target: Array, output: Array) -> float:
    """Share of right answers.

    Class numbers, or one-hot rows, are compared with the largest output; a single yes-or-no output, with 0.5.
    """
    if np.issubdtype(target.dtype, np.integer):
        return int(np.count_nonzero(output.argmax(axis=-1) == target.reshape(output.shape[:-1]))) / max(1, target.size)
    if output.shape[-1] == 1:
        return int(np.count_nonzero((output > 0.5) == (target > 0.5))) / max(1, target.size)
    same = output.argmax(axis=-1) == target.argmax(axis=-1)
    return int(np.count_nonzero(same)) / max(1, len(same.ravel()))


def binary_accuracy(target: Array, output: Array) -> float:
    """Share of outputs on the right side of 0.5, counted one by one."""
    return int(np.count_nonzero((output > 0.5) == (_like(output, target) > 0.5))) / max(1, output.size)


def mean_absolute_error(target: Array, output: Array) -> float:
    """Mean of |y - t|."""
    return float(np.abs(output - _like(output, target)).mean())


def mean_squared_error(target: Array, output: Array) -> float:
    """Mean of (y - t)^2."""
    return float(np.square(output - _like(output, target)).mean())


def _like(output: Array, target: Array) -> Array:
    """Return the targets in the shape of the output; class numbers become one-hot rows."""
    if np.issubdtype(target.dtype, np.integer) and target.size != output.size:
        return np.asarray(target.reshape(output.shape[:-1])[..., None] == np.arange(output.shape[-1]), output.dtype)
    return target.reshape(output.shape)


METRICS: Registry[Metric] = Registry("metric")
METRICS.add("accuracy", Metric("accuracy", "Accuracy", accuracy, higher_is_better=True, percent=True), "acc")
METRICS.add(
    "binary_accuracy",
    Metric("binary_accuracy", "Binary accuracy", binary_accuracy, higher_is_better=True, percent=True),
)
METRICS.add("mae", Metric("mae", "Mean absolute error", mean_absolute_error, unit_power=1), "mean_absolute_error")
METRICS.add("mse", Metric("mse", "Mean squared error", mean_squared_error, unit_power=2), "mean_squared_error")


def default_metric(loss: Loss, target: Target) -> str:
    """Return the metric that a task is usually judged by: accuracy for classes, the absolute error for numbers."""
    return "accuracy" if target.classes else "mae"
