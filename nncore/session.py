"""The training loop, as a generator of events.

``Session.run()`` learns one batch, tells of it, and looks for requests before the next. The command line, the tests,
the Keras-shaped front and the window's thread all drive this same loop. ``Session.request`` may be called from any
thread; everything else belongs to the thread that runs the loop, but for ``history`` and ``snapshot``, which are made
to be read from anywhere.

Invariant: what is learned depends on network, data, settings and seed only, not on pauses, requests or who is looking.
A live field that is changed on the way counts from the next step, and the training then is the one that would have been
stopped there and continued with the other value, bit by bit; the same goes for more epochs.
"""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import DTypeLike

from nncore import metrics as measures
from nncore.batches import Batches, batch_rows, check_samples, check_targets
from nncore.datasets.base import Samples, TrainingData
from nncore.diagnosis import all_finite, broken_weights, first_not_finite, worst
from nncore.errors import InputError
from nncore.evaluator import Evaluator
from nncore.events import (
    Change,
    ChangeEpochs,
    ChangeNetwork,
    ChangeOptimizer,
    ChangeSettings,
    EpochDone,
    Event,
    Failed,
    Finished,
    FinishEpoch,
    Pause,
    Paused,
    Request,
    Resume,
    Started,
    StepDone,
    StepOnce,
    Stop,
    TakeSnapshot,
)
from nncore.fields import Json
from nncore.fingerprint import can_continue, fingerprint
from nncore.history import History
from nncore.live import differences, network_differences, network_with_live, with_live
from nncore.memory import aligned_copy
from nncore.metrics import Metric, Tally
from nncore.network import Network
from nncore.optimizers import OptimizerState
from nncore.plan import Plan, initial_parameters, layout
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint, Snapshot
from nncore.supervisor import Supervisor
from nncore.threads import Team, one_blas_thread
from nncore.trace import trace
from nncore.types import FLOAT32, Array

PUBLISH_EVERY = 100  # steps between two snapshots, at most, which are also the weights to fall back to


