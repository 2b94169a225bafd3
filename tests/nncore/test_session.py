"""The training loop: events, requests, repeatability, and what it does with bad numbers."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
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
from nncore.layers import Dense, Dropout, Flatten
from nncore.metrics import METRICS
from nncore.network import Network
from nncore.optimizers import SGD, Adam
from nncore.predictor import Predictor
from nncore.project import Project, TrainingSettings
from nncore.project_file import load_project, save_project
from nncore.session import Evaluator, Session, can_continue, start_or_continue
from nncore.snapshot import Checkpoint
from nncore.types import Array
from tests.nncore.examples import (
    class_data,
    class_network,
    class_settings,
    number_data,
    number_network,
    number_settings,
)
from tests.nncore.harness import QUICK, check_no_growth

STEPS = 7  # of one epoch of class_data in batches of 8
WAIT = 30.0  # seconds until a thread that hangs fails the test


def session(**changes: object) -> Session:
    """Return a session of the classifier with Dropout."""
    return Session(class_network(), class_settings(**changes), class_data())


def finish(trained: Session) -> list[Event]:
    """Run to the end and return all events."""
    return list(trained.run())


def same_course(one: Session, other: Session) -> None:
    """Assert that two trainings have the same weights, memory and course, bit by bit."""
    np.testing.assert_array_equal(one.parameters, other.parameters)
    for name, slot in one.optimizer_state.slots.items():
        np.testing.assert_array_equal(slot, other.optimizer_state.slots[name])
    a, b = one.history.arrays(), other.history.arrays()
    assert list(a) == list(b)
    for name in set(a) - {"totals"}:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)
    assert one.history.samples == other.history.samples


# --- Events -----------------------------------------------------------------------------------------------------


def test_that_events_come_in_order() -> None:
    trained = session()
    events = finish(trained)
    assert [type(event) for event in events] == [Started, *([StepDone] * STEPS + [EpochDone]) * 3, Finished]
    assert events[0] == Started(0, 3, STEPS, trained.network.count_params())
    assert events[-1] == Finished(stopped=False)
    steps = [event for event in events if isinstance(event, StepDone)]
    assert [event.step for event in steps] == list(range(1, 22))
    assert [event.epoch for event in steps] == [1] * STEPS + [2] * STEPS + [3] * STEPS
    assert [event.loss for event in steps] == trained.history.step_loss.values().tolist()
    assert trained.step == 21
    assert trained.epoch == 3.0
    assert trained.history.samples == 150
    assert trained.history.seconds > 0


def test_that_each_epoch_tells_loss_metric_and_both_of_the_validation() -> None:
    trained = session()
    logs = [event.logs for event in trained.run() if isinstance(event, EpochDone)]
    assert [list(entry) for entry in logs] == [["loss", "accuracy", "val_loss", "val_accuracy"]] * 3
    for name in logs[0]:
        assert trained.history.epoch_values(name).tolist() == [entry[name] for entry in logs]


def test_that_without_validation_samples_nothing_is_validated() -> None:
    trained = Session(class_network(), class_settings(), class_data(50, 0))
    finish(trained)
    assert list(trained.history.epochs) == ["loss", "accuracy"]


def test_that_the_loss_of_an_epoch_weighs_the_short_batch_by_its_rows() -> None:
    trained = session(epochs=1)
    events = finish(trained)
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    logs = next(event.logs for event in events if isinstance(event, EpochDone))
    assert logs["loss"] == pytest.approx(np.average(losses, weights=[8] * 6 + [2]), rel=1e-12)
    metrics = trained.history.step_metric.values()
    assert logs["accuracy"] == pytest.approx(np.average(metrics, weights=[8] * 6 + [2]), rel=1e-12)


def test_that_several_metrics_are_measured_when_asked_for() -> None:
    trained = Session(class_network(), class_settings(epochs=1), class_data(), metrics=METRICS.names())
    finish(trained)
    wanted = ["loss", *METRICS.names()]
    assert list(trained.history.epochs) == [*wanted, *(f"val_{name}" for name in wanted)]


@pytest.mark.parametrize("name", METRICS.names())
def test_that_every_metric_can_be_chosen_for_classes_and_numbers(name: str) -> None:
    for trained in (
        session(metric=name, epochs=1),
        Session(number_network(), number_settings(metric=name, epochs=1), number_data()),
    ):
        finish(trained)
        assert math.isfinite(trained.history.epoch_values(f"val_{name}")[-1])


def test_that_training_learns() -> None:
    trained = Session(class_network(), class_settings(epochs=30), class_data())
    finish(trained)
    losses = trained.history.epoch_values("loss")
    assert losses[-1] < 0.5 * losses[0]
    assert trained.history.epoch_values("val_accuracy")[-1] > 0.8


def test_that_an_error_is_told_in_the_unit_of_the_data() -> None:
    data = number_data(scale=50.0)
    trained = Session(number_network(), number_settings(), data, metrics=["mae", "mse"])
    finish(trained)
    assert data.validation is not None
    output = Predictor.of(trained.snapshot).predict(data.validation.x)[:, 0]
    error = 50.0 * (output - data.validation.y)
    assert trained.history.epoch_values("val_mae")[-1] == pytest.approx(np.abs(error).mean(), rel=1e-5)
    assert trained.history.epoch_values("val_mse")[-1] == pytest.approx(np.square(error).mean(), rel=1e-5)
    assert trained.history.epoch_values("val_loss")[-1] == pytest.approx(np.square(error / 50).mean(), rel=1e-5)


def test_that_validation_measures_what_the_evaluator_measures() -> None:
    data = class_data(60, 300)
    trained = Session(class_network(), class_settings(epochs=1, batch_size=16), data)
    finish(trained)
    assert data.validation is not None
    evaluator = Evaluator(trained.network, trained.parameters, trained.settings.loss, trained.metrics, data)
    measured = evaluator.evaluate(data.validation)
    assert measured == trained.evaluate(data.validation)
    for name, value in measured.items():
        assert trained.history.epoch_values(f"val_{name}")[-1] == value
    output = Predictor.of(trained.snapshot).predict(data.validation.x)
    right = output.argmax(axis=1) == data.validation.y
    assert measured["accuracy"] == pytest.approx(right.mean())
    p = output[np.arange(len(output)), data.validation.y]
    assert measured["loss"] == pytest.approx(-np.log(p.astype(np.float64)).mean(), rel=1e-5)


def test_that_without_shuffling_the_samples_come_in_their_order() -> None:
    data = number_data(16, 0)
    network = Network((2,), (Dense(1, use_bias=False),))
    trained = Session(network, number_settings(shuffle=False, epochs=1, optimizer=SGD(0.1)), data)
    w = trained.first_parameters.astype(np.float64).reshape(2, 1)
    for start in (0, 8):
        x, y = data.train.x[start : start + 8], data.train.y[start : start + 8, None]
        w -= 0.1 * 2 * x.T @ (x @ w - y) / 8
    finish(trained)
    np.testing.assert_allclose(trained.parameters, w.ravel(), rtol=1e-5)


def test_that_an_epoch_takes_every_sample_once_in_an_order_of_its_own() -> None:
    trained = session()
    orders = []
    for event in trained.run():
        if isinstance(event, StepDone) and event.step % STEPS == 1:
            assert trained._order is not None
            orders.append(trained._order.tolist())
    assert [sorted(order) for order in orders] == [list(range(50))] * 3
    assert orders[0] != orders[1] != orders[2]


def test_that_full_means_the_whole_training_part_as_one_batch() -> None:
    trained = session(batch_size="full", epochs=2)
    assert trained.batch_size == 50
    assert sum(isinstance(event, StepDone) for event in trained.run()) == 2


def test_that_single_and_double_precision_tell_the_same_story() -> None:
    network = class_network(Flatten())
    single = Session(network, class_settings(), class_data())
    double = Session(network, class_settings(), class_data(), dtype=np.float64)
    finish(single)
    finish(double)
    assert double.parameters.dtype == np.float64
    np.testing.assert_allclose(single.parameters, double.parameters, rtol=1e-3, atol=1e-4)


def test_that_steps_leave_no_memory_behind() -> None:
    running = session(epochs=1000).run()
    check_no_growth(lambda: next(running))


# --- Same seed, same bits ---------------------------------------------------------------------------------------


def test_that_the_same_seed_gives_the_same_bits() -> None:
    one, other = session(), session()
    finish(one)
    finish(other)
    same_course(one, other)


def test_that_another_seed_gives_another_course() -> None:
    one, other = session(seed=1), session(seed=2)
    assert (one.first_parameters != other.first_parameters).any()
    finish(one)
    finish(other)
    assert (one.parameters != other.parameters).any()
    shared = np.zeros(one.parameters.size) + 0.1
    a, b = (Session(class_network(), class_settings(seed=seed), class_data(), parameters=shared) for seed in (1, 2))
    finish(a)
    finish(b)
    assert (a.parameters != b.parameters).any()


UNPAUSING: list[Request] = [Resume(), StepOnce(), FinishEpoch()]
HARMLESS: list[Request] = [Pause(), Resume(), StepOnce(), FinishEpoch(), TakeSnapshot()]


@QUICK
@given(
    st.dictionaries(st.integers(0, 20), st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=3), max_size=8),
    st.lists(st.sampled_from(UNPAUSING), max_size=30),
    st.booleans(),
)
def test_that_pauses_and_single_steps_change_no_bit(
    asked: dict[int, list[Request]], answers: list[Request], paused: bool
) -> None:
    plain, disturbed = session(), session()
    finish(plain)
    pending = list(answers)
    kinds = []
    for event in disturbed.run(paused=paused):
        kinds.append(type(event))
        if isinstance(event, Paused):
            assert event.step == disturbed.step
            disturbed.request(pending.pop() if pending else Resume())
        for request in asked.pop(disturbed.step, []):
            disturbed.request(request)
        if isinstance(event, Paused) or disturbed._mode == "pause":
            disturbed.request(Resume())
    same_course(plain, disturbed)
    assert [kind for kind in kinds if kind is not Paused] == [
        Started,
        *([StepDone] * STEPS + [EpochDone]) * 3,
        Finished,
    ]


def run_until(trained: Session, step: int) -> Checkpoint:
    """Stop after ``step`` steps and return the checkpoint that was asked for then."""
    future: Future[Checkpoint] | None = None
    for event in trained.run():
        if isinstance(event, StepDone) and event.step == step:
            future = trained.request_checkpoint()
            trained.request(Stop())
    assert future is not None
    return future.result(0)


@pytest.mark.parametrize("step", [1, 3, STEPS - 1, STEPS, STEPS + 1, 2 * STEPS + 4, 3 * STEPS - 1])
@pytest.mark.parametrize("optimizer", [Adam(0.01), SGD(0.05, 0.9), SGD(0.05)])
def test_that_a_training_saved_half_way_and_continued_has_the_same_bits(
    step: int, optimizer: Adam | SGD, tmp_path: Path
) -> None:
    whole = session(optimizer=optimizer)
    finish(whole)
    path = tmp_path / "half.nnw"
    half = session(optimizer=optimizer)
    checkpoint = run_until(half, step)
    assert half.step == step
    save_project(path, Project("half", half.network, training=half.settings), checkpoint)

    loaded = load_project(str(path))
    assert loaded.checkpoint is not None
    assert loaded.project.training == half.settings
    again = Session(loaded.project.network, loaded.project.training, class_data(), checkpoint=loaded.checkpoint)
    assert again.step == step
    assert again.epoch == half.epoch
    events = finish(again)
    assert events[0] == Started(step // STEPS, 3, STEPS, half.network.count_params())
    assert events[-1] == Finished(stopped=False)
    same_course(whole, again)


def test_that_the_same_session_can_go_on_after_a_stop() -> None:
    whole, stopped = session(), session()
    finish(whole)
    for event in stopped.run():
        if isinstance(event, StepDone) and event.step == 10:
            stopped.request(Stop())
    assert stopped.step == 10
    assert finish(stopped)[-1] == Finished(stopped=False)
    same_course(whole, stopped)


def test_that_a_finished_training_goes_on_with_more_epochs_as_if_it_had_never_ended(tmp_path: Path) -> None:
    whole, first = session(epochs=4), session(epochs=2)
    finish(whole)
    finish(first)
    second = Session(class_network(), class_settings(epochs=4), class_data(), checkpoint=first.checkpoint())
    finish(second)
    same_course(whole, second)


def test_that_a_checkpoint_of_another_training_is_refused() -> None:
    checkpoint = run_until(session(), 3)
    for network, settings, data in (
        (class_network(Dropout(0.4)), class_settings(), class_data()),
        (class_network(), class_settings(seed=6), class_data()),
        (class_network(), class_settings(batch_size=10), class_data()),
        (class_network(), class_settings(shuffle=False), class_data()),
        (class_network(), class_settings(), class_data(51)),
    ):
        with pytest.raises(InputError, match="cannot go on"):
            Session(network, settings, data, checkpoint=checkpoint)
        fresh = start_or_continue(network, settings, data, checkpoint)
        assert fresh.step == 0
        assert not can_continue(checkpoint, fresh.fingerprint())


def test_that_a_training_starts_or_continues_as_the_checkpoint_allows() -> None:
    assert start_or_continue(class_network(), class_settings(), class_data(), None).step == 0
    checkpoint = run_until(session(), 3)
    went_on = start_or_continue(class_network(), class_settings(epochs=5), class_data(), checkpoint)
    assert went_on.step == 3
    assert went_on.settings.epochs == 5
    done = session()
    finish(done)
    longer = start_or_continue(class_network(), class_settings(), class_data(), done.checkpoint())
    assert longer.settings.epochs == 6
    finish(longer)
    assert longer.step == 6 * STEPS


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


# --- Bad numbers and bad input ----------------------------------------------------------------------------------


def diverging(**changes: object) -> Session:
    """Return a regression whose rate is far too large for inputs of this size: the squares grow beyond all bounds."""
    data = number_data()
    large = TrainingData(data.data, Samples(data.train.x * 1e4, data.train.y), data.validation, None, data.scaling)
    settings = number_settings(optimizer=SGD(100.0), epochs=50).replace(**changes)
    return Session(Network((2,), (Dense(1),)), settings, large)


def test_that_a_loss_beyond_all_numbers_stops_the_training_and_keeps_good_weights() -> None:
    trained = diverging()
    events = finish(trained)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.sentence.startswith("The loss became ")
    assert f"the weights of step {failed.kept_step} were kept" in failed.sentence
    assert "Try a smaller learning rate than 100, for example 10" in failed.remedy
    assert np.isfinite(trained.parameters).all()
    np.testing.assert_array_equal(trained.snapshot.parameters, trained.parameters)
    assert trained.snapshot.step == failed.kept_step
    assert all(not slot.any() for slot in trained.optimizer_state.slots.values())
    assert np.isfinite(trained.history.step_loss.values()).all()


def test_that_the_weights_of_the_last_good_epoch_are_the_ones_kept() -> None:
    trained = session(optimizer=SGD(0.1), epochs=5)
    kept: Array | None = None
    for event in trained.run():
        if isinstance(event, EpochDone) and event.epoch == 2:
            kept = trained.parameters.copy()
        if isinstance(event, StepDone) and event.step == 2 * STEPS + 3:
            trained.parameters[...] = np.nan
    assert isinstance(event, Failed)
    assert event.kept_step == 2 * STEPS
    assert f"at step {2 * STEPS + 4}, in epoch 3" in event.sentence
    assert kept is not None
    np.testing.assert_array_equal(trained.parameters, kept)


def test_that_weights_spoilt_in_the_last_step_of_an_epoch_are_found_too() -> None:
    trained = session(optimizer=SGD(0.1), epochs=5)
    step = trained._updater.step

    def spoil() -> None:
        step()
        if trained.step == 2 * STEPS - 1:
            trained.parameters[3] = np.inf

    trained._updater.step = spoil  # type: ignore[method-assign]  # the accident is the point
    events = finish(trained)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.kept_step == STEPS
    assert failed.sentence.startswith("The weights became NaN (not a number) at step 14, in epoch 2")
    assert trained.history.epoch_count() == 1
    assert np.isfinite(trained.parameters).all()
    assert np.isfinite(trained.snapshot.parameters).all()


def test_that_nan_in_the_data_is_told_like_a_loss_that_became_nan() -> None:
    data = class_data()
    spoilt = data.train.x.copy()
    spoilt[17, 2] = np.nan
    broken = TrainingData(data.data, Samples(spoilt, data.train.y), None, None, data.scaling)
    trained = Session(class_network(), class_settings(), broken)
    assert isinstance(finish(trained)[-1], Failed)
    assert np.isfinite(trained.parameters).all()


def test_that_a_training_can_be_tried_again_after_it_failed() -> None:
    trained = diverging()
    assert isinstance(finish(trained)[-1], Failed)
    trained.request(ChangeOptimizer(SGD(1e-10)))
    events = finish(trained)
    assert events[-1] == Finished(stopped=False)
    assert np.isfinite(trained.parameters).all()


def test_that_a_batch_larger_than_the_data_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        session(batch_size=51)
    assert caught.value.sentence == "The batch size is 51, but there are only 50 training samples."
    assert caught.value.remedy == 'Choose at most 50, or "full".'


def test_that_data_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match="expects samples of shape 5, but the data have 4"):
        Session(class_network(features=5), class_settings(), class_data())


def test_that_a_network_with_a_problem_is_refused_with_its_sentence() -> None:
    network = Network((4,), (Dense(8, "relu"), Dense(7, "softmax")))
    with pytest.raises(InputError, match="The output has 7 numbers, but 3 classes need 3 numbers"):
        Session(network, class_settings(), class_data())
    with pytest.raises(InputError, match="no layers yet"):
        Session(Network((4,)), class_settings(), class_data())


def test_that_class_numbers_out_of_range_are_refused() -> None:
    data = class_data()
    wrong = data.train.y.copy()
    wrong[4] = 3
    spoilt = TrainingData(data.data, Samples(data.train.x, wrong), None, None, data.scaling)
    with pytest.raises(InputError, match=r"sample 5 has the class 3\."):
        Session(class_network(), class_settings(), spoilt)


def test_that_no_samples_at_all_are_refused() -> None:
    for size in (8, "full"):
        with pytest.raises(InputError, match="training samples"):
            Session(class_network(), TrainingSettings().replace(batch_size=size), class_data(0, 20))
