"""What happens between the epochs: the rules, and that a training which is interrupted decides the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from nncore.callbacks import EarlyStopping, ReduceLROnPlateau
from nncore.datasets.base import IMAGE, SERIES, Data, Samples, Scaling, TrainingData
from nncore.errors import InputError
from nncore.events import EpochDone, Finished
from nncore.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GaussianNoise,
    Layer,
    RandomFlip,
    RandomTranslation,
)
from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.optimizers import SGD, Adam, Nadam, Optimizer
from nncore.plan import layout
from nncore.project import Project, TrainingSettings
from nncore.project_file import load_project, save_project
from nncore.schedules import CosineDecay, StepDecay, Warmup
from nncore.session import Session
from nncore.snapshot import Checkpoint, Snapshot
from nncore.training.supervisor import Supervisor
from nncore.types import Array
from tests.nncore.examples import STEPS, class_data, class_network, class_settings, finish, run_until, same_course

# --- Decisions, from a course that is made up -------------------------------------------------------------------


class Rate:
    """The part of an optimizer that a rule may change."""

    def __init__(self, rate: float) -> None:
        self.base, self.rate_factor = rate, 1.0

    @property
    def rate(self) -> float:
        return self.base * self.rate_factor


def snapshot(step: int) -> Snapshot:
    network = class_network()
    return Snapshot.of(network, np.full(network.count_params(), float(step)), step, float(step))


def follow(supervisor: Supervisor, values: list[float], name: str = "val_loss", rate: Rate | None = None) -> list[str]:
    """Return the notes of the epochs that have these values, up to the one that ends the training."""
    notes = []
    for number, value in enumerate(values, 1):
        notes.append(supervisor.after_epoch({name: value}, snapshot(number), rate or Rate(0.1)))  # type: ignore[arg-type]  # a stand-in
        if notes[-1]:
            break
    return notes


def stopping(**rule: object) -> TrainingSettings:
    return class_settings(early_stopping=EarlyStopping(**rule))  # type: ignore[arg-type]  # as the test gives them


@pytest.mark.parametrize(
    ("rule", "values", "epochs", "best"),
    [
        ({"patience": 2}, [5, 4, 3, 4, 5, 1], 5, 3),
        ({"patience": 0}, [5, 4, 4, 1], 3, 2),
        ({"patience": 1}, [5, 6, 1], 2, 1),
        ({"patience": 2, "min_delta": 0.5}, [5, 4.8, 4.6, 1], 3, 1),
        ({"patience": 2, "min_delta": 0.5}, [5, 4.8, 4.4, 4.3, 4.2, 1], 5, 3),
        ({"patience": 2, "start_from_epoch": 3}, [1, 2, 3, 9, 8, 8, 8, 1], 7, 5),
        ({"patience": 2, "mode": "max"}, [1, 2, 3, 2, 1, 9], 5, 3),
        ({"patience": 2, "baseline": 2.0}, [5, 4, 5, 1], 3, 2),
        ({"patience": 2, "baseline": 2.0}, [5, 4, 3, 1, 2, 0], 6, 6),
    ],
)
def test_that_a_training_ends_and_goes_back_as_in_keras(
    rule: dict[str, object], values: list[float], epochs: int, best: int
) -> None:
    supervisor = Supervisor(stopping(restore_best_weights=True, **rule), ["loss", "val_loss"])
    notes = follow(supervisor, values)
    assert len(notes) == epochs
    assert notes[:-1] == [""] * (epochs - 1)
    assert supervisor.best is not None
    assert supervisor.best.step == best


@pytest.mark.parametrize(
    ("values", "epochs", "best"), [([math.nan, 5, math.nan, 6, 7, 1], 5, 2), ([math.nan] * 4, 3, 1)]
)
def test_that_what_is_no_number_is_never_progress(values: list[float], epochs: int, best: int) -> None:
    supervisor = Supervisor(stopping(patience=3, restore_best_weights=True), ["loss", "val_loss"])
    assert len(follow(supervisor, values)) == epochs
    assert supervisor.best is not None
    assert supervisor.best.step == best


def test_that_epochs_before_the_first_that_counts_are_never_the_best() -> None:
    supervisor = Supervisor(stopping(patience=5, start_from_epoch=3, restore_best_weights=True), ["loss", "val_loss"])
    assert follow(supervisor, [1.0, 2.0]) == ["", ""]
    assert supervisor.best is None


@pytest.mark.parametrize(("patience", "words"), [(0, "1 epoch"), (1, "1 epoch"), (2, "2 epochs"), (7, "7 epochs")])
def test_that_the_note_says_what_did_not_improve_and_for_how_long(patience: int, words: str) -> None:
    supervisor = Supervisor(stopping(monitor="loss", patience=patience), ["loss", "val_loss"])
    notes = follow(supervisor, [1.0] * 20, "loss")
    assert notes[-1] == f"Stopped early: the loss has not improved for {words}"


def test_that_the_direction_of_a_metric_is_known() -> None:
    for name, values in (("val_accuracy", [0.1, 0.3, 0.2, 0.1]), ("val_mae", [0.3, 0.1, 0.2, 0.3])):
        supervisor = Supervisor(stopping(monitor=name, patience=2, restore_best_weights=True), ["loss", name])
        assert len(follow(supervisor, values, name)) == 4
        assert supervisor.best is not None
        assert supervisor.best.step == 2


def test_that_a_plateau_lowers_the_rate_rests_and_stops_at_the_floor() -> None:
    rule = ReduceLROnPlateau(factor=0.1, patience=2, cooldown=1, min_lr=0.005)
    supervisor = Supervisor(class_settings(reduce_lr_on_plateau=rule), ["loss", "val_loss"])
    rate, course = Rate(0.1), []
    for value in (5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0):
        follow(supervisor, [value], rate=rate)
        course.append(round(rate.rate, 10))
    assert course == [0.1, 0.1, 0.01, 0.01, 0.005, 0.005, 0.005, 0.005]


@pytest.mark.parametrize(
    ("monitor", "measured", "words", "remedy"),
    [
        ("val_loss", ["loss", "accuracy"], "only loss, accuracy are measured", "Keep a part of the data"),
        ("val_loss", ["loss"], "only loss is measured", "Keep a part of the data"),
        ("val_auc", ["loss", "val_loss"], "watches val_auc", "Choose one of these"),
        ("acuracy", ["loss", "accuracy"], "watches acuracy", "Choose one of these"),
    ],
)
def test_that_a_measure_that_is_not_measured_is_named_before_the_training(
    monitor: str, measured: list[str], words: str, remedy: str
) -> None:
    for settings in (stopping(monitor=monitor), class_settings(reduce_lr_on_plateau=ReduceLROnPlateau(monitor))):
        with pytest.raises(InputError) as caught:
            Supervisor(settings, measured)
        assert words in caught.value.sentence
        assert caught.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"wait": "x", "rest": 0, "epochs": 1},
        {"wait": -1, "rest": 0, "epochs": 1},
        {"wait": 1.5, "rest": 0, "epochs": 1},
        {"wait": math.nan, "rest": 0, "epochs": 1},
        {"wait": math.inf, "rest": 0, "epochs": 1},
        {"wait": 0, "rest": None, "epochs": 1},
        {"wait": 0, "rest": 0},
        {"wait": 0, "rest": 0, "epochs": 1, "best": math.nan},
        {"wait": 0, "rest": 0, "epochs": 1, "best": "low"},
    ],
)
def test_that_a_damaged_memory_of_a_rule_is_told(state: Mapping[str, float]) -> None:
    supervisor = Supervisor(stopping(patience=2), ["loss", "val_loss"])
    with pytest.raises(InputError, match="rules of the training remember is damaged"):
        supervisor.restore({"EarlyStopping": state}, None)


# --- In a session -----------------------------------------------------------------------------------------------


def hopeless(seed: int = 0) -> TrainingData:
    """Return classes whose validation part is answered wrongly, so that its loss soon gets worse."""
    data = class_data(seed=seed)
    assert data.validation is not None
    wrong = Samples(data.validation.x, (data.validation.y + 1) % 3)
    return TrainingData(data.data, data.train, wrong, None, data.scaling)


def test_that_the_session_ends_early_says_why_and_goes_back() -> None:
    rule = EarlyStopping(patience=3, restore_best_weights=True)
    trained = Session(class_network(), class_settings(early_stopping=rule, epochs=40), hopeless())
    kept: dict[int, Array] = {}
    last = []
    for event in trained.run():
        if isinstance(event, EpochDone):
            kept[event.epoch] = trained.parameters.copy()
            last.append(event.last)
    values = trained.history.epoch_values("val_loss")
    best = int(np.argmin(values)) + 1
    assert len(values) == best + 3 < 40
    assert last == [False] * (len(values) - 1) + [True]
    assert isinstance(event, Finished)
    assert event.note == (
        "Stopped early: the validation loss has not improved for 3 epochs; "
        f"the weights of epoch {best}, the best one, are back."
    )
    np.testing.assert_array_equal(trained.parameters, kept[best])
    assert trained.snapshot.epoch == best


def test_that_without_restoring_the_last_weights_stay() -> None:
    trained = Session(class_network(), class_settings(early_stopping=EarlyStopping(patience=3), epochs=40), hopeless())
    event = finish(trained)[-1]
    assert event == Finished(False, "Stopped early: the validation loss has not improved for 3 epochs.")
    assert trained.snapshot.epoch == trained.history.epoch_count()


def test_that_the_best_weights_are_back_after_all_epochs_too() -> None:
    rule = EarlyStopping(patience=100, restore_best_weights=True)
    trained = Session(class_network(), class_settings(early_stopping=rule, epochs=12), hopeless())
    event = finish(trained)[-1]
    best = int(np.argmin(trained.history.epoch_values("val_loss"))) + 1
    assert best < 12
    assert event == Finished(False, f"All epochs are done; the weights of epoch {best}, the best one, are back.")


def test_that_the_last_epoch_as_the_best_needs_no_words() -> None:
    rule = EarlyStopping(patience=100, restore_best_weights=True)
    trained = Session(class_network(Flatten()), class_settings(early_stopping=rule, epochs=3), class_data())
    assert finish(trained)[-1] == Finished(False, "")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"optimizer": SGD(0.1, schedule=StepDecay(1.0, STEPS, 0.5))}, [0.05, 0.025, 0.0125]),
        ({"optimizer": SGD(0.1), "reduce_lr_on_plateau": ReduceLROnPlateau("loss", 0.5, 1, min_delta=9.0)}, None),
    ],
)
def test_that_the_rate_is_in_the_history_when_something_changes_it(
    changes: dict[str, object], expected: list[float] | None
) -> None:
    trained = Session(class_network(), class_settings(**changes), class_data())
    finish(trained)
    if not changes:
        assert "learning_rate" not in trained.history.epochs
        return
    rates = trained.history.epoch_values("learning_rate")
    np.testing.assert_allclose(rates, expected or [0.1, 0.1, 0.05], rtol=1e-12)


# --- Interrupted, saved, loaded and continued -------------------------------------------------------------------


def picture_data() -> TrainingData:
    """Return small pictures, bright on the left or on the right; the validation part is answered at random."""
    rng = np.random.default_rng(2)
    y = rng.integers(0, 2, 63)
    x = rng.uniform(0, 0.6, (63, 6, 6, 1)).astype(np.float32)
    x[np.arange(63), 2, 1 + 3 * y] += 0.5
    y[50:] = rng.integers(0, 2, 13)
    data = Data("bars", IMAGE, x, y, Target(2), ("left", "right"))
    return TrainingData(data, Samples(x[:50], y[:50]), Samples(x[50:], y[50:]), None, Scaling())


def series_data() -> TrainingData:
    """Return noisy waves, and what comes next."""
    rng = np.random.default_rng(3)
    starts = rng.uniform(0, 6, 63)
    waves = np.sin(starts[:, None] + 0.7 * np.arange(7)) + rng.normal(0, 0.2, (63, 7))
    x, y = waves[:, :6, None].astype(np.float32), waves[:, 6].astype(np.float32)
    data = Data("waves", SERIES, x, y, Target())
    return TrainingData(data, Samples(x[:50], y[:50]), Samples(x[50:], y[50:]), None, Scaling())


def course(
    data: TrainingData, optimizer: Optimizer, *layers: Layer, **changes: object
) -> tuple[Network, TrainingSettings, TrainingData]:
    classes = data.target.classes
    network = Network(data.data.input_shape, (*layers, Dense(classes, "softmax") if classes else Dense(1)))
    settings = TrainingSettings(
        loss=SparseCategoricalCrossentropy() if classes else MeanSquaredError(),
        optimizer=optimizer,
        metric="accuracy" if classes else "mae",
        batch_size=8,
        epochs=60,
        seed=5,
        early_stopping=EarlyStopping(patience=3, restore_best_weights=True),
    )
    return network, settings.replace(**changes), data


PLATEAU = ReduceLROnPlateau(factor=0.5, patience=1)
COURSES = {
    "dropout": course(hopeless(), Adam(0.02), Dense(8, "tanh"), Dropout(0.3)),
    "noise": course(hopeless(), SGD(0.1, 0.9), Dense(8, "tanh"), GaussianNoise(0.2), Dropout(0.1)),
    "schedule": course(hopeless(), Adam(0.02, schedule=CosineDecay(1.0, 60)), Dense(8, "tanh"), Dropout(0.2)),
    "warm-up": course(hopeless(), Nadam(0.02, schedule=Warmup(1.0, 40)), Dense(8, "tanh")),
    "plateau": course(hopeless(), SGD(0.1, 0.9), Dense(8, "tanh"), Dropout(0.1), reduce_lr_on_plateau=PLATEAU),
    "moving mean": course(hopeless(), Adam(0.02), Dense(8, "relu"), BatchNormalization(momentum=0.8), Dropout(0.2)),
    "balanced": course(hopeless(4), Adam(0.02), Dense(8, "tanh"), class_weight="balanced"),
    "augmentation": course(
        picture_data(),
        Adam(0.02),
        RandomFlip("vertical"),
        RandomTranslation(0.2, 0.2),
        Conv2D(3, 3, activation="relu"),
        Flatten(),
    ),
    "recurrent dropout": course(
        series_data(),
        Adam(0.05),
        LSTM(6, dropout=0.2, recurrent_dropout=0.2, return_sequences=True),
        GRU(4, dropout=0.1),
    ),
    "both directions": course(series_data(), Adam(0.05), Bidirectional(LSTM(4, dropout=0.2))),
}


def through_a_file(checkpoint: Checkpoint, settings: TrainingSettings, folder: Path) -> Checkpoint:
    path = folder / "half.nnw"
    save_project(path, Project("half", checkpoint.snapshot.network, training=settings), checkpoint)
    loaded = load_project(str(path))
    assert loaded.project.training == settings
    assert loaded.checkpoint is not None
    return loaded.checkpoint


@pytest.mark.parametrize("name", COURSES)
@pytest.mark.parametrize("in_a_file", [False, True])
def test_that_an_interrupted_training_stops_at_the_same_epoch_with_the_same_bits(
    name: str, in_a_file: bool, tmp_path: Path
) -> None:
    network, settings, data = COURSES[name]
    whole = Session(network, settings, data)
    told = finish(whole)[-1]
    assert isinstance(told, Finished)
    assert "the best one, are back" in told.note
    epochs = whole.history.epoch_count()
    assert 4 <= epochs < 60
    for step in (3, (epochs - 2) * STEPS, (epochs - 1) * STEPS + 4):
        checkpoint = run_until(Session(network, settings, data), step)
        if in_a_file:
            checkpoint = through_a_file(checkpoint, settings, tmp_path)
        again = Session(network, settings, data, checkpoint=checkpoint)
        assert again.step == step
        assert finish(again)[-1] == told
        same_course(whole, again)
        assert again.optimizer_state.rate_factor == whole.optimizer_state.rate_factor
        np.testing.assert_array_equal(again.snapshot.parameters, whole.snapshot.parameters)
        assert again.snapshot.epoch == whole.snapshot.epoch


def test_that_the_courses_above_use_what_they_are_named_after() -> None:
    network, settings, data = COURSES["plateau"]
    trained = Session(network, settings, data)
    finish(trained)
    assert trained.optimizer_state.rate_factor < 1
    network, settings, data = COURSES["moving mean"]
    trained = Session(network, settings, data)
    before = trained.parameters.copy()
    finish(trained)
    for slot in layout(network):
        if not slot.weight.trainable:
            assert (slot.view(trained.parameters) != slot.view(before)).any()
