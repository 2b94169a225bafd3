"""Single steps, and what the optimizer remembers between two calls of ``fit``."""

from __future__ import annotations

import math

import numpy as np

from nncore.computing.threads import one_blas_thread
from nncore.datasets.base import Samples
from nncore.errors import InputError
from nncore.network import Network
from nncore.plan import Bound, Plan
from nncore.project import TrainingSettings
from nncore.training.diagnosis import all_finite, first_not_finite
from nncore.types import Array
from nncore.utils import next_seed

LARGE = 2**23
"""Multiply-adds of a step, forward, for which a second thread is worth starting: it takes about a tenth as long."""


class Steps:
    """Plan and optimizer of a model.

    Args:
        network, settings: what learns, and how.
        parameters: flat array, changed in place.
        rows: the largest batch.
    """

    def __init__(self, network: Network, parameters: Array, settings: TrainingSettings, rows: int) -> None:
        self.loss = settings.loss
        shapes = network.shapes()
        self._multiply_adds = sum(
            layer.multiply_adds(shape) for layer, shape in zip(network.effective, shapes, strict=False)
        )
        self._network, self._parameters = network, parameters
        self._rng = np.random.default_rng([next_seed(), 1])
        self._weighted = False
        self._make_plan(rows)
        self.updater = settings.optimizer.bind(
            self.plan.trainable, self.plan.gradients, self.plan.segments, self.plan.team
        )

    def _make_plan(self, rows: int) -> None:
        self.plan = Plan(
            self._network,
            self._parameters,
            rows,
            loss=self.loss,
            training=True,
            rng=self._rng,
            weighted=self._weighted,
        )

    def make_room(self, rows: int, weighted: bool) -> None:
        """Make sure that a batch of ``rows`` fits, and weights of its samples if they are given."""
        if rows <= self.plan.capacity and weighted in (False, self._weighted):
            return
        self._weighted = self._weighted or weighted
        state, spec = self.updater.state(), self.updater.spec
        self._make_plan(max(rows, self.plan.capacity))
        self.updater = spec.bind(self.plan.trainable, self.plan.gradients, self.plan.segments, self.plan.team)
        self.updater.restore(state)

    def learn(self, samples: Samples) -> float:
        """Learn the samples as one batch and return their loss before it.

        Raises:
            InputError: the loss is not finite; then nothing has changed.
        """
        self.make_room(len(samples), samples.weights is not None)
        bound = self.plan.bind(len(samples))
        classes = self.plan.output_shape[-1] if self.loss.target_kind == "index" else 0
        bound.x[...] = samples.x
        bound.target[...] = self.loss.encode(samples.y, self.plan.output_shape, classes, self.plan.dtype)
        if bound.weights is not None:
            bound.weights[...] = 1.0 if samples.weights is None else samples.weights
        large = len(samples) * self._multiply_adds >= LARGE
        with self.plan.team.at_work() if large else one_blas_thread(), np.errstate(all="ignore"):
            bound.forward()
            loss = bound.loss_value()
            self._require_finite(f"The loss of these {len(samples):,} samples is {loss}", bound, math.isfinite(loss))
            bound.backward()
            words = f"The gradient of these {len(samples):,} samples is not finite"
            self._require_finite(words, bound, all_finite(self.plan.gradients))
            self.updater.step()
        return loss

    def _require_finite(self, words: str, bound: Bound, finite: bool) -> None:
        if not finite:
            where = first_not_finite(self._network, bound, self._parameters, self.plan.gradients)
            raise InputError(
                f"{words}, first {where}, so nothing was learned from them.",
                "Check the scale of the samples, and try a smaller learning rate.",
            )
