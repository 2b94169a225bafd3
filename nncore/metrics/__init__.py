"""Metrics: numbers that people read, beside the loss that the optimizer reads."""

from __future__ import annotations

from collections.abc import Iterable

from nncore.losses import Loss, Target
from nncore.metrics.accuracy import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)
from nncore.metrics.auc import AUC
from nncore.metrics.base import METRICS, Metric
from nncore.metrics.confusion import F1Score, Precision, Recall
from nncore.metrics.errors import MeanAbsoluteError, MeanSquaredError, R2Score, RootMeanSquaredError
from nncore.metrics.tally import Tally

__all__ = [
    "AUC",
    "METRICS",
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "F1Score",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Precision",
    "R2Score",
    "Recall",
    "RootMeanSquaredError",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "Tally",
    "TopKCategoricalAccuracy",
    "default_metric",
    "get",
    "named_as_asked",
]


def get(identifier: object) -> Metric:
    """Return a metric by its name; a metric is returned as it is. Raises ``InputError`` for anything else."""
    return identifier if isinstance(identifier, Metric) else METRICS.get(identifier).suggested()


def named_as_asked(identifiers: Iterable[object]) -> list[Metric]:
    """Return metrics under the names that Keras's histories have for them.

    A name stands for itself (``"mse"``), an object for the name it was given or that of its class
    (``"mean_squared_error"``). Names that come again are numbered: ``auc``, ``auc_1``.
    """
    found: dict[str, Metric] = {}
    for identifier in identifiers:
        metric = get(identifier)
        name = metric.name
        if isinstance(identifier, str):
            name = identifier
        elif name == metric.type_name:
            name = metric.object_name or name
        key, number = name, 0
        while key in found:
            number += 1
            key = f"{name}_{number}"
        found[key] = metric.replace(name=key)
    return list(found.values())


def default_metric(loss: Loss, target: Target) -> Metric:
    """Return the metric that a task is usually judged by: accuracy for classes, the absolute error for numbers."""
    return Accuracy() if target.classes else MeanAbsoluteError()
