"""Loss and metrics over many samples.

Invariant: measuring changes nothing; the parameters are only read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.computing.threads import Team
from nncore.datasets.base import Samples, TrainingData
from nncore.losses import Loss
from nncore.metrics import Metric, Tally
from nncore.network import Network, conformed
from nncore.plan import Plan
from nncore.trace import trace
from nncore.types import Array

ROWS, FEWEST_ROWS = 256, 32
WORTHWHILE = 60_000_000
"""Multiply-adds of one call that make its fixed cost small; more rows would only take more memory."""


class Evaluator:
    """Loss and metrics over many samples, with buffers of its own on shared parameters.

    Args:
        network, parameters, loss, metrics: what is measured, and how.
        data: tells the classes and the scale of the targets.
        team: of the plan that trains in the same thread.
    """

    def __init__(
        self,
        network: Network,
        parameters: Array,
        loss: Loss,
        metrics: Sequence[Metric],
        data: TrainingData,
        team: Team | None = None,
    ) -> None:
        self._network, self._parameters, self._loss = network, parameters, loss
        self._plans: dict[bool, Plan] = {}  # without and with sample weights
        self._metrics, self._data, self._team = metrics, data, team

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Return ``loss`` and each metric by name, over all samples; metrics in the unit of the data.

        The weights of the samples count in the loss only, as in Keras.
        """
        plan = self._plan(samples.weights is not None)
        inputs = conformed(samples.x, self._network.input_shape)
        targets = self._loss.encode(samples.y, plan.output_shape, self._data.target.classes, plan.dtype)
        tally = Tally(self._metrics, plan.output_shape, self._data.scaling.target_scale)
        with np.errstate(all="ignore"):
            for start in range(0, len(samples), plan.capacity):
                part = slice(start, min(start + plan.capacity, len(samples)))
                bound = plan.bind(part.stop - start)
                assert bound.loss is not None
                bound.x[...] = inputs[part]
                bound.target[...] = targets[part]
                if samples.weights is not None and bound.weights is not None:
                    bound.weights[...] = samples.weights[part]
                bound.forward()
                tally.add(bound.loss_value(), bound.loss)
        return tally.results(len(samples))

    def _plan(self, weighted: bool) -> Plan:
        if weighted not in self._plans:
            self._plans[weighted] = Plan(
                self._network,
                self._parameters,
                rows_at_once(self._network),
                loss=self._loss,
                weighted=weighted,
                team=self._team,
            )
        return self._plans[weighted]


def rows_at_once(network: Network) -> int:
    """Return how many samples are measured at once: fewer where each of them costs much."""
    return min(ROWS, max(FEWEST_ROWS, WORTHWHILE // max(1, trace(network).multiply_adds)))
