"""One step of a training, and one epoch: the operations, the optimizer, the batches, and how far they have come.

Invariant: a step happens whole, or changes neither weights nor counts. What is exchanged between two steps (batch size,
live fields) leaves weights, optimizer memory and the order of the samples as they are.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from nncore.computing.memory import aligned_copy
from nncore.computing.threads import Team
from nncore.datasets.base import TrainingData
from nncore.history import History
from nncore.metrics import Metric, Tally
from nncore.network import Network
from nncore.optimizers import OptimizerState
from nncore.plan import Plan, initial_parameters
from nncore.project import TrainingSettings
from nncore.snapshot import Snapshot
from nncore.trace import trace
from nncore.training.batches import Batches, check_samples, check_targets
from nncore.training.diagnosis import all_finite
from nncore.training.evaluator import Evaluator
from nncore.training.live import differences, network_differences
from nncore.training.published import Published
from nncore.types import Array

PUBLISH_EVERY = 100  # steps between two snapshots, at most, which are also the weights to fall back to


class Learner:
    """A network that is being learned; it belongs to one thread, but for ``history`` and ``published``.

    Args:
        network, settings, data, metrics: as for a ``Session``.
        parameters: weights to start with; those of the seed when None.
        dtype: floating type of weights and buffers.

    Attributes:
        network, settings: as they are now, with the live fields that were taken over.
        epoch: finished epochs; ``position``: samples learned of the epoch under way.
        gradient_broken: the last step found a gradient that is not finite, and so was none.

    Raises:
        InputError: the network has a problem, does not fit the data, or the batch size is larger than the data.
    """

    def __init__(
        self,
        network: Network,
        settings: TrainingSettings,
        data: TrainingData,
        metrics: Sequence[Metric],
        parameters: Array | None,
        dtype: DTypeLike,
    ) -> None:
        trace(network, settings.loss, data.target, data.data.input_shape).require()
        check_samples(network, data)
        check_targets(network, settings, data)
        self.network, self.settings, self.data, self.metrics = network, settings, data, list(metrics)
        self.dtype = np.dtype(dtype)
        self.batches = Batches(data, settings, network.input_shape, network.shapes()[-1], self.dtype)
        self.history = History(self.metrics[0].name, self.batches.steps())
        self.rng = np.random.default_rng([settings.seed, 1])
        start = self.first_parameters if parameters is None else aligned_copy(parameters, self.dtype)
        self._compile(start, None)
        self.tally = Tally(self.metrics, self.plan.output_shape, data.scaling.target_scale)
        self.epoch = 0
        self.position = 0
        self.gradient_broken = False
        self.published = Published(self.copy_weights())

    def _compile(self, parameters: Array, team: Team | None) -> None:
        """Bind network and settings, as they are now, to the parameters."""
        self.plan = Plan(
            self.network,
            parameters,
            self.batches.size,
            loss=self.settings.loss,
            training=True,
            rng=self.rng,
            weighted=self.batches.weights is not None,
            team=team,
        )
        plan, settings = self.plan, self.settings
        self.evaluator = Evaluator(self.network, parameters, settings.loss, self.metrics, self.data, plan.team)
        self.updater = settings.optimizer.bind(plan.trainable, plan.gradients, plan.segments, plan.team)

    @property
    def measured(self) -> list[str]:
        """Names of what each epoch measures."""
        names = ["loss", *(metric.name for metric in self.metrics)]
        return names if self.data.validation is None else names + [f"val_{name}" for name in names]

    @property
    def first_parameters(self) -> Array:
        """The flat parameters that the seed gives; drawn anew each time, rather than kept."""
        return initial_parameters(self.network, self.settings.seed, self.dtype)

    @property
    def step(self) -> int:
        """Number of steps made."""
        return len(self.history.step_loss)

    @property
    def progress(self) -> float:
        """Epochs made, with the fraction of the one under way."""
        return self.epoch + self.position / len(self.batches)

    # --- Learning ---

    def learn_batch(self) -> float:
        """Learn the next batch and return its loss; a loss or gradient that is not finite changes nothing."""
        began = time.perf_counter()
        rows = self.batches.rows(self.position)
        bound = self.plan.bind(rows)
        self.batches.fill(bound, self.epoch, self.position)
        with np.errstate(all="ignore"):
            bound.forward()
            loss = bound.loss_value()
            if not math.isfinite(loss):
                return loss
            assert bound.loss is not None
            sums = self.tally.sums.copy()
            measured = self.tally.add(loss, bound.loss)
            bound.backward()
            self.gradient_broken = not all_finite(self.plan.gradients)
            if self.gradient_broken:
                self.tally.sums[:] = sums
                return loss
            self.updater.step()
        self.position += rows
        self.history.samples += rows
        self.history.add_step(loss, measured)
        if self.step % PUBLISH_EVERY == 0:
            self.publish()
        self.history.seconds += time.perf_counter() - began
        return loss

    def end_epoch(self) -> dict[str, float]:
        """Measure the epoch whose samples are all learned; return its means, and those of the validation samples."""
        began = time.perf_counter()
        logs = self.tally.results(self.position)
        if self.data.validation is not None:
            measured = self.evaluator.evaluate(self.data.validation)
            logs.update({f"val_{name}": value for name, value in measured.items()})
        if self.settings.reduce_lr_on_plateau is not None or self.updater.spec.schedule is not None:
            logs["learning_rate"] = self.updater.rate
        self.history.add_epoch(logs)
        self.epoch, self.position = self.epoch + 1, 0
        self.tally.clear()
        self.publish()
        self.history.seconds += time.perf_counter() - began
        return logs

    # --- Showing ---

    def copy_weights(self) -> Snapshot:
        """Return a copy of the present weights."""
        return Snapshot.of(self.network, self.plan.parameters, self.step, self.progress)

    def publish(self) -> None:
        """Show the present weights to others."""
        self.published.take(self.network, self.plan.parameters, self.step, self.progress)

    def fall_back(self) -> Snapshot:
        """Put the last good weights back, forget what the optimizer remembers, and return the weights."""
        good = self.published.good
        np.copyto(self.plan.parameters, good.parameters)
        self.updater.forget()
        self.published.show(good)
        return good

    # --- Live changes: what they may be, ``nncore.training.live`` says ---

    def change_settings(self, settings: TrainingSettings) -> None:
        """Go on with other live fields, and note them in the history."""
        for found in differences(self.settings, settings):
            self.history.add_change(self.progress, found.name, found.before, found.after)
        resized, self.settings = settings.batch_size != self.settings.batch_size, settings
        self.updater.spec = settings.optimizer
        if resized:
            self.batches.resize(settings.batch_size)
            self._recompile()
            self.follow_pace()

    def change_network(self, network: Network) -> None:
        """Go on with other live fields of the layers, and note them in the history."""
        if network != self.network:
            for found in network_differences(self.network, network):
                self.history.add_change(self.progress, found.name, found.before, found.after)
            self.network = network
            self._recompile()
            self.publish()

    def _recompile(self) -> None:
        """Exchange the operations on the same parameters; shapes are the same, so the optimizer keeps its memory."""
        old = self.updater
        self._compile(self.plan.parameters, self.plan.team)
        self.updater.restore(OptimizerState(old.spec.type_name, old.slots, old.iterations, old.rate_factor))

    def follow_pace(self) -> None:
        """Tell the history how large the steps are from here on, where they are not as large as those before."""
        steps, left = self.batches.steps(), self.batches.steps(self.position)
        if left and steps != self.history.steps_per_epoch:
            self.history.change_pace(self.progress, left, steps)
