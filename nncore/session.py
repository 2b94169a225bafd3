"""The training loop, as a generator of events.

``Session.run()`` learns one batch, tells of it, and looks for requests before the next. The command line, the tests,
the Keras-shaped front and the window's thread all drive this same loop. ``Session.request`` may be called from any
thread; everything else belongs to the thread that runs the loop, but for ``history`` and ``snapshot``, which are made
to be read from anywhere.

Invariant: what is learned depends on network, data, settings and seed only, not on pauses, requests or who is looking.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
from nncore.evaluator import Evaluator
from nncore.events import (
    ChangeOptimizer,
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
from nncore.history import History
from nncore.metrics import METRICS, Metric
from nncore.network import Network, trace
from nncore.optimizers import OptimizerState
from nncore.plan import Plan, initial_parameters
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint, Snapshot
from nncore.threads import one_blas_thread
from nncore.types import FLOAT32, Array

KEEP_GOOD_EVERY = 100  # steps between two copies of weights that are known to be good


class Session:
    """One training of one network.

    Args:
        network: what is trained.
        settings: how.
        data: on what; already split and scaled.
        metrics: names of the metrics; the one of the settings when None. The first is recorded for each step.
        checkpoint: where to go on; None to start with the weights of the seed.
        parameters: weights to start with instead of the seed's; flat, copied.
        optimizer_state: what the optimizer remembers of earlier steps.
        dtype: floating type of weights and buffers.

    Raises:
        InputError: the network has a problem, does not fit the data, the batch size is larger than the data, or the
            checkpoint belongs to another training.
    """

    def __init__(
        self,
        network: Network,
        settings: TrainingSettings,
        data: TrainingData,
        *,
        metrics: Sequence[str] | None = None,
        checkpoint: Checkpoint | None = None,
        parameters: Array | None = None,
        optimizer_state: OptimizerState | None = None,
        dtype: DTypeLike = FLOAT32,
    ) -> None:
        trace(network, settings.loss, data.target, data.data.input_shape).require()
        self.network, self.settings, self.data = network, settings, data
        self.metrics: list[Metric] = [METRICS.get(name) for name in (metrics or [settings.metric])]
        self.dtype = np.dtype(dtype)
        self.batch_size = batch_rows(settings.batch_size, len(data.train))
        self.steps_per_epoch = math.ceil(len(data.train) / self.batch_size)
        self.history = History(self.metrics[0].name, self.steps_per_epoch)
        self.first_parameters = initial_parameters(network, settings.seed, self.dtype)
        self._rng = np.random.default_rng([settings.seed, 1])
        start = self.first_parameters if parameters is None else parameters
        self._plan = Plan(
            network, start.astype(self.dtype), self.batch_size, loss=settings.loss, training=True, rng=self._rng
        )
        self._evaluator = Evaluator(network, self._plan.parameters, settings.loss, self.metrics, data)
        output = self._plan.output_shape
        self._targets = settings.loss.encode(data.train.y, output, data.target.classes, self.dtype)
        self._inputs = data.train.x.astype(self.dtype, copy=False)
        self._updater = settings.optimizer.bind(self._plan.parameters, self._plan.gradients)
        if optimizer_state is not None:
            self._updater.restore(optimizer_state)
        self._epoch = 0
        self._position = 0
        self._sums = np.zeros(1 + len(self.metrics))
        self._order: Array | None = None
        self._requests: deque[Request | Future[Checkpoint]] = deque()
        self._wake = threading.Condition()
        self._mode = "run"
        self._running = False
        if checkpoint is not None:
            self._restore(checkpoint)
        self.snapshot = self._take_snapshot()
        self._good = self.snapshot

    # --- State that anyone may ask for ---

    @property
    def step(self) -> int:
        """Number of steps made."""
        return len(self.history.step_loss)

    @property
    def epoch(self) -> float:
        """Epochs made, with the fraction of the one under way."""
        return self._epoch + self._position / len(self._inputs)

    @property
    def optimizer_state(self) -> OptimizerState:
        """A copy of what the optimizer remembers; only for the thread that trains."""
        return self._updater.state()

    @property
    def parameters(self) -> Array:
        """The flat parameters as they are now; lent, and only to the thread that trains."""
        return self._plan.parameters

    def fingerprint(self) -> dict[str, Json]:
        """Return what must be the same for a training to go on; see the function ``fingerprint``."""
        return fingerprint(self.network, self.settings, self.data)

    # --- Asking, from any thread ---

    def request(self, request: Request) -> None:
        """Ask for something; it is honoured before the next step."""
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
                return future
        future.set_result(self.checkpoint())
        return future

    # --- The loop ---

    def run(self, *, paused: bool = False) -> Iterator[Event]:
        """Learn until all epochs of the settings are done, and tell of every step.

        Args:
            paused: wait for a request before the first step.
        """
        with self._wake:
            self._running = True
        self._mode = "pause" if paused else "run"
        try:
            with one_blas_thread():
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
        while self._epoch < self.settings.epochs:
            while self._position < len(self._inputs):
                if self._requests or self._mode != "run":
                    yield from self._heed()
                    if self._mode == "stop":
                        self.snapshot = self._take_snapshot()
                        yield Finished(stopped=True)
                        return
                loss = self._learn_batch()
                if not math.isfinite(loss):
                    yield self._fail("loss", loss, self.step + 1)
                    return
                yield StepDone(self.step, self._epoch + 1, loss)
            if not np.isfinite(self.parameters).all():
                yield self._fail("weights", float("nan"), self.step)
                return
            logs = self._end_epoch()
            yield EpochDone(self._epoch, logs)
            if self._mode == "epoch":
                self._mode = "pause"
        yield Finished(stopped=False)

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
                self.snapshot = self._take_snapshot()
                told = True
                yield Paused(self.step)
            with self._wake:
                if not self._requests:
                    self._wake.wait()

    def _honour(self, request: Request | Future[Checkpoint]) -> None:
        if isinstance(request, Future):
            request.set_result(self.checkpoint())
        elif isinstance(request, TakeSnapshot):
            self.snapshot = self._take_snapshot()
        elif isinstance(request, ChangeOptimizer):
            self._change_optimizer(request)
        elif self._mode != "stop":
            modes = {Pause: "pause", Resume: "run", Stop: "stop", StepOnce: "step", FinishEpoch: "epoch"}
            self._mode = modes[type(request)]

    def _change_optimizer(self, request: ChangeOptimizer) -> None:
        """Take over the live fields; the others would not fit what the optimizer remembers."""
        new, old = request.optimizer, self._updater.spec
        if type(new) is type(old):
            live = {field.name: getattr(new, field.name) for field in new.fields() if field.rule.live}
            self._updater.spec = old.replace(**live)
            self.settings = self.settings.replace(optimizer=self._updater.spec)

    def _learn_batch(self) -> float:
        """Learn the next batch and return its loss; a loss that is not finite changes nothing."""
        began = time.perf_counter()
        rows = min(self.batch_size, len(self._inputs) - self._position)
        bound = self._plan.bind(rows)
        if self._order is None:
            self._order = self._draw_order()
        chosen = self._order[self._position : self._position + rows]
        np.take(self._inputs, chosen, axis=0, out=bound.x, mode="clip")
        np.take(self._targets, chosen, axis=0, out=bound.target, mode="clip")
        with np.errstate(all="ignore"):
            bound.forward()
            loss = bound.loss_value()
            if not math.isfinite(loss):
                return loss
            measured = [metric.value(bound.target, bound.output) for metric in self.metrics]
            bound.backward()
            self._updater.step()
        scale = self.data.scaling.target_scale
        measured = [value * scale**m.unit_power for value, m in zip(measured, self.metrics, strict=True)]
        self._sums += [loss * rows, *(value * rows for value in measured)]
        self._position += rows
        self.history.samples += rows
        self.history.add_step(loss, measured[0])
        if self.step % KEEP_GOOD_EVERY == 0:
            self._keep_good()
        self.history.seconds += time.perf_counter() - began
        return loss

    def _draw_order(self) -> Array:
        """Return the order of the samples in this epoch; it follows from seed and epoch, so nothing has to be kept."""
        if not self.settings.shuffle:
            return np.arange(len(self._inputs))
        order: Array = np.random.default_rng([self.settings.seed, 2, self._epoch]).permutation(len(self._inputs))
        return order

    def _end_epoch(self) -> dict[str, float]:
        began = time.perf_counter()
        names = ["loss", *(metric.name for metric in self.metrics)]
        logs = dict(zip(names, (float(value) for value in self._sums / self._position), strict=True))
        if self.data.validation is not None:
            measured = self._evaluator.evaluate(self.data.validation)
            logs.update({f"val_{name}": value for name, value in measured.items()})
        self.history.add_epoch(logs)
        self._epoch, self._position, self._order = self._epoch + 1, 0, None
        self._sums[:] = 0
        self.snapshot = self._take_snapshot()
        self._keep_good()
        self.history.seconds += time.perf_counter() - began
        return logs

    def _take_snapshot(self) -> Snapshot:
        return Snapshot.of(self.network, self._plan.parameters, self.step, self.epoch)

    def _keep_good(self) -> None:
        """Keep the present weights, if they are finite, as those to fall back to."""
        if np.isfinite(self._plan.parameters).all():
            self._good = self._take_snapshot()

    def _fail(self, thing: str, value: float, step: int) -> Failed:
        """Put the last good weights back, forget what the optimizer remembers, and say what to try."""
        np.copyto(self._plan.parameters, self._good.parameters)
        self._updater.forget()
        self.snapshot = self._good
        what = "infinite" if math.isinf(value) else "NaN (not a number)"
        rate = self._updater.spec.learning_rate
        return Failed(
            f"The {thing} became {what} at step {step:,}, in epoch {self._epoch + 1}, so training stopped; the "
            f"weights of step {self._good.step:,} were kept.",
            f"Try a smaller learning rate than {rate:g}, for example {rate / 10:g}, and check the scale of the data.",
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
            snapshot=self._take_snapshot(),
            optimizer=self._updater.state(),
            epoch=self._epoch,
            position=self._position,
            sums=tuple(float(value) for value in self._sums),
            random_state=self._rng.bit_generator.state,
            history=self.history.copy(),
            settings=self.fingerprint(),
            scaling=self.data.scaling,
            class_names=data.class_names,
            feature_names=data.feature_names,
            target_name=data.target_name,
            classes=data.target.classes,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        fits = checkpoint.snapshot.network == self.network and len(checkpoint.sums) == len(self._sums)
        if not fits or not can_continue(checkpoint, self.fingerprint()):
            raise InputError(
                "The training cannot go on: network, data or settings are not those it was started with.",
                "Undo the changes, or train from the start.",
            )
        np.copyto(self._plan.parameters, checkpoint.snapshot.parameters)
        self._updater.restore(checkpoint.optimizer)
        self._epoch, self._position = checkpoint.epoch, checkpoint.position
        self._sums[:] = checkpoint.sums
        self._rng.bit_generator.state = checkpoint.random_state
        self.history = checkpoint.history.copy()


def batch_rows(batch_size: int | str, samples: int) -> int:
    """Return the rows of a full batch; raise ``InputError`` when there are fewer samples than that, or none."""
    if samples < 1:
        raise InputError("There are no training samples.", "Make the validation split smaller, or choose other data.")
    if batch_size == "full":
        return samples
    rows = int(batch_size)
    if rows > samples:
        raise InputError(
            f"The batch size is {rows:,}, but there are only {samples:,} training samples.",
            f'Choose at most {samples:,}, or "full".',
        )
    return rows


def fingerprint(network: Network, settings: TrainingSettings, data: TrainingData) -> dict[str, Json]:
    """Return all that decides the course of a training but for epochs and optimizer, which may change on the way."""
    return {
        "network": network.to_json(),
        "loss": settings.loss.to_json(),
        "metric": settings.metric,
        "batch_size": settings.batch_size,
        "shuffle": settings.shuffle,
        "seed": settings.seed,
        "data": data.data.name,
        "scaling": data.scaling.to_json(),
        "samples": len(data.train),
    }


def changes(checkpoint: Checkpoint, wanted: dict[str, Any]) -> list[str]:
    """Return which entries of the fingerprint ``wanted`` are not those that the checkpoint was made with."""
    return [name for name, value in wanted.items() if checkpoint.settings.get(name) != value]


def can_continue(checkpoint: Checkpoint, wanted: dict[str, Any]) -> bool:
    """Return whether a training with the fingerprint ``wanted`` can go on from the checkpoint."""
    return not changes(checkpoint, wanted)


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
