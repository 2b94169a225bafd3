"""Callbacks of ``fit``: they see what Keras's see, at the same moments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nncore as keras
from nncore.callbacks import (
    Callback,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
)
from nncore.errors import FieldError, InputError
from tests.nncore.models.points import classifier, points


@pytest.fixture(autouse=True)
def _seed() -> None:
    keras.utils.set_random_seed(3)


class Diary(Callback):
    """Notes every call."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.entries.append("train begin")

    def on_train_end(self, logs: Any = None) -> None:
        self.entries.append("train end")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.entries.append(("begin", epoch))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.entries.append(("end", epoch))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.entries.append(("batch", batch))


# --- Own callbacks ----------------------------------------------------------------------------------------------


def test_that_a_callback_is_called_in_the_order_of_keras() -> None:
    diary = Diary()
    classifier().fit(*points(64), epochs=2, callbacks=[diary], verbose=0)
    epoch = [[("begin", number), ("batch", 0), ("batch", 1), ("end", number)] for number in (0, 1)]
    assert diary.entries == ["train begin", *epoch[0], *epoch[1], "train end"]
    assert diary.params == {"epochs": 2, "steps": 2}


def test_that_epochs_count_on_from_the_initial_one() -> None:
    diary = Diary()
    history = classifier().fit(*points(32), epochs=5, initial_epoch=3, callbacks=[diary], verbose=0)
    assert [entry for entry in diary.entries if entry[0] == "end"] == [("end", 3), ("end", 4)]
    assert history.epoch == [3, 4]
    assert len(history.history["loss"]) == 2


def test_that_a_callback_sees_the_weights_of_its_moment() -> None:
    made = classifier()
    x, y = points()
    seen: list[float] = []
    callback = LambdaCallback(on_epoch_end=lambda *_: seen.append(made.evaluate(x, y, verbose=0)[0]))
    checked = made.fit(x, y, epochs=3, validation_data=(x, y), callbacks=[callback], verbose=0).history["val_loss"]
    np.testing.assert_allclose(seen, checked, rtol=1e-5)


def test_that_a_callback_can_stop_the_training() -> None:
    made = classifier()

    def stop(epoch: int, logs: Any) -> None:
        made.stop_training = epoch == 1

    assert made.fit(*points(), epochs=9, callbacks=[LambdaCallback(on_epoch_end=stop)], verbose=0).epoch == [0, 1]
    assert made.fit(*points(), epochs=3, verbose=0).epoch == [0, 1, 2]  # and the next training is not stopped


def test_that_what_is_no_callback_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="function is no callback"):
        classifier().fit(*points(), callbacks=[points])
    with pytest.raises(InputError, match="are a list"):
        classifier().fit(*points(), callbacks=EarlyStopping())  # type: ignore[arg-type]  # what a script may do
    with pytest.raises(InputError, match="two callbacks EarlyStopping"):
        classifier().fit(*points(), callbacks=[EarlyStopping(), EarlyStopping()])


# --- Early stopping ---------------------------------------------------------------------------------------------


def hopeless(patience: int, **rest: Any) -> dict[str, Any]:
    """Return arguments of a training whose validation loss can only get worse: its answers are all wrong."""
    x, y = points()
    return {
        "x": x,
        "y": y,
        "validation_data": (x, (y + 1) % 3),
        "epochs": 30,
        "verbose": 0,
        "callbacks": [EarlyStopping(patience=patience, **rest)],
    }


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_that_a_training_without_progress_ends_when_the_patience_does(patience: int) -> None:
    made = classifier(keras.optimizers.Adam(0.05))
    made.fit(*points(), epochs=3, verbose=0)
    history = made.fit(**hopeless(patience)).history["val_loss"]
    assert len(history) == max(1, patience) + 1
    assert int(np.argmin(history)) == 0


def test_that_the_best_weights_come_back() -> None:
    made = classifier(keras.optimizers.Adam(0.05))
    made.fit(*points(), epochs=3, verbose=0)
    arguments = hopeless(4, restore_best_weights=True)
    history = made.fit(**arguments).history["val_loss"]
    assert made.evaluate(*arguments["validation_data"], verbose=0)[0] == pytest.approx(min(history), rel=1e-5)
    last = hopeless(4)
    made.fit(**last)
    assert made.evaluate(*last["validation_data"], verbose=0)[0] > min(history)


def test_that_the_best_weights_also_come_back_when_all_epochs_are_done() -> None:
    made = classifier(keras.optimizers.Adam(0.05))
    made.fit(*points(), epochs=3, verbose=0)
    arguments = hopeless(50, restore_best_weights=True) | {"epochs": 5}
    history = made.fit(**arguments).history["val_loss"]
    assert len(history) == 5
    assert made.evaluate(*arguments["validation_data"], verbose=0)[0] == pytest.approx(min(history), rel=1e-5)


