"""The team: two jobs side by side, with the same bits whether there are two hands or one."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest

from nncore.computing import threads
from nncore.computing.threads import Team, halves
from nncore.layers.products import SHARED_FROM, SHARED_SIDE, product
from nncore.optimizers import OPTIMIZERS, Optimizer
from nncore.optimizers.base import SHARED_FROM as MANY


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)


def names(team: Team) -> list[str]:
    """Return the names of the threads on which the two jobs were done."""
    found: list[str] = []
    team.run(
        lambda: found.append(threading.current_thread().name), lambda: found.append(threading.current_thread().name)
    )
    return sorted(found)


def test_that_the_second_job_is_done_on_a_thread_of_its_own_while_the_team_is_at_work() -> None:
    team, here = Team(), threading.current_thread().name
    assert names(team) == [here, here]
    with team.at_work():
        assert names(team) == sorted([here, "nncore team"])
        with team.at_work():
            assert names(team) == sorted([here, "nncore team"])
        assert names(team) == sorted([here, "nncore team"])
    assert names(team) == [here, here]


def test_that_one_processor_does_both_jobs_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 1)
    team, here = Team(), threading.current_thread().name
    with team.at_work():
        assert names(team) == [here, here]


def test_that_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with pytest.raises(KeyError), Team().at_work():
        raise KeyError
    assert threading.active_count() == before


def test_that_both_jobs_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)
    team = Team()
    with team.at_work():
        team.run(meeting.wait, meeting.wait)


def test_that_what_was_begun_is_done_beside_what_follows_and_its_end_here() -> None:
    team, here = Team(), threading.current_thread().name
    found: list[str] = []

    def note() -> None:
        found.append(threading.current_thread().name)

    meeting = threading.Barrier(2, timeout=10)
    with team.at_work():
        team.begin([meeting.wait, note], lambda: (note(), found.append("end")))
        meeting.wait()  # would never end if nobody else worked
        team.settle()
        assert found[1:] == [here, "end"]
        team.settle()
        assert found[2:] == ["end"]
    team.begin([note, note], lambda: found.append("end"))
    assert found[3:] == [here, here, "end"]


def test_that_the_first_hand_takes_what_the_second_has_not_come_to() -> None:
    team = Team()
    meeting = threading.Barrier(2, timeout=10)  # two of one hand's jobs would wait for ever
    with team.at_work():
        team.begin([meeting.wait, meeting.wait], lambda: None)
        team.settle()
        team.begin([meeting.wait, meeting.wait], lambda: None)
        team.run(lambda: None, lambda: None)


def go_on(team: Team, between: bool) -> None:
    """Settle what was begun, perhaps after another pair of jobs."""
    if between:
        team.run(lambda: None, lambda: None)
    team.settle()


@pytest.mark.parametrize("bad", [0, 1, 2])
@pytest.mark.parametrize("between", [True, False])
def test_that_what_was_begun_ends_before_the_next_pair_of_jobs_does(bad: int, between: bool) -> None:
    team, done = Team(), []

    def job(number: int) -> None:
        if number == bad:
            raise ZeroDivisionError("on purpose")
        done.append(number)

    with team.at_work():
        for _ in range(3):
            done.clear()
            team.begin([partial(job, 0), partial(job, 1)], partial(job, 2))
            with pytest.raises(ZeroDivisionError, match="on purpose"):
                go_on(team, between)
            team.settle()
        assert len(names(team)) == 2
    assert not team._begun
    assert not team._given


@pytest.mark.parametrize("at_work", [True, False])
@pytest.mark.parametrize("bad", [0, 1])
def test_that_what_a_job_raises_reaches_the_caller_and_the_team_goes_on(bad: int, at_work: bool) -> None:
    team = Team()

    def fail() -> None:
        raise ZeroDivisionError("on purpose")

    def check() -> None:
        jobs = [fail, lambda: None] if bad == 0 else [lambda: None, fail]
        for _ in range(3):
            with pytest.raises(ZeroDivisionError, match="on purpose"):
                team.run(*jobs)
        assert len(names(team)) == 2

    if at_work:
        with team.at_work():
            check()
    else:
        check()


def test_that_numbers_beyond_all_bounds_warn_on_neither_thread() -> None:
    team = Team()
    big = np.full(5, 1e30, np.float32)
    with team.at_work(), np.errstate(all="ignore"):
        team.run(lambda: big * big, lambda: big * big)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8])
def test_that_halves_are_even_and_leave_nothing_out(count: int) -> None:
    first, second = halves(count)
    numbers = list(range(count))
    assert numbers[first] + numbers[second] == numbers
    assert 0 <= len(numbers[first]) - len(numbers[second]) <= 1


@pytest.mark.parametrize("count", [0, 1, 16, 17, 100, 101, 1000])
def test_that_the_second_half_can_be_asked_to_begin_at_a_multiple(count: int) -> None:
    first, second = halves(count, 16)
    assert first.start == 0
    assert first.stop == second.start
    assert second.stop == count
    assert second.start % 16 == 0 or second.start == count
    assert abs(2 * second.start - count) <= 32


LARGE = SHARED_FROM // (SHARED_SIDE * 2)


@pytest.mark.parametrize(
    ("rows", "inner", "columns"),
    [(2, 3, 4), (SHARED_SIDE, LARGE, 2), (2, LARGE, SHARED_SIDE), (SHARED_SIDE + 1, LARGE, SHARED_SIDE + 3)],
)
@pytest.mark.parametrize("transposed", [(False, False), (True, False), (False, True)])
def test_that_a_product_is_right_and_has_the_same_bits_with_one_hand_and_with_two(
    rows: int, inner: int, columns: int, transposed: tuple[bool, bool]
) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((rows, inner)), rng.standard_normal((inner, columns))
    a, b = (np.ascontiguousarray(x.T).T if turned else x for x, turned in zip((a, b), transposed, strict=True))
    out = np.empty((rows, columns))
    team = Team()
    multiply = product(team, a, b, out)
    multiply()
    np.testing.assert_allclose(out, np.einsum("ij,jk->ik", a, b), rtol=1e-9, atol=1e-9)
    alone = out.copy()
    out.fill(np.nan)
    with team.at_work():
        multiply()
    np.testing.assert_array_equal(out, alone)


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_that_two_hands_change_many_parameters_to_the_same_bits_as_one(name: str) -> None:
    spec: Optimizer = OPTIMIZERS.get(name).suggested().replace(weight_decay=0.01)
    found = []
    for at_work in (False, True):
        rng = np.random.default_rng(0)
        team = Team()
        parameters, gradient = np.ones((2, MANY + 7), np.float32)
        updater = spec.bind(parameters, gradient, None, team)
        assert len(updater.shares) == 2
        for _ in range(70):  # past the step that flushes tiny numbers
            gradient[...] = rng.standard_normal(len(gradient))
            if at_work:
                with team.at_work():
                    updater.step()
            else:
                updater.step()
        found.append(parameters)
    np.testing.assert_array_equal(*found)
    assert not np.array_equal(found[0], np.ones_like(found[0]))
