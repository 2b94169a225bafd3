"""The training loop: what it tells, what it measures, and what it does with bad numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
from nncore.events import (
    ChangeOptimizer,
    EpochDone,
    Failed,
    Finished,
    Started,
    StepDone,
)
from nncore.layers import Dense, Flatten
from nncore.metrics import METRICS
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.predictor import Predictor
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.training.evaluator import Evaluator
from nncore.types import Array
from tests.nncore.examples import (
    STEPS,
    class_data,
    class_network,
    class_settings,
    finish,
    number_data,
    number_network,
    number_settings,
    session,
)
from tests.nncore.harness import check_no_growth

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
            orders.append(trained._learner.batches._order.tolist())  # noqa: PERF401  # while it runs
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
    assert "Try a smaller learning rate than 100, for example 0.01" in failed.remedy
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
    step = trained._learner.updater.step

    def spoil() -> None:
        step()
        if trained.step == 2 * STEPS - 1:
            trained.parameters[3] = np.inf

    trained._learner.updater.step = spoil  # type: ignore[method-assign]  # the accident is the point
    events = finish(trained)
    failed = events[-1]
    assert isinstance(failed, Failed)
    assert failed.kept_step == STEPS
    assert failed.sentence.startswith(
        "The weights became infinite at step 14, in epoch 2, first in the kernel of layer 1 (Dense)"
    )
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