def test_that_the_first_epochs_do_not_count_when_asked_not_to() -> None:
    made = classifier(keras.optimizers.Adam(0.05))
    made.fit(*points(), epochs=3, verbose=0)
    assert len(made.fit(**hopeless(2, start_from_epoch=4)).epoch) == 7


def test_that_accuracy_is_better_when_it_is_larger() -> None:
    x, y = points()
    made = classifier(keras.optimizers.Adam(0.02))
    rule = EarlyStopping("val_accuracy", patience=3)
    history = made.fit(x, y, validation_data=(x, y), epochs=40, callbacks=[rule], verbose=0).history["val_accuracy"]
    best = int(np.argmax(history))
    assert len(history) == best + 4
    assert history[best] > history[0]


def test_that_a_measure_that_nobody_measures_is_refused_before_the_training() -> None:
    made = classifier()
    before = made.get_weights()
    with pytest.raises(InputError, match="watches val_loss, but only loss, accuracy are measured"):
        made.fit(*points(), callbacks=[EarlyStopping()], verbose=0)
    with pytest.raises(InputError, match="watches val_auc"):
        made.fit(*points(), validation_split=0.2, callbacks=[EarlyStopping("val_auc")], verbose=0)
    for a, b in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(FieldError, match="patience must be"):
        EarlyStopping(patience=-1)


# --- The learning rate ------------------------------------------------------------------------------------------


def test_that_the_rate_falls_on_a_plateau_and_no_further_than_its_floor() -> None:
    x, y = points()
    rule = ReduceLROnPlateau(factor=0.1, patience=2, min_lr=5e-4)
    made = classifier(keras.optimizers.SGD(1e-2))
    made.fit(x, y, epochs=3, verbose=0)
    rates = made.fit(x, y, validation_data=(x, (y + 1) % 3), epochs=8, callbacks=[rule], verbose=0).history
    np.testing.assert_allclose(rates["learning_rate"], [1e-2] * 3 + [1e-3] * 2 + [5e-4] * 3)


def test_that_a_scheduler_sets_the_rate_of_each_epoch() -> None:
    asked: list[tuple[int, float]] = []

    def halve(epoch: int, rate: float) -> float:
        asked.append((epoch, rate))
        return rate if epoch == 0 else rate / 2

    x, y = points(32)
    made = classifier(keras.optimizers.SGD(0.4))
    made.fit(x, y, epochs=3, callbacks=[LearningRateScheduler(halve)], verbose=0)
    assert asked == [(0, 0.4), (1, 0.4), (2, 0.2)]
    assert made.optimizer.learning_rate == pytest.approx(0.1)
    keras.utils.set_random_seed(3)
    by_hand = classifier(keras.optimizers.SGD(0.4))
    for rate in (0.4, 0.2, 0.1):
        by_hand.optimizer = keras.optimizers.SGD(rate)
        by_hand.fit(x, y, shuffle=False, verbose=0)
    np.testing.assert_allclose(by_hand.get_weights()[0], made.get_weights()[0], rtol=1e-4, atol=1e-5)


def test_that_a_schedule_that_gives_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="must give a number"):
        classifier().fit(*points(), callbacks=[LearningRateScheduler(lambda *_: "fast")])  # type: ignore[arg-type,return-value]


# --- Checkpoints ------------------------------------------------------------------------------------------------


def test_that_the_best_model_is_in_the_file(tmp_path: Path) -> None:
    made = classifier(keras.optimizers.Adam(0.05))
    made.fit(*points(), epochs=3, verbose=0)
    arguments = hopeless(3)
    arguments["callbacks"].append(ModelCheckpoint(tmp_path / "best.nnw", save_best_only=True))
    history = made.fit(**arguments).history["val_loss"]
    best = keras.models.load_model(tmp_path / "best.nnw")
    x, y = arguments["validation_data"]
    assert best.evaluate(x, y, verbose=0)[0] == pytest.approx(min(history), rel=1e-5)
    assert made.evaluate(x, y, verbose=0)[0] > min(history)


def test_that_each_epoch_can_have_a_file_of_its_own(tmp_path: Path) -> None:
    name = str(tmp_path / "m-{epoch:02d}-{loss:.2f}.nnw")
    history = classifier().fit(*points(), epochs=2, callbacks=[ModelCheckpoint(name)], verbose=0).history["loss"]
    wanted = [f"m-{number:02d}-{loss:.2f}.nnw" for number, loss in enumerate(history, 1)]
    assert sorted(path.name for path in tmp_path.iterdir()) == wanted
    with pytest.raises(InputError, match="cannot be filled in"):
        classifier().fit(*points(), callbacks=[ModelCheckpoint(str(tmp_path / "{val_loss}.nnw"))], verbose=0)
