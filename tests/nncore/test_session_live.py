"""Changes of a training on its way: it is then the training that was stopped there and continued with the change."""

from __future__ import annotations

import dataclasses
import gc
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

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
    Paused,
    Resume,
    StepDone,
)
from nncore.layers import GRU, BatchNormalization, Dense, Dropout, GaussianNoise, Layer
from nncore.network import Network
from nncore.optimizers import SGD, Adam
from nncore.project import Project, TrainingSettings
from nncore.project_file import load_file, save_project
from nncore.regularizers import L1L2, L2
from nncore.session import Session
from nncore.training.changes import MOST_CHANGES
from nncore.training.live import differences, network_with_live, with_live
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


def changed_at(trained: Session, changes: dict[int, Change]) -> list[Event]:
    """Run to the end and ask for changes after the steps with these numbers."""
    events = []
    for event in trained.run():
        events.append(event)
        if isinstance(event, StepDone) and event.step in changes:
            trained.request(changes[event.step])
    return events


# --- The number of epochs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, STEPS, 2 * STEPS, 3 * STEPS - 1, 3 * STEPS])
def test_that_a_training_whose_end_is_moved_equals_one_that_had_it_from_the_start(step: int) -> None:
    moved, whole = session(epochs=3), session(epochs=5)
    changed_at(moved, {step: ChangeEpochs(5)})
    finish(whole)
    same_course(moved, whole)
    assert moved.settings.epochs == 5


def test_that_a_training_that_is_continued_for_more_epochs_equals_one_that_ran_through() -> None:
    first, whole = session(epochs=2), session(epochs=6)
    finish(first)
    finish(whole)
    longer = first.settings.replace(epochs=6)
    continued = Session(class_network(), longer, class_data(), checkpoint=first.checkpoint())
    finish(continued)
    same_course(continued, whole)


@pytest.mark.parametrize("asked", [1, 2])
def test_that_an_earlier_end_finishes_the_epoch_that_has_begun(asked: int) -> None:
    trained = session(epochs=9)
    events = changed_at(trained, {STEPS + 3: ChangeEpochs(asked)})
    assert events[-1] == Finished(stopped=False)
    assert trained.epoch == 2
    last = [event for event in events if isinstance(event, EpochDone)][-1]
    assert last.last


def test_that_an_end_that_is_reached_already_ends_a_pause_between_two_epochs() -> None:
    trained = session(epochs=9)
    events = trained.run(paused=True)
    next(events)
    next(events)
    trained.request(FinishEpoch())
    while not isinstance(next(events), Paused):
        pass
    trained.request(ChangeEpochs(1))
    trained.request(Resume())
    assert list(events) == [Finished(stopped=False)]
    assert trained.epoch == 1


# --- Settings and layers ----------------------------------------------------------------------------------------


def rich_network(rate: float = 0.3, noise: float = 0.1, strength: float = 0.01, last: float = 0.0) -> Network:
    middle: tuple[Layer, ...] = (Dropout(rate), BatchNormalization(), GaussianNoise(noise))
    first = Dense(8, "tanh", kernel_regularizer=L2(strength))
    return Network((4,), (first, *middle, Dense(3, "softmax", bias_regularizer=L1L2(last, last))))


SETTINGS = class_settings(epochs=4)


@pytest.mark.parametrize("step", [1, 3, STEPS - 1, STEPS, STEPS + 4])
@pytest.mark.parametrize(
    ("settings", "network"),
    [
        (SETTINGS.replace(batch_size=3), rich_network()),
        (SETTINGS.replace(batch_size=17), rich_network()),
        (SETTINGS.replace(batch_size="full"), rich_network()),
        (SETTINGS.replace(optimizer=Adam(0.1, clipnorm=0.5)), rich_network()),
        (SETTINGS, rich_network(rate=0.0)),
        (SETTINGS, rich_network(rate=0.7, noise=0.0)),
        (SETTINGS, rich_network(strength=0.3, last=0.1)),
        (SETTINGS.replace(batch_size=5, optimizer=Adam(0.002)), rich_network(0.1, 0.0, 0.5)),
    ],
    ids=["smaller", "larger", "full", "optimizer", "no dropout", "dropout and noise", "penalties", "all"],
)
def test_that_a_live_change_equals_a_training_that_is_continued_with_it(
    settings: TrainingSettings, network: Network, step: int
) -> None:
    changed = Session(rich_network(), SETTINGS, class_data())
    for event in changed.run():
        if isinstance(event, StepDone) and event.step == step:
            changed.request(ChangeSettings(settings))
            changed.request(ChangeNetwork(network))
    checkpoint = run_until(Session(rich_network(), SETTINGS, class_data()), step)
    continued = Session(network, settings, class_data(), checkpoint=checkpoint)
    finish(continued)
    same_course(changed, continued)
    assert changed.network == network
    assert changed.settings == settings
    assert changed.fingerprint() == continued.fingerprint()


