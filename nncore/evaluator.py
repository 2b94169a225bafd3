"""Loss and metrics over many samples.

Invariant: measuring changes nothing; the parameters are only read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.datasets.base import Samples, TrainingData
from nncore.losses import Loss, Target
from nncore.metrics import Metric
from nncore.network import Network
from nncore.plan import Plan
from nncore.types import Array

ROWS = 256  # measured at once


class Evaluator:
    """Loss and metrics over many samples, with buffers of its own on shared parameters.

    Args:
        network, parameters, loss, metrics: what is measured, and how.
        data: tells the classes and the scale of the targets.
    """

    def __init__(
        self, network: Network, parameters: Array, loss: Loss, metrics: Sequence[Metric], data: TrainingData
    ) -> None:
        self._plan = Plan(network, parameters, ROWS, loss=loss)
        self._loss, self._metrics = loss, list(metrics)
        self._target: Target = data.target
        self._scale = data.scaling.target_scale

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Return ``loss`` and each metric by name, as means over the samples; metrics in the unit of the data."""
        plan = self._plan
        targets = self._loss.encode(samples.y, plan.output_shape, self._target.classes, plan.dtype)
        sums = np.zeros(1 + len(self._metrics))
        with np.errstate(all="ignore"):
            for start in range(0, len(samples), plan.capacity):
                rows = min(plan.capacity, len(samples) - start)
                bound = plan.bind(rows)
                bound.x[...] = samples.x[start : start + rows]
                bound.target[...] = targets[start : start + rows]
                bound.forward()
                loss = bound.loss_value()
                values = [metric.value(bound.target, bound.output) for metric in self._metrics]
                sums += [loss * rows, *(value * rows for value in values)]
        means = [float(value) for value in sums / max(1, len(samples))]
        result = {"loss": means[0]}
        for metric, mean in zip(self._metrics, means[1:], strict=True):
            result[metric.name] = mean * self._scale**metric.unit_power
        return result
