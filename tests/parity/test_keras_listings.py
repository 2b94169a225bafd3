"""The same listing, run with Keras and with nncore: only the module that it is given differs."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest

import nncore
from nncore.types import Array
from tests.parity.comparing import assert_same

Listing = Callable[[Any], Any]
"""Takes the module and returns a compiled model."""

RNG = np.random.default_rng(21)
TABLE, PICTURES = RNG.normal(size=(22, 6)).astype(np.float32), RNG.random((22, 8, 7, 1)).astype(np.float32)
SERIES, TEXT = RNG.normal(size=(22, 6, 2)).astype(np.float32), RNG.integers(0, 9, (22, 7))
TEXT[::3, 4:] = 0
NUMBERS, CLASSES = RNG.normal(size=(22, 2)).astype(np.float32), RNG.integers(0, 3, 22)
BITS = (TABLE[:, :1] > 0).astype(np.float32)
ONE_HOT = np.eye(3, dtype=np.float32)[CLASSES]
WEIGHTS = RNG.random(22).astype(np.float32) * 2


def regression(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential([layers.Input((6,)), layers.Dense(8, activation="tanh"), layers.Dense(2)])
    model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9), loss="mse", metrics=["mae"])
    return model


def yes_or_no(keras: Any) -> Any:
    layers, regularizers = keras.layers, keras.regularizers
    model = keras.Sequential(
        [
            layers.Input((6,)),
            layers.Dense(8, activation="relu", kernel_regularizer=regularizers.L2(0.01), bias_regularizer="l1"),
            layers.LayerNormalization(),
            layers.Dense(1, activation="sigmoid", kernel_regularizer=regularizers.L1L2(l1=0.01, l2=0.02)),
        ]
    )
    metrics = ["accuracy", keras.metrics.Precision(), keras.metrics.Recall(), keras.metrics.AUC()]
    model.compile(optimizer=keras.optimizers.RMSprop(0.01), loss="binary_crossentropy", metrics=metrics)
    return model


def pictures(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((8, 7, 1)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(5, (3, 2), strides=2, padding="same", activation="elu"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    optimizer = keras.optimizers.Adam(learning_rate=keras.optimizers.schedules.CosineDecay(0.003, 20))
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def smoothed(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential([layers.Input((8, 7, 1)), layers.Flatten(), layers.Dense(5), layers.Dense(3)])
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
    model.compile(optimizer=keras.optimizers.AdamW(0.002, clipnorm=0.5), loss=loss, metrics=["categorical_accuracy"])
    return model


def forecast(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(
        [layers.Input((6, 2)), layers.LSTM(5, return_sequences=True), layers.GRU(4), layers.Dense(2)]
    )
    model.compile(optimizer="adam", loss=keras.losses.Huber(delta=0.5), metrics=["mse", "root_mean_squared_error"])
    return model


def text(keras: Any) -> Any:
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((7,)),
            layers.Embedding(9, 4, mask_zero=True),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.SimpleRNN(4),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Nadam(0.002), loss="categorical_crossentropy", metrics=["accuracy"])
    return model


LISTINGS: dict[str, tuple[Listing, Array, Array]] = {
    "regression": (regression, TABLE, NUMBERS),
    "yes or no": (yes_or_no, TABLE, BITS),
    "pictures": (pictures, PICTURES, CLASSES),
    "smoothed": (smoothed, PICTURES, ONE_HOT),
    "forecast": (forecast, SERIES, NUMBERS),
    "text": (text, TEXT, ONE_HOT),
}
OVER = {"epochs": 3, "batch_size": 5, "shuffle": False, "verbose": 0}


def both(listing: Listing) -> tuple[Any, Any]:
    """Return the engine's model and Keras's, with the same weights."""
    keras.utils.set_random_seed(4)
    theirs = listing(keras)
    ours = listing(nncore)
    weights = theirs.get_weights()
    assert [weight.shape for weight in ours.get_weights()] == [weight.shape for weight in weights]
    ours.set_weights(weights)
    return ours, theirs


def assert_same_histories(ours: dict[str, list[float]], theirs: dict[str, list[float]], what: str) -> None:
    if "learning_rate" not in theirs:  # Keras writes down what a callback changes, but not what a schedule does
        ours = {name: values for name, values in ours.items() if name != "learning_rate"}
    # Keras numbers the names of metrics that are made more than once.
    names = {name: name.rstrip("0123456789").rstrip("_") if name not in ours else name for name in theirs}
    assert sorted(ours) == sorted(names.values())
    for name, values in theirs.items():
        assert_same(ours[names[name]], values, np.float32, f"{what}: {name}")


def assert_same_weights(ours: Any, theirs: Any, what: str) -> None:
    for index, (found, expected) in enumerate(zip(ours.get_weights(), theirs.get_weights(), strict=True)):
        assert_same(found, expected, np.float32, f"{what}: weight {index}")


@pytest.mark.parametrize("name", LISTINGS)
def test_that_fit_evaluate_and_predict_give_the_numbers_of_keras(name: str) -> None:
    listing, x, y = LISTINGS[name]
    ours, theirs = both(listing)
    assert ours.count_params() == theirs.count_params()
    found, expected = (model.fit(x, y, validation_split=0.2, **OVER).history for model in (ours, theirs))
    assert_same_histories(found, expected, name)
    assert_same_weights(ours, theirs, name)
    measured = [np.ravel(model.evaluate(x, y, batch_size=8, verbose=0)) for model in (ours, theirs)]
    assert_same(*measured, np.float32, f"{name}: evaluate")
    predicted = [model.predict(x, verbose=0) for model in (ours, theirs)]
    assert_same(*predicted, np.float32, f"{name}: predict")


@pytest.mark.parametrize("name", ["regression", "pictures", "text"])
def test_that_sample_weights_act_as_in_keras(name: str) -> None:
    listing, x, y = LISTINGS[name]
    ours, theirs = both(listing)
    checked = (x[:7], y[:7], WEIGHTS[:7])
    found, expected = (
        model.fit(x, y, sample_weight=WEIGHTS, validation_data=checked, **OVER).history for model in (ours, theirs)
    )
    assert_same_histories(found, expected, name)
    assert_same_weights(ours, theirs, name)


@pytest.mark.parametrize("name", ["yes or no", "pictures", "smoothed"])
def test_that_class_weights_act_as_in_keras(name: str) -> None:
    listing, x, y = LISTINGS[name]
    ours, theirs = both(listing)
    shares = {0: 0.5, 1: 2.0, 2: 1.0} if name != "yes or no" else {0: 0.3, 1: 1.5}
    found, expected = (model.fit(x, y, class_weight=shares, **OVER).history for model in (ours, theirs))
    assert_same_histories(found, expected, name)
    assert_same_weights(ours, theirs, name)


@pytest.mark.parametrize("name", LISTINGS)
def test_that_single_steps_are_those_of_keras(name: str) -> None:
    listing, x, y = LISTINGS[name]
    ours, theirs = both(listing)
    theirs.compile(optimizer=theirs.optimizer, loss=theirs.loss)  # without metrics, so that a step returns the loss
    found, expected = (
        [float(np.ravel(model.train_on_batch(x[rows], y[rows]))[0]) for rows in (slice(0, 5), slice(5, 12))]
        for model in (ours, theirs)
    )
    assert_same(found[0], expected[0], np.float32, f"{name}: loss of the first step")
    assert_same_weights(ours, theirs, f"{name}, after steps")
    assert_same(ours.predict_on_batch(x[:4]), theirs.predict_on_batch(x[:4]), np.float32, f"{name}: predict_on_batch")


def plateau(module: ModuleType) -> Any:
    return module.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1, min_delta=0.01)


def early(module: ModuleType) -> Any:
    return module.callbacks.EarlyStopping(monitor="val_loss", patience=2, min_delta=0.002, restore_best_weights=True)


@pytest.mark.parametrize("callback", [plateau, early])
def test_that_callbacks_decide_as_in_keras(callback: Callable[[Any], Any]) -> None:
    listing, x, y = LISTINGS["regression"]
    ours, theirs = both(listing)
    keywords = OVER | {"epochs": 25, "validation_split": 0.3}
    found = ours.fit(x, y, callbacks=[callback(nncore)], **keywords).history
    expected = theirs.fit(x, y, callbacks=[callback(keras)], **keywords).history
    assert_same_histories(found, expected, callback.__name__)
    assert_same_weights(ours, theirs, callback.__name__)
