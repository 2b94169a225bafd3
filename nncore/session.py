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
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import DTypeLike

from nncore import metrics as measures
from nncore.computing.threads import one_blas_thread
from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
from nncore.events import (
    Change,
    ChangeEpochs,
    ChangeNetwork,
    ChangeOptimizer,
    ChangeSettings,
    EpochDone,
    Event,
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
from nncore.metrics import Metric
from nncore.network import Network
from nncore.optimizers import OptimizerState
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint, Snapshot
from nncore.training import resuming
from nncore.training.batches import batch_rows
from nncore.training.breakdown import break_down
from nncore.training.diagnosis import all_finite, broken_weights, worst
from nncore.training.fingerprint import can_continue, fingerprint
from nncore.training.inbox import Inbox, Item
from nncore.training.learner import Learner
from nncore.training.live import network_with_live, with_live
from nncore.training.supervisor import Supervisor
from nncore.types import FLOAT32, Array


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

    Attributes:
        history: the course of the training, for any thread.

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
        chosen = [measures.get(asked) for asked in (metrics or [settings.metric])]
        self._learner = learner = Learner(network, settings, data, chosen, parameters, dtype)
        self._supervisor = Supervisor(settings, learner.measured)
        if optimizer_state is not None:
            learner.updater.restore(optimizer_state)
        if checkpoint is not None:
            resuming.put_back(checkpoint, learner, self._supervisor)
        if where := broken_weights(network, self.parameters):
            raise InputError(f"There are weights to start with that are no finite numbers, {where}.", "Start anew.")
        if checkpoint is not None:
            learner.publish()
        self.data, self.metrics, self.history = data, learner.metrics, learner.history
        self._inbox = Inbox(self.checkpoint)
        self._mode = "run"

    # --- State that anyone may ask for ---

    @property
    def network(self) -> Network:
        """What is trained, with the live fields of now."""
        return self._learner.network

    @property
    def settings(self) -> TrainingSettings:
        """How, with the live fields and the number of epochs of now."""
        return self._learner.settings

    @property
    def batch_size(self) -> int:
        """Rows of a full batch."""
        return self._learner.batches.size

    @property
    def steps_per_epoch(self) -> int:
        """Batches of an epoch, with the batch size of now."""
        return self._learner.batches.steps()

    @property
    def step(self) -> int:
        """Number of steps made."""
        return len(self.history.step_loss)

    @property
    def epoch(self) -> float:
        """Epochs made, with the fraction of the one under way."""
        return self._learner.progress

    @property
    def optimizer_state(self) -> OptimizerState:
        """A copy of what the optimizer remembers; only for the thread that trains."""
        return self._learner.updater.state()

    @property
    def parameters(self) -> Array:
        """The flat parameters as they are now; lent, and only to the thread that trains."""
        return self._learner.plan.parameters

    @property
    def snapshot(self) -> Snapshot:
        """The weights that were published last; for any thread."""
        return self._learner.published.snapshot

    @property
    def first_parameters(self) -> Array:
        """The flat parameters that the seed gives; drawn anew each time, rather than kept."""
        return self._learner.first_parameters

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
        self._inbox.put(request)

    def request_checkpoint(self) -> Future[Checkpoint]:
        """Ask for a checkpoint; the future has it before the next step, or at once when nothing is running."""
        return self._inbox.ask_for_checkpoint()

    # --- The loop ---

    def run(self, *, paused: bool = False) -> Generator[Event]:
        """Learn until all epochs of the settings are done, and tell of every step.

        Args:
            paused: wait for a request before the first step.
        """
        self._inbox.open()
        self._mode = "pause" if paused else "run"
        learner = self._learner
        try:
            with learner.plan.team.at_work():
                yield Started(learner.epoch, self.settings.epochs, self.steps_per_epoch, self.parameters.size)
                yield from self._epochs(learner)
        finally:
            self._inbox.close()

    def _epochs(self, learner: Learner) -> Iterator[Event]:
        note, asked, samples = "", self._inbox.items, len(learner.batches)
        while learner.position or learner.epoch < learner.settings.epochs:
            while learner.position < samples:
                if asked or self._mode != "run":
                    yield from self._heed()
                    if self._mode == "stop":
                        learner.publish()
                        yield Finished(stopped=True)
                        return
                    if not learner.position and learner.epoch >= learner.settings.epochs:
                        break  # fewer epochs are wanted now
                loss = learner.learn_batch()
                if not math.isfinite(loss):
                    yield break_down(learner, "loss", loss)
                    return
                if learner.gradient_broken:
                    yield break_down(learner, "gradient", worst(learner.plan.gradients))
                    return
                yield StepDone(learner.step, learner.epoch + 1, loss)
            if not learner.position:
                break
            if not all_finite(self.parameters):
                yield break_down(learner, "weights", worst(self.parameters))
                return
            logs = learner.end_epoch()
            note = self._supervisor.after_epoch(logs, self.snapshot, learner.updater)
            for change in self._inbox.take_changes():  # more epochs that are asked for in the last one still count
                self._change(change)
            yield EpochDone(learner.epoch, logs, bool(note) or learner.epoch >= learner.settings.epochs)
            if note:
                break
            if self._mode == "epoch":
                self._mode = "pause"
        yield Finished(stopped=False, note=self._go_back_to_best(note))

    def _go_back_to_best(self, note: str) -> str:
        """Take over the weights of the best epoch, if the settings ask for it; return ``note`` with words about it."""
        best = self._supervisor.best
        if best is not None and self._supervisor.restores and best.step != self.step:
            np.copyto(self.parameters, best.parameters)
            self._learner.published.show(dataclasses.replace(best, network=self.network))
            note = f"{note or 'All epochs are done'}; the weights of epoch {best.epoch:g}, the best one, are back"
        return f"{note}." if note else ""

    def _heed(self) -> Iterator[Event]:
        """Honour the requests; in a pause, wait for more until one lets the training go on."""
        told = False
        if self._mode == "step":
            self._mode = "pause"
        while True:
            while self._inbox.items:
                self._honour(self._inbox.items.popleft())
                told = told and self._mode == "pause"
            if self._mode != "pause":
                return
            if not told:
                self._learner.publish()
                told = True
                yield Paused(self.step)
            self._inbox.wait()

    def _honour(self, request: Item) -> None:
        if isinstance(request, Future):
            request.set_result(self.checkpoint())
        elif isinstance(request, TakeSnapshot):
            self._learner.publish()
        elif isinstance(request, Change):
            self._change(request)
        elif self._mode != "stop":
            modes = {Pause: "pause", Resume: "run", Stop: "stop", StepOnce: "step", FinishEpoch: "epoch"}
            self._mode = modes[type(request)]

    def _change(self, request: Change) -> None:
        """Take over the live fields; the others would not fit what has been learned."""
        learner, settings = self._learner, self.settings
        if isinstance(request, ChangeEpochs):
            begun = learner.epoch + (learner.position > 0)
            learner.settings = settings.replace(epochs=max(request.epochs, begun, 1))
        elif isinstance(request, ChangeNetwork):
            learner.change_network(network_with_live(self.network, request.network))
        elif isinstance(request, ChangeOptimizer):
            learner.change_settings(settings.replace(optimizer=with_live(settings.optimizer, request.optimizer)))
        else:
            learner.change_settings(with_live(settings, request.settings).replace(epochs=settings.epochs))

    # --- Measuring and keeping ---

    def evaluate(self, samples: Samples) -> dict[str, float]:
        """Return loss and metrics of the present weights; only between events, from the thread that trains."""
        with one_blas_thread():
            return self._learner.evaluator.evaluate(samples)

    def checkpoint(self) -> Checkpoint:
        """Return everything needed to go on from here; only between events, from the thread that trains."""
        return resuming.take(self._learner, self._supervisor)


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
