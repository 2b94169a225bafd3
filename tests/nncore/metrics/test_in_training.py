"""Metrics where they are used: in sessions, evaluators and models."""

from __future__ import annotations

import numpy as np
import pytest

import nncore as keras
from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.layers import Embedding, TimeDistributed
from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.metrics import AUC, METRICS, F1Score, Metric, Precision, R2Score, RootMeanSquaredError
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.plan import initial_parameters
from nncore.predictor import Predictor
from nncore.session import Session
from nncore.training.evaluator import ROWS, Evaluator
from nncore.types import Array
from tests.nncore.examples import (
    class_data,
    class_network,
    class_settings,
    finish,
    number_data,
    number_network,
    number_settings,
    run_until,
    same_course,
)

each_name = pytest.mark.parametrize("name", METRICS.names())


def predictions(session: Session, samples: Samples) -> Array:
    return Predictor(session.network, session.parameters).predict(samples.x)


@each_name
def test_that_a_validation_value_is_that_of_all_samples(name: str) -> None:
    rows = 2 * ROWS + 11
    trained = Session(class_network(), class_settings(metric=name, epochs=1), class_data(50, rows))
    finish(trained)
    assert trained.data.validation is not None
    expected = METRICS.get(name)()(trained.data.validation.y, predictions(trained, trained.data.validation))
    assert trained.history.epoch_values(f"val_{name}")[-1] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("metric", [RootMeanSquaredError(), R2Score()])
def test_that_an_epochs_value_is_that_of_all_its_samples_and_no_mean_of_batches(metric: Metric) -> None:
    settings = number_settings(metric=metric, epochs=1, optimizer=SGD(1e-12))
    trained = Session(number_network(), settings, number_data())
    finish(trained)
    samples = trained.data.train
    unit = trained.data.scaling.target_scale**metric.unit_power
    expected = metric(samples.y, predictions(trained, samples)) * unit
    assert trained.history.epoch_values(metric.name)[-1] == pytest.approx(expected, rel=1e-5)
    assert np.mean(trained.history.step_metric.values()) != pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("metric", [AUC(20), F1Score(), R2Score(), RootMeanSquaredError()])
def test_that_a_training_goes_on_bit_by_bit_from_the_middle_of_an_epoch(metric: Metric) -> None:
    settings = class_settings(metric=metric, epochs=2)
    straight = Session(class_network(), settings, class_data())
    finish(straight)
    checkpoint = run_until(Session(class_network(), settings, class_data()), 4)
    resumed = Session(class_network(), settings, class_data(), checkpoint=checkpoint)
    finish(resumed)
    same_course(straight, resumed)


def padded_data() -> TrainingData:
    rng = np.random.default_rng(0)
    x = rng.integers(1, 6, (20, 4)).astype(np.float32)
    x[:, 3] = 0
    x[::3, 1:] = 0
    y = rng.integers(0, 3, (20, 4))
    samples = Samples(x, y)
    return TrainingData(Data("steps", TABLE, x, y, Target(3, (4,))), samples, samples, None, Scaling())


def test_that_padded_steps_count_neither_in_loss_nor_in_metrics() -> None:
    network = Network((4,), (Embedding(6, 5, mask_zero=True), TimeDistributed(keras.layers.Dense(3, "softmax"))))
    data = padded_data()
    parameters, loss = initial_parameters(network, 0), SparseCategoricalCrossentropy()
    metrics: list[Metric] = [cls() for cls in METRICS]
    found = Evaluator(network, parameters, loss, metrics, data).evaluate(data.train)
    output, kept = Predictor(network, parameters).predict(data.train.x), data.train.x != 0
    assert found["loss"] == pytest.approx(loss(data.train.y[kept], output[kept]), rel=1e-5)
    for metric in metrics:
        assert found[metric.name] == pytest.approx(metric(data.train.y[kept], output[kept]), rel=1e-5), metric.name


def test_that_sample_weights_count_in_the_loss_only() -> None:
    data, network = number_data(), number_network()
    parameters, weights = initial_parameters(network, 0), np.linspace(0, 2, 40).astype(np.float32)
    evaluator = Evaluator(network, parameters, MeanSquaredError(), [RootMeanSquaredError()], data)
    plain = evaluator.evaluate(data.train)
    weighted = evaluator.evaluate(Samples(data.train.x, data.train.y, weights=weights))
    output = Predictor(network, parameters).predict(data.train.x)
    assert weighted["loss"] == pytest.approx(MeanSquaredError()(data.train.y, output, weights), rel=1e-5)
    assert weighted["loss"] != pytest.approx(plain["loss"], rel=1e-3)
    assert weighted["root_mean_squared_error"] == plain["root_mean_squared_error"]


def test_that_a_model_takes_metrics_by_name_and_as_objects() -> None:
    x = np.random.default_rng(0).normal(size=(40, 3))
    y = (x[:, 0] > 0).astype(float)
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid", input_shape=(3,))])
    model.compile("adam", "binary_crossentropy", metrics=["acc", AUC(), AUC(50), Precision(name="sure")])
    history = model.fit(x, y, epochs=2, validation_split=0.25, verbose=0).history
    names = ["loss", "acc", "auc", "auc_1", "sure"]
    assert sorted(history) == sorted([*names, *(f"val_{name}" for name in names)])
    measured = model.evaluate(x, y, verbose=0, return_dict=True)
    assert list(measured) == names
    assert measured["auc"] == pytest.approx(AUC()(y, model.predict(x)), rel=1e-6)
    assert measured["auc_1"] == pytest.approx(AUC(50)(y, model.predict(x)), rel=1e-6)