class Session:
    """One training of one network.

    Args:
        network: what is trained.
        settings: how.
        data: on what; already split and scaled.
        metrics: metrics or their names; the one of the settings when None. The first is recorded for each step.
        checkpoint: where to go on; None to start with the weights of the seed.
        parameters: weights to start with instead of the seed's; flat, copied.
        optimizer_state: what the optimizer remembers of earlier steps.
        dtype: floating type of weights and buffers.

    Raises:
        InputError: the network has a problem, does not fit the data, the batch size is larger than the data, the
            checkpoint belongs to another training, or weights to start with are not finite.
    """

    def __init__(
        self,
        network: Network,
        settings: TrainingSettings,
        data: TrainingData,
        *,
        metrics: Sequence[str | Metric] | None = None,
        checkpoint: Checkpoint | None = None,
        parameters: Array | None = None,
        optimizer_state: OptimizerState | None = None,
        dtype: DTypeLike = FLOAT32,
    ) -> None:
        trace(network, settings.loss, data.target, data.data.input_shape).require()
        self.network, self.settings, self.data = network, settings, data
        self.metrics: list[Metric] = [measures.get(asked) for asked in (metrics or [settings.metric])]
        self.dtype = np.dtype(dtype)
        check_samples(network, data)
        check_targets(network, settings, data)
        self._batches = Batches(data, settings, network.input_shape, network.shapes()[-1], self.dtype)
        self.steps_per_epoch = self._batches.steps()
        self.history = History(self.metrics[0].name, self.steps_per_epoch)
        self._rng = np.random.default_rng([settings.seed, 1])
        start = self.first_parameters if parameters is None else aligned_copy(parameters, self.dtype)
        self._compile(start, None)
        measured = ["loss", *(metric.name for metric in self.metrics)]
        checked = [f"val_{name}" for name in measured] if data.validation is not None else []
        self._supervisor = Supervisor(settings, measured + checked)
        if optimizer_state is not None:
            self._updater.restore(optimizer_state)
        self._epoch = 0
        self._position = 0
        self._tally = Tally(self.metrics, self._plan.output_shape, data.scaling.target_scale)
        self._requests: deque[Request | Future[Checkpoint]] = deque()
        self._wake = threading.Condition()
        self._mode = "run"
        self._running = False
        self._gradient_broken = False
        if checkpoint is not None:
            self._restore(checkpoint)
        if where := broken_weights(network, self.parameters):
            raise InputError(f"There are weights to start with that are no finite numbers, {where}.", "Start anew.")
        self._publishing = threading.Lock()
        self._good = self._snapshot = self._copy_weights()

    def _compile(self, parameters: Array, team: Team | None) -> None:
        """Bind network and settings, as they are now, to the parameters."""
        self._plan = Plan(
            self.network,
            parameters,
            self._batches.size,
            loss=self.settings.loss,
            training=True,
            rng=self._rng,
            weighted=self._batches.weights is not None,
            team=team,
        )
        plan, settings = self._plan, self.settings
        self._evaluator = Evaluator(self.network, parameters, settings.loss, self.metrics, self.data, plan.team)
        self._updater = settings.optimizer.bind(plan.trainable, plan.gradients, plan.segments, plan.team)

    # --- State that anyone may ask for ---

    @property
    def batch_size(self) -> int:
        """Rows of a full batch."""
        return self._batches.size

    @property
    def step(self) -> int:
        """Number of steps made."""
        return len(self.history.step_loss)

    @property
    def epoch(self) -> float:
        """Epochs made, with the fraction of the one under way."""
        return self._epoch + self._position / len(self._batches)

    @property
    def optimizer_state(self) -> OptimizerState:
        """A copy of what the optimizer remembers; only for the thread that trains."""
        return self._updater.state()

    @property
    def parameters(self) -> Array:
        """The flat parameters as they are now; lent, and only to the thread that trains."""
        return self._plan.parameters

    @property
    def snapshot(self) -> Snapshot:
        """The weights that were published last; for any thread."""
        with self._publishing:
            return self._snapshot

    @property
    def first_parameters(self) -> Array:
        """The flat parameters that the seed gives; drawn anew each time, rather than kept."""
        return initial_parameters(self.network, self.settings.seed, self.dtype)

    def fingerprint(self) -> dict[str, Json]:
        """Return what must be the same for a training to go on; see the function ``fingerprint``."""
        return fingerprint(self.network, self.settings, self.data)

    # --- Asking, from any thread ---

    def request(self, request: Request) -> None:
        """Ask for something; it is honoured before the next step.

        Raises:
            InputError: the batch size that is asked for is larger than the data.
        """
        if isinstance(request, ChangeSettings):
            batch_rows(request.settings.batch_size, len(self.data.train))
        with self._wake:
            self._requests.append(request)
            self._wake.notify()

    def request_checkpoint(self) -> Future[Checkpoint]:
        """Ask for a checkpoint; the future has it before the next step, or at once when nothing is running."""
        future: Future[Checkpoint] = Future()
        with self._wake:
            if self._running:
                self._requests.append(future)
                self._wake.notify()
            else:  # under the lock, so that no training starts in the middle of it
                future.set_result(self.checkpoint())
        return future

    # --- The loop ---

    def run(self, *, paused: bool = False) -> Generator[Event]:
        """Learn until all epochs of the settings are done, and tell of every step.

        Args:
            paused: wait for a request before the first step.
        """
        with self._wake:
            self._running = True
        self._mode = "pause" if paused else "run"
        try:
            with self._plan.team.at_work():
                yield Started(self._epoch, self.settings.epochs, self.steps_per_epoch, self.parameters.size)
                yield from self._epochs()
        finally:
            with self._wake:
                self._running = False
                waiting, self._requests = list(self._requests), deque()
            for item in waiting:
                if isinstance(item, Future):
                    item.set_result(self.checkpoint())

    def _epochs(self) -> Iterator[Event]:
        note = ""
        while self._position or self._epoch < self.settings.epochs:
            while self._position < len(self._batches):
                if self._requests or self._mode != "run":
                    yield from self._heed()
                    if self._mode == "stop":
                        self._publish()
                        yield Finished(stopped=True)
                        return
                    if not self._position and self._epoch >= self.settings.epochs:
                        break  # fewer epochs are wanted now
                loss = self._learn_batch()
                if not math.isfinite(loss):
                    yield self._fail("loss", loss, self.step + 1)
                    return
                if self._gradient_broken:
                    yield self._fail("gradient", worst(self._plan.gradients), self.step + 1)
                    return
                yield StepDone(self.step, self._epoch + 1, loss)
            if not self._position:
                break
            if not all_finite(self.parameters):
                yield self._fail("weights", worst(self.parameters), self.step)
                return
            logs = self._end_epoch()
            note = self._supervisor.after_epoch(logs, self.snapshot, self._updater)
            self._honour_changes()
            yield EpochDone(self._epoch, logs, bool(note) or self._epoch >= self.settings.epochs)
            if note:
                break
            if self._mode == "epoch":
                self._mode = "pause"
        yield Finished(stopped=False, note=self._go_back_to_best(note))

    def _go_back_to_best(self, note: str) -> str:
        """Take over the weights of the best epoch, if the settings ask for it; return ``note`` with words about it."""
        best = self._supervisor.best
        if best is not None and self._supervisor.restores and best.step != self.step:
            np.copyto(self._plan.parameters, best.parameters)
            self._snapshot = dataclasses.replace(best, network=self.network)
            note = f"{note or 'All epochs are done'}; the weights of epoch {best.epoch:g}, the best one, are back"
        return f"{note}." if note else ""

    def _heed(self) -> Iterator[Event]:
        """Honour the requests; in a pause, wait for more until one lets the training go on."""
        told = False
        if self._mode == "step":
            self._mode = "pause"
        while True:
            while self._requests:
                self._honour(self._requests.popleft())
                told = told and self._mode == "pause"
            if self._mode != "pause":
                return
            if not told:
                self._publish()
                told = True
                yield Paused(self.step)
            with self._wake:
                if not self._requests:
                    self._wake.wait()

    def _honour(self, request: Request | Future[Checkpoint]) -> None:
        if isinstance(request, Future):
            request.set_result(self.checkpoint())
        elif isinstance(request, TakeSnapshot):
            self._publish()
        elif isinstance(request, Change):
            self._change(request)
        elif self._mode != "stop":
            modes = {Pause: "pause", Resume: "run", Stop: "stop", StepOnce: "step", FinishEpoch: "epoch"}
            self._mode = modes[type(request)]

    def _honour_changes(self) -> None:
        """Honour what changes settings; the rest waits. More epochs that are asked for in the last one still count."""
        with self._wake:
            changes = [item for item in self._requests if isinstance(item, Change)]
            self._requests = deque(item for item in self._requests if not isinstance(item, Change))
        for change in changes:
            self._change(change)

    def _change(self, request: Change) -> None:
        """Take over the live fields; the others would not fit what has been learned."""
        if isinstance(request, ChangeEpochs):
            self.settings = self.settings.replace(epochs=max(request.epochs, self._epoch + (self._position > 0), 1))
        elif isinstance(request, ChangeNetwork):
            self._change_network(network_with_live(self.network, request.network))
        elif isinstance(request, ChangeOptimizer):
            optimizer = with_live(self.settings.optimizer, request.optimizer)
            self._change_settings(self.settings.replace(optimizer=optimizer))
        else:
            self._change_settings(with_live(self.settings, request.settings).replace(epochs=self.settings.epochs))

    def _change_settings(self, settings: TrainingSettings) -> None:
        for found in differences(self.settings, settings):
            self.history.add_change(self.epoch, found.name, found.before, found.after)
        resized, self.settings = settings.batch_size != self.settings.batch_size, settings
        self._updater.spec = settings.optimizer
        if resized:
            self._batches.resize(settings.batch_size)
            self._recompile()
            self._follow_pace()

    def _change_network(self, network: Network) -> None:
        if network != self.network:
            for found in network_differences(self.network, network):
                self.history.add_change(self.epoch, found.name, found.before, found.after)
            self.network = network
            self._recompile()
            self._publish()

    def _recompile(self) -> None:
        """Exchange the operations on the same parameters; shapes are the same, so the optimizer keeps its memory."""
        old = self._updater
        self._compile(self._plan.parameters, self._plan.team)
        self._updater.restore(OptimizerState(old.spec.type_name, old.slots, old.iterations, old.rate_factor))

    def _follow_pace(self) -> None:
        """Tell the history how large the steps are from here on, where they are not as large as those before."""
        self.steps_per_epoch = self._batches.steps()
        left = self._batches.steps(self._position)
        if left and self.steps_per_epoch != self.history.steps_per_epoch:
            self.history.change_pace(self.epoch, left, self.steps_per_epoch)

    def _learn_batch(self) -> float:
        """Learn the next batch and return its loss; a loss or gradient that is not finite changes nothing."""
        began = time.perf_counter()
        rows = self._batches.rows(self._position)
        bound = self._plan.bind(rows)
        self._batches.fill(bound, self._epoch, self._position)
        with np.errstate(all="ignore"):
            bound.forward()
            loss = bound.loss_value()
            if not math.isfinite(loss):
                return loss
            assert bound.loss is not None
            sums = self._tally.sums.copy()
            measured = self._tally.add(loss, bound.loss)
            bound.backward()
            self._gradient_broken = not all_finite(self._plan.gradients)
            if self._gradient_broken:
                self._tally.sums[:] = sums
                return loss
            self._updater.step()
        self._position += rows
        self.history.samples += rows
        self.history.add_step(loss, measured)
        if self.step % PUBLISH_EVERY == 0:
            self._publish()
        self.history.seconds += time.perf_counter() - began
        return loss

    def _end_epoch(self) -> dict[str, float]:
        began = time.perf_counter()
        logs = self._tally.results(self._position)
        if self.data.validation is not None:
            measured = self._evaluator.evaluate(self.data.validation)
            logs.update({f"val_{name}": value for name, value in measured.items()})
        if self.settings.reduce_lr_on_plateau is not None or self._updater.spec.schedule is not None:
            logs["learning_rate"] = self._updater.rate
        self.history.add_epoch(logs)
        self._epoch, self._position = self._epoch + 1, 0
        self._tally.clear()
        self._publish()
        self.history.seconds += time.perf_counter() - began
        return logs

    def _copy_weights(self) -> Snapshot:
        return Snapshot.of(self.network, self._plan.parameters, self.step, self.epoch)

    def _publish(self) -> None:
        """Show the present weights to others; if they are finite, they are also those to fall back to.

        The old copy is let go of before the new one is made, so that a training holds one copy of its weights.
        """
        good = all_finite(self._plan.parameters)
        with self._publishing:
            del self._snapshot
            if good:
                del self._good
            self._snapshot = self._copy_weights()
            if good:
                self._good = self._snapshot

    def _fail(self, thing: str, value: float, step: int) -> Failed:
        """Put the last good weights back, forget what the optimizer remembers, and say what to try."""
        rows = self._batches.size if thing == "weights" else self._batches.rows(self._position)
        where = first_not_finite(self.network, self._plan.bind(rows), self._plan.parameters, self._plan.gradients)
        rate = self._updater.spec.learning_rate
        remedy = (
            f"Try a smaller learning rate than {rate:g}, for example {rate / 10:g}, and check the scale of the data."
        )
        if step == 1:  # nothing was learned yet, so the learning rate is not to blame
            remedy = "Check the scale of the data: numbers around 1 are learned best."
        np.copyto(self._plan.parameters, self._good.parameters)
        self._updater.forget()
        self._snapshot = self._good
        what = "infinite" if math.isinf(value) else "NaN (not a number)"
        return Failed(
            f"The {thing} became {what} at step {step:,}, in epoch {self._epoch + 1}, first {where}, so training "
            f"stopped; the weights of step {self._good.step:,} were kept.",
            remedy,
            self._good.step,
        )

    # --- Measuring and keeping ---

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Return loss and metrics of the present weights; only between events, from the thread that trains."""
        with one_blas_thread():
            return self._evaluator.evaluate(samples)

    def checkpoint(self) -> Checkpoint:
        """Return everything needed to go on from here; only between events, from the thread that trains."""
        data = self.data.data
        return Checkpoint(
            snapshot=self._copy_weights(),
            optimizer=self._updater.state(),
            epoch=self._epoch,
            position=self._position,
            sums=tuple(float(value) for value in self._tally.sums),
            rules=self._supervisor.state(),
            best=self._supervisor.best if self._supervisor.restores else None,
            random_state=self._rng.bit_generator.state,
            history=self.history.copy(),
            settings=self.fingerprint(),
            scaling=self.data.scaling,
            class_names=data.class_names,
            feature_names=data.feature_names,
            target_name=data.target_name,
            classes=data.target.classes,
            vocabulary=data.vocabulary,
            task=self.data.task,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        networks = checkpoint.snapshot.network, self.network
        places, known = ([(slot.key, slot.weight.shape) for slot in layout(network)] for network in networks)
        fits = places == known and self._tally.takes(checkpoint.sums)
        if not fits or not can_continue(checkpoint, self.fingerprint()):
            raise InputError(
                "The training cannot go on: network, data or settings are not those it was started with.",
                "Undo the changes, or train from the start.",
            )
        np.copyto(self._plan.parameters, checkpoint.snapshot.parameters)
        self._updater.restore(checkpoint.optimizer)
        self._supervisor.restore(checkpoint.rules, checkpoint.best)
        self._epoch, self._position = checkpoint.epoch, checkpoint.position
        self._tally.restore(checkpoint.sums)
        self._rng.bit_generator.state = checkpoint.random_state
        self.history = checkpoint.history.copy()
        self._follow_pace()


def start_or_continue(
    network: Network, settings: TrainingSettings, data: TrainingData, checkpoint: Checkpoint | None
) -> Session:
    """Return a session that goes on from the checkpoint where it can, and else starts with the weights of the seed.

    When all epochs of the settings are done already, as many again are added. Whether it goes on is told by
    ``session.step > 0``.
    """
    if checkpoint is None or not can_continue(checkpoint, fingerprint(network, settings, data)):
        return Session(network, settings, data)
    if checkpoint.epoch >= settings.epochs:
        settings = settings.replace(epochs=checkpoint.epoch + settings.epochs)
    return Session(network, settings, data, checkpoint=checkpoint)
