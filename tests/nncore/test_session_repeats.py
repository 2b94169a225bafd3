"""Same seed, same bits: in a second run, through pauses, and from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.errors import InputError
from nncore.events import (
    EpochDone,
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
from nncore.layers import Dense, GaussianNoise
from nncore.optimizers import SGD, Adam
from nncore.plan import initial_parameters
from nncore.project import Project
from nncore.project_file import load_project, save_project
from nncore.session import Session, start_or_continue
from nncore.snapshot import Snapshot
from nncore.training.fingerprint import can_continue
from tests.nncore.examples import (
    STEPS,
    class_data,
    class_network,
    class_settings,
    finish,
    run_until,
    same_course,
    session,
)
from tests.nncore.harness import QUICK


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
        (class_network(GaussianNoise(0.4)), class_settings(), class_data()),
        (class_network(), class_settings(seed=6), class_data()),
        (class_network(), class_settings(shuffle=False), class_data()),
        (class_network(), class_settings(), class_data(51)),
    ):
        with pytest.raises(InputError, match="cannot go on"):
            Session(network, settings, data, checkpoint=checkpoint)
        fresh = start_or_continue(network, settings, data, checkpoint)
        assert fresh.step == 0
        assert not can_continue(checkpoint, fresh.fingerprint())


def test_that_weights_of_another_network_are_refused_whatever_the_checkpoint_says() -> None:
    checkpoint = run_until(session(), 3)
    other = class_network(Dense(5))
    foreign = Snapshot.of(other, initial_parameters(other, 0), 3, 0.4)
    with pytest.raises(InputError, match="cannot go on"):
        Session(class_network(), class_settings(), class_data(), checkpoint=replace(checkpoint, snapshot=foreign))


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
