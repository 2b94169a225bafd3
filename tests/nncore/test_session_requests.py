"""What can be asked of a running training, from its own and from other threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from nncore.events import (
    ChangeOptimizer,
    EpochDone,
    Event,
    Finished,
    FinishEpoch,
    Pause,
    Paused,
    Resume,
    Started,
    StepDone,
    StepOnce,
    Stop,
    TakeSnapshot,
)
from nncore.optimizers import SGD, Adam
from nncore.predictor import Predictor
from nncore.session import Session
from nncore.types import Array
from tests.nncore.examples import (
    STEPS,
    class_data,
    finish,
    run_until,
    session,
)

WAIT = 30.0  # seconds until a thread that hangs fails the test


# --- Requests ---------------------------------------------------------------------------------------------------


def test_that_a_paused_start_waits_before_the_first_step() -> None:
    trained = session()
    events = trained.run(paused=True)
    assert isinstance(next(events), Started)
    assert next(events) == Paused(0)
    trained.request(StepOnce())
    assert isinstance(next(events), StepDone)
    assert next(events) == Paused(1)
    trained.request(Stop())
    assert next(events) == Finished(stopped=True)
    assert list(events) == []
    assert trained.step == 1


def test_that_one_step_and_the_rest_of_an_epoch_are_learned_on_request() -> None:
    trained = session()
    events = trained.run(paused=True)
    assert [type(next(events)) for _ in range(2)] == [Started, Paused]
    for step in (1, 2):
        trained.request(StepOnce())
        assert [type(next(events)) for _ in range(2)] == [StepDone, Paused]
        assert trained.step == step
    trained.request(FinishEpoch())
    assert [type(next(events)) for _ in range(7)] == [*[StepDone] * 5, EpochDone, Paused]
    assert trained.epoch == 1.0
    trained.request(FinishEpoch())
    assert [type(next(events)) for _ in range(9)] == [*[StepDone] * STEPS, EpochDone, Paused]
    assert trained.epoch == 2.0


def test_that_the_last_step_of_an_epoch_made_alone_ends_the_epoch() -> None:
    trained = session(epochs=2)
    events = trained.run(paused=True)
    assert [type(next(events)) for _ in range(2)] == [Started, Paused]
    trained.request(FinishEpoch())
    assert [type(next(events)) for _ in range(9)] == [*[StepDone] * STEPS, EpochDone, Paused]
    for _ in range(STEPS - 1):
        trained.request(StepOnce())
        assert [type(next(events)) for _ in range(2)] == [StepDone, Paused]
    trained.request(StepOnce())
    assert [type(event) for event in events] == [StepDone, EpochDone, Finished]


def test_that_requests_between_two_steps_are_all_honoured_and_stop_wins() -> None:
    trained = session()
    events = trained.run()
    next(events)
    next(events)
    for request in (Pause(), TakeSnapshot(), Stop(), Resume(), Pause()):
        trained.request(request)
    assert list(events) == [Finished(stopped=True)]
    assert trained.snapshot.step == 1


def test_that_a_request_within_a_pause_does_not_tell_the_pause_again() -> None:
    trained = session()
    events = trained.run(paused=True)
    assert [type(next(events)) for _ in range(2)] == [Started, Paused]
    before = trained.snapshot
    trained.request(TakeSnapshot())
    trained.request(Resume())
    assert isinstance(next(events), StepDone)
    assert trained.snapshot is not before


class Background:
    """A session that runs in a thread of its own, with its events and a way to wait for them."""

    def __init__(self, trained: Session) -> None:
        self.session = trained
        self.events: list[Event] = []
        self._changed = threading.Condition()
        self._over = False
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            for event in self.session.run():
                with self._changed:
                    self.events.append(event)
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: condition() or self._over, WAIT)
            assert condition()

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


@pytest.fixture
def background() -> Iterator[Background]:
    """A training of very many epochs in another thread, stopped at the end."""
    running = Background(session(epochs=1_000_000))
    yield running
    running.session.request(Stop())
    running.thread.join(WAIT)
    assert not running.thread.is_alive()


def test_that_a_pause_from_another_thread_waits_until_it_is_resumed(background: Background) -> None:
    background.wait_for(lambda: background.count(StepDone) > 3)
    background.session.request(Pause())
    background.wait_for(lambda: background.count(Paused) == 1)
    step, told = background.session.step, len(background.events)
    background.thread.join(0.05)
    assert background.thread.is_alive()
    assert background.session.step == step
    assert len(background.events) == told
    assert background.session.snapshot.step == step
    background.session.request(Resume())
    background.wait_for(lambda: background.session.step > step + 3)


def test_that_a_stop_wakes_a_paused_training(background: Background) -> None:
    background.session.request(Pause())
    background.wait_for(lambda: background.count(Paused) == 1)
    background.session.request(Stop())
    background.thread.join(WAIT)
    assert background.events[-1] == Finished(stopped=True)


def test_that_a_checkpoint_can_be_asked_for_from_another_thread(background: Background) -> None:
    background.wait_for(lambda: background.count(StepDone) > 3)
    running = background.session.request_checkpoint().result(WAIT)
    assert running.snapshot.step > 3
    background.session.request(Pause())
    background.wait_for(lambda: background.count(Paused) == 1)
    paused = background.session.request_checkpoint().result(WAIT)
    assert paused.snapshot.step == background.session.step
    background.session.request(Stop())
    background.thread.join(WAIT)
    ended = background.session.request_checkpoint().result(0)
    assert ended.snapshot.step == background.session.step
    assert len(ended.history.step_loss) == ended.snapshot.step


def test_that_the_history_can_be_read_while_training(background: Background) -> None:
    seen: Array = np.empty(0)
    while len(seen) < 300:
        history = background.session.history
        count = len(history.step_loss)
        losses, metrics = history.step_loss.values()[:count], history.step_metric.values()[:count]
        assert len(losses) == len(metrics) == count
        np.testing.assert_array_equal(losses[: len(seen)], seen)
        assert np.isfinite(losses).all()
        assert ((metrics >= 0) & (metrics <= 1)).all()
        copy = history.copy()
        assert copy.epoch_count() >= count // STEPS - 1
        seen = losses.copy()


def test_that_snapshots_can_be_used_while_training(background: Background) -> None:
    x = class_data().train.x
    steps: set[int] = set()
    while len(steps) < 5:
        snapshot = background.session.snapshot
        steps.add(snapshot.step)
        output = Predictor.of(snapshot).predict(x)
        np.testing.assert_array_equal(output, Predictor.of(snapshot).predict(x))
        assert np.isfinite(output).all()
        background.session.request(TakeSnapshot())


# --- Live changes -----------------------------------------------------------------------------------------------


def test_that_a_new_learning_rate_acts_from_the_next_step_on() -> None:
    trained = session(optimizer=SGD(0.1))
    events = trained.run()
    next(events)
    next(events)
    before = trained.parameters.copy()
    trained.request(ChangeOptimizer(SGD(1e-30)))
    next(events)
    np.testing.assert_array_equal(trained.parameters, before)
    trained.request(ChangeOptimizer(SGD(0.1)))
    next(events)
    assert (trained.parameters != before).any()
    assert trained.settings.optimizer == SGD(0.1)


def test_that_only_live_fields_change_while_training() -> None:
    trained = session(optimizer=Adam(0.01))
    events = trained.run()
    next(events)
    trained.request(ChangeOptimizer(Adam(0.5, beta_1=0.1, beta_2=0.2, epsilon=0.3)))
    next(events)
    assert trained.settings.optimizer == Adam(0.5)
    trained.request(ChangeOptimizer(SGD(0.7)))
    next(events)
    assert trained.settings.optimizer == Adam(0.5)


def test_that_the_momentum_changes_while_training() -> None:
    trained = session(optimizer=SGD(0.1))
    events = trained.run()
    next(events)
    trained.request(ChangeOptimizer(SGD(0.2, 0.9, nesterov=True)))
    next(events)
    assert trained.settings.optimizer == SGD(0.2, 0.9, nesterov=True)


# --- Snapshots --------------------------------------------------------------------------------------------------


def test_that_a_snapshot_is_read_only_and_never_changes() -> None:
    trained = session()
    first = trained.snapshot
    np.testing.assert_array_equal(first.parameters, trained.first_parameters)
    with pytest.raises(ValueError, match="read-only"):
        first.parameters[0] = 1.0
    kept = first.parameters.copy()
    finish(trained)
    np.testing.assert_array_equal(first.parameters, kept)
    last = trained.snapshot
    np.testing.assert_array_equal(last.parameters, trained.parameters)
    assert (last.step, last.epoch) == (21, 3.0)
    assert (first.step, first.epoch) == (0, 0.0)


def test_that_each_epoch_ends_with_a_snapshot() -> None:
    trained = session()
    for event in trained.run():
        if isinstance(event, EpochDone):
            assert (trained.snapshot.step, trained.snapshot.epoch) == (event.epoch * STEPS, event.epoch)
            np.testing.assert_array_equal(trained.snapshot.parameters, trained.parameters)


def test_that_a_checkpoint_does_not_change_with_the_training() -> None:
    trained = session()
    checkpoint = run_until(trained, 3)
    kept = checkpoint.snapshot.parameters.copy()
    slots = {name: slot.copy() for name, slot in checkpoint.optimizer.slots.items()}
    finish(trained)
    np.testing.assert_array_equal(checkpoint.snapshot.parameters, kept)
    for name, slot in slots.items():
        np.testing.assert_array_equal(checkpoint.optimizer.slots[name], slot)
    assert len(checkpoint.history.step_loss) == 3
    assert checkpoint.class_names == ("red", "green", "blue")