def test_that_a_change_of_nothing_changes_nothing() -> None:
    trained, whole = session(), session()
    changed_at(trained, {2: ChangeSettings(trained.settings), 5: ChangeNetwork(trained.network)})
    finish(whole)
    same_course(trained, whole)
    assert trained.history.changes == ()


def test_that_only_live_fields_are_taken_over() -> None:
    trained = session()
    others = trained.settings.replace(seed=9, shuffle=False, epochs=50, optimizer=Adam(0.5, beta_1=0.1))
    changed_at(trained, {2: ChangeSettings(others), 4: ChangeOptimizer(SGD(7.0))})
    assert trained.settings == class_settings(optimizer=Adam(0.5))


def test_that_edits_of_the_structure_never_reach_the_training() -> None:
    trained, whole = session(), session()
    wider = Network((4,), (Dense(80, "tanh"), Dropout(0.3), Dense(3, "softmax")))
    longer = class_network(Dropout(0.9), Dense(5))
    changed_at(trained, {2: ChangeNetwork(wider), 4: ChangeNetwork(longer)})
    finish(whole)
    same_course(trained, whole)


def test_that_a_batch_larger_than_the_data_is_refused_where_it_is_asked_for() -> None:
    trained, whole = session(), session()
    with pytest.raises(InputError, match="51"):
        trained.request(ChangeSettings(class_settings(batch_size=51)))
    finish(trained)
    finish(whole)
    same_course(trained, whole)


def test_that_recurrent_dropout_can_be_switched_on_in_a_running_training() -> None:
    def network(rate: float) -> Network:
        return Network((4, 1), (GRU(3, recurrent_dropout=rate, dropout=rate), Dense(3, "softmax")))

    settings, points = class_settings(), class_data()
    train = Samples(points.train.x[..., None], points.train.y)
    sequences = TrainingData(points.data, train, None, None, points.scaling)
    trained = Session(network(0.0), settings, sequences)
    changed_at(trained, {4: ChangeNetwork(network(0.5))})
    checkpoint = run_until(Session(network(0.0), settings, sequences), 4)
    continued = Session(network(0.5), settings, sequences, checkpoint=checkpoint)
    finish(continued)
    same_course(trained, continued)


def test_that_many_changes_do_not_make_the_training_grow() -> None:
    trained = session(epochs=60)

    def change(number: int) -> None:
        trained.request(ChangeSettings(class_settings(batch_size=7 + number % 3, optimizer=Adam(0.001 + number / 1e5))))
        trained.request(ChangeNetwork(class_network(Dropout(0.1 + 0.01 * (number % 5)))))

    sizes = []
    tracemalloc.start()
    for event in trained.run():
        if isinstance(event, StepDone):
            change(event.step)
        if isinstance(event, EpochDone) and event.epoch in (20, 60):
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert len(trained.history.changes) <= MOST_CHANGES
    # What the history itself says of the steps: a series that doubles, and where each pace begins.
    assert sizes[1] - sizes[0] < 150_000


# --- What is kept of it -----------------------------------------------------------------------------------------


def test_that_the_history_tells_what_was_changed_and_where() -> None:
    trained = Session(rich_network(), SETTINGS, class_data())
    changes: dict[int, Change] = {
        3: ChangeSettings(SETTINGS.replace(optimizer=Adam(0.001))),
        STEPS: ChangeSettings(SETTINGS.replace(optimizer=Adam(0.001), batch_size=10)),
        STEPS + 2: ChangeNetwork(rich_network(rate=0.5, strength=0.02)),
    }
    changed_at(trained, changes)
    told = [(found.step, found.name, found.before, found.after) for found in trained.history.changes]
    assert told == [
        (3, "learning rate", 0.01, 0.001),
        (STEPS, "batch size", 8, 10),
        (STEPS + 2, "dense: regularizer: strength", 0.01, 0.02),
        (STEPS + 2, "dropout: rate", 0.3, 0.5),
    ]


def test_that_one_gesture_is_one_change_and_one_that_is_taken_back_is_none() -> None:
    trained = session()
    for rate in (0.02, 0.03, 0.05):
        trained.request(ChangeOptimizer(Adam(rate)))
    finish(trained)
    (found,) = trained.history.changes
    assert (found.before, found.after) == (0.01, 0.05)
    again = session()
    again.request(ChangeOptimizer(Adam(0.5)))
    again.request(ChangeOptimizer(Adam(0.01)))
    finish(again)
    assert again.history.changes == ()


