"""The history: written by one thread, read by others, kept in files."""

from __future__ import annotations

import math
import sys
import threading
from types import FrameType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import history as history_module
from nncore.history import History, Series
from nncore.types import Array
from tests.nncore.harness import QUICK

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@QUICK
@given(st.lists(NUMBERS, max_size=30), st.lists(NUMBERS, max_size=30))
def test_that_a_series_holds_what_was_added(first: list[float], later: list[float]) -> None:
    series = Series(np.array(first))
    for value in later:
        series.append(value)
    assert len(series) == len(first) + len(later)
    assert series.values().tolist() == first + later
    assert series.values(len(first)).tolist() == later


def test_that_a_view_keeps_its_numbers_when_the_series_grows() -> None:
    series = Series()
    for value in range(1000):
        series.append(value)
    early = series.values()
    for value in range(1000, 50_000):
        series.append(value)
    np.testing.assert_array_equal(early, np.arange(1000))
    np.testing.assert_array_equal(series.values(), np.arange(50_000))
    assert series.values(60_000).size == 0


def history(epochs: int = 3) -> History:
    """Return a history of some epochs of two steps each."""
    made = History("mae", steps_per_epoch=2)
    for epoch in range(epochs):
        for step in range(2):
            made.add_step(1.0 / (2 * epoch + step + 1), 0.5)
            made.samples += 8
        made.add_epoch({"loss": 1.0 / (epoch + 1), "mae": 0.25, "val_loss": 2.0 / (epoch + 1)})
    made.seconds = 1.5
    return made


def test_that_steps_and_epochs_are_counted() -> None:
    made = history()
    assert len(made.step_loss) == len(made.step_metric) == 6
    assert made.epoch_count() == 3
    assert made.epoch_values("loss").tolist() == [1.0, 0.5, 1 / 3]
    assert made.last("val_loss") == 2 / 3
    assert made.last("accuracy") is None
    assert np.isnan(made.epoch_values("accuracy")).all()
    assert History().last("loss") is None
    assert History().epoch_count() == 0


def test_that_a_measure_that_comes_later_is_filled_up_with_nan() -> None:
    made = history(2)
    made.add_epoch({"loss": 0.1, "accuracy": 0.9})
    assert made.epoch_values("accuracy").tolist()[2:] == [0.9]
    assert np.isnan(made.epoch_values("accuracy")[:2]).all()
    assert made.last("val_loss") is None
    assert {len(series) for series in made.epochs.values()} == {3}


def test_that_a_measure_that_is_not_finite_has_no_last_value() -> None:
    made = history(1)
    made.add_epoch({"loss": math.nan})
    assert made.last("loss") is None


def same(one: History, other: History) -> None:
    """Assert that two histories tell the same."""
    assert one.metric == other.metric
    assert (one.seconds, one.samples, one.steps_per_epoch) == (other.seconds, other.samples, other.steps_per_epoch)
    assert list(one.epochs) == list(other.epochs)
    a, b = one.arrays(), other.arrays()
    assert list(a) == list(b)
    for name, array in a.items():
        np.testing.assert_array_equal(array, b[name])


def test_that_a_copy_is_equal_and_independent() -> None:
    made = history()
    copy = made.copy()
    same(made, copy)
    copy.add_step(9.0, 9.0)
    copy.add_epoch({"loss": 9.0, "new": 1.0})
    assert len(made.step_loss) == 6
    assert made.epoch_count() == 3
    assert "new" not in made.epochs


def test_that_arrays_restore_an_equal_history() -> None:
    made = history()
    restored = History.from_arrays("mae", made.arrays())
    same(made, restored)
    restored.add_step(0.1, 0.1)
    restored.add_epoch({"loss": 0.1})
    assert restored.epoch_count() == 4
    same(History(), History.from_arrays("accuracy", History().arrays()))


def change(name: str, array: Array | None) -> dict[str, Array]:
    arrays = history().arrays()
    if array is None:
        del arrays[name]
    else:
        arrays[name] = array
    return arrays


@pytest.mark.parametrize(
    "arrays",
    [
        change("totals", None),
        change("totals", np.zeros(2)),
        change("step.loss", None),
        change("step.loss", np.zeros(5)),
        change("step.loss", np.zeros((6, 1))),
        change("epoch.loss", np.zeros(2)),
        change("epoch.loss", np.array(["a", "b", "c"])),
        change("totals", np.array([math.nan, math.nan, math.nan])),
    ],
)
def test_that_arrays_that_do_not_fit_are_refused(arrays: dict[str, Array]) -> None:
    with pytest.raises((KeyError, ValueError)):
        History.from_arrays("mae", arrays)


class Writer:
    """A training of ten steps to an epoch whose numbers follow from their place."""

    def __init__(self, first: int = 0) -> None:
        self.history = History("mae", steps_per_epoch=10)
        self.steps = 0
        for _ in range(first):
            self.write()

    def write(self) -> None:
        """Add one step, and an epoch after each tenth."""
        step = self.steps
        self.history.add_step(float(step), -float(step))
        self.steps += 1
        if self.steps % 10 == 0:
            self.history.add_epoch({"loss": step, "mae": -step, "val_loss": 2 * step})


def read(history: History) -> None:
    """Assert that everything a reader can see is there and right."""
    count = len(history.step_loss)
    losses, metrics = history.step_loss.values()[:count], history.step_metric.values()[:count]
    np.testing.assert_array_equal(losses, np.arange(count))
    np.testing.assert_array_equal(metrics, -losses)
    epochs = history.epoch_count()
    assert set(history.epochs) == {"loss", "mae", "val_loss"} or not epochs
    for name in history.epochs if epochs else ():
        factor = {"loss": 1, "mae": -1, "val_loss": 2}[name]
        values = history.epoch_values(name)[:epochs]
        np.testing.assert_array_equal(values, factor * (10 * np.arange(epochs) + 9))
    copy = history.copy()
    assert len(copy.step_loss) == len(copy.step_metric) >= count
    assert copy.epoch_count() >= epochs
    assert len({len(series) for series in copy.epochs.values()} or {0}) == 1


@pytest.mark.parametrize("first", [0, 1020])
def test_that_a_reader_between_any_two_instructions_sees_only_whole_entries(first: int) -> None:
    writer = Writer(first)
    looks = 0

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal looks
        if frame.f_code.co_filename != history_module.__file__:
            return None
        frame.f_trace_opcodes = True
        looks += 1
        read(writer.history)
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        for _ in range(12):
            writer.write()
    finally:
        sys.settrace(before)
    assert looks > 500


def test_that_a_reader_in_another_thread_sees_only_whole_entries() -> None:
    writer = Writer()
    failures: list[BaseException] = []
    begun, done = threading.Event(), threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                read(writer.history)
                begun.set()
        except BaseException as error:
            failures.append(error)
            begun.set()

    reader = threading.Thread(target=look)
    reader.start()
    try:
        assert begun.wait(10)
        for _ in range(20_000):
            writer.write()
    finally:
        done.set()
        reader.join(10)
    assert not failures, failures
    assert len(writer.history.step_loss) == 20_000