def test_that_what_was_changed_before_a_training_went_on_is_told_where_it_begins_to_act(tmp_path: Path) -> None:
    stopped = Session(rich_network(), SETTINGS, class_data())
    run_until(stopped, STEPS + 2)
    path = tmp_path / "p.nnw"
    save_project(path, Project("p", stopped.network, training=stopped.settings), stopped.checkpoint())
    settings = SETTINGS.replace(optimizer=Adam(0.001), batch_size=10, epochs=9)
    for checkpoint in (stopped.checkpoint(), load_file(path).checkpoint):
        continued = Session(rich_network(rate=0.5), settings, class_data(), checkpoint=checkpoint)
        assert [(found.step, found.name, found.before, found.after) for found in continued.history.changes] == [
            (STEPS + 2, "learning rate", 0.01, 0.001),
            (STEPS + 2, "batch size", 8, 10),
            (STEPS + 2, "dropout: rate", 0.3, 0.5),
        ]
        assert {found.epoch for found in continued.history.changes} == {continued.epoch}


def test_that_a_training_that_goes_on_with_another_optimizer_tells_which() -> None:
    checkpoint = run_until(session(), 3)
    continued = Session(class_network(), class_settings(optimizer=SGD(0.3)), class_data(), checkpoint=checkpoint)
    assert [(found.name, found.before, found.after) for found in continued.history.changes] == [
        ("optimizer", "Adam", "SGD")
    ]


@pytest.mark.parametrize("written", [{}, {"type": "TrainingSettings", "novelty": 1}, {"type": "TrainingSettings"}])
def test_that_a_training_goes_on_where_its_settings_are_not_known(written: dict[str, object]) -> None:
    checkpoint = dataclasses.replace(run_until(session(), 3), training=written)
    continued = Session(class_network(Dropout(0.5)), class_settings(), class_data(), checkpoint=checkpoint)
    assert "dropout: rate" in [found.name for found in continued.history.changes], "the network has its own"


@pytest.mark.parametrize("sizes", [{3: 5}, {STEPS: 10}, {2: 20, 4: 3, 9: 8}, {1: "full"}])
def test_that_the_ends_of_the_epochs_lie_at_whole_numbers(sizes: dict[int, int | str]) -> None:
    trained = session(epochs=4)
    ends, places = [], []
    for event in trained.run():
        if isinstance(event, StepDone):
            places.append(trained.history.pace.epoch(event.step))
            if event.step in sizes:
                trained.request(ChangeSettings(class_settings(batch_size=sizes[event.step])))
        if isinstance(event, EpochDone):
            ends.append(trained.history.pace.epoch(trained.step))
    assert ends == pytest.approx([1, 2, 3, 4])
    assert (np.diff(places) > 0).all()


def test_that_a_file_keeps_the_settings_and_the_pace_as_they_were_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "p.nnw"
    trained = session(epochs=2)
    changed_at(
        trained, {3: ChangeSettings(class_settings(batch_size=5)), 5: ChangeNetwork(class_network(Dropout(0.6)))}
    )
    settings = trained.settings.replace(epochs=4)
    save_project(path, Project("p", trained.network, training=settings), trained.checkpoint())
    loaded = load_file(path)
    assert loaded.checkpoint is not None
    assert loaded.checkpoint.history.pace == trained.history.pace
    assert loaded.checkpoint.history.changes == trained.history.changes
    assert [found.name for found in trained.history.changes] == ["batch size", "dropout: rate"]
    assert loaded.checkpoint.snapshot.network == class_network(Dropout(0.6))
    continued = Session(loaded.project.network, loaded.project.training, class_data(), checkpoint=loaded.checkpoint)
    finish(continued)
    whole = session(epochs=4)
    changed_at(whole, {3: ChangeSettings(class_settings(batch_size=5)), 5: ChangeNetwork(class_network(Dropout(0.6)))})
    same_course(continued, whole)


# --- Declarations -----------------------------------------------------------------------------------------------


def test_that_live_fields_are_found_within_what_fields_hold() -> None:
    old = SETTINGS.replace(optimizer=SGD(0.1))
    new = old.replace(optimizer=SGD(0.2, nesterov=True), seed=3)
    assert with_live(old, new) == old.replace(optimizer=SGD(0.2, nesterov=True))
    assert with_live(old, old.replace(optimizer=Adam(0.3))) == old
    assert [found.name for found in differences(old, new)] == ["learning rate", "nesterov"]


def test_that_a_network_with_other_layers_gives_nothing() -> None:
    old = class_network()
    assert network_with_live(old, Network((4,), old.layers[1:])) is old
    assert network_with_live(old, class_network(Dropout(0.9))) == class_network(Dropout(0.9))
