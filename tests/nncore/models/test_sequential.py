"""The Keras-shaped front: a listing from a lesson runs, and behaves as Keras does."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import nncore as keras
from nncore.errors import InputError, ShapeError
from nncore.models import Sequential
from nncore.network import Network
from nncore.types import Array


def pictures(rows: int = 200, seed: int = 0) -> tuple[Array, Array]:
    """Return 28 by 28 pictures of ten classes, each with one bright bar, and their class numbers."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 10, rows)
    x = rng.uniform(0.0, 0.4, (rows, 28, 28)).astype(np.float32)
    for picture, number in zip(x, y, strict=True):
        picture[2 * number : 2 * number + 3] += 0.6
    return x, y


@pytest.fixture(autouse=True)
def _seed() -> None:
    keras.utils.set_random_seed(12)


def model(*layers: Any, optimizer: Any = "adam", loss: Any = "sparse_categorical_crossentropy") -> Sequential:
    """Return a small compiled classifier of points."""
    chosen = layers or (keras.layers.Dense(16, "tanh", input_shape=(4,)), keras.layers.Dense(3, "softmax"))
    made = keras.Sequential(list(chosen))
    made.compile(optimizer, loss, metrics=["accuracy"])
    return made


def points(rows: int = 90, seed: int = 1) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 3, rows)
    centres = np.array([[3.0, 0, 0, 0], [0, 3.0, 0, 0], [0, 0, 3.0, 0]])
    return centres[y] + rng.normal(0.0, 0.5, (rows, 4)), y


# --- The listing ------------------------------------------------------------------------------------------------


def test_that_the_listing_of_the_lessons_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    x, y = pictures()
    x_test, y_test = pictures(50, seed=1)
    model = keras.Sequential(
        [
            keras.layers.Flatten(input_shape=(28, 28)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x, y, epochs=10, batch_size=32, validation_split=0.1, verbose=0)
    assert list(history.history) == ["loss", "accuracy", "val_loss", "val_accuracy"]
    assert all(len(values) == 10 for values in history.history.values())
    assert history.epoch == list(range(10))
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    assert accuracy > 0.9
    assert loss < 0.7
    assert capsys.readouterr().out == ""
    probabilities = model.predict(x_test)
    assert probabilities.shape == (50, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-5)
    assert np.mean(probabilities.argmax(axis=1) == y_test) == accuracy
    model.summary()
    assert "101,770" in capsys.readouterr().out
    assert model.count_params() == 101_770
    weights = model.get_weights()
    assert [array.shape for array in weights] == [(784, 128), (128,), (128, 10), (10,)]
    model.set_weights(weights)
    np.testing.assert_array_equal(model.predict(x_test), probabilities)
    assert isinstance(model.train_on_batch(x, y), float)
    assert keras.models.Sequential is keras.Sequential


def names(method: object) -> list[str]:
    parameters = inspect.signature(method).parameters.values()  # type: ignore[arg-type]  # it is callable
    return [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_OR_KEYWORD]


def test_that_arguments_have_the_names_order_and_defaults_of_keras() -> None:
    assert names(Sequential.compile)[1:5] == ["optimizer", "loss", "loss_weights", "metrics"]
    fit = ["x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle"]
    assert names(Sequential.fit)[1:] == [
        *fit,
        "class_weight",
        "sample_weight",
        "initial_epoch",
        "steps_per_epoch",
        "validation_steps",
        "validation_batch_size",
        "validation_freq",
    ]
    measuring = ["x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks", "return_dict"]
    assert names(Sequential.evaluate)[1:] == measuring
    assert names(Sequential.predict)[1:] == ["x", "batch_size", "verbose", "steps", "callbacks"]
    assert names(Sequential.train_on_batch)[1:] == ["x", "y", "sample_weight", "class_weight", "return_dict"]
    assert names(Sequential.summary)[1:4] == ["line_length", "positions", "print_fn"]
    assert names(Sequential.__init__)[1:] == ["layers", "trainable", "name"]
    defaults = inspect.signature(Sequential.fit).parameters
    assert [defaults[name].default for name in fit[2:]] == [None, 1, "auto", None, 0.0, None, True]


# --- Fitting ----------------------------------------------------------------------------------------------------


def test_that_the_same_seed_gives_identical_weights() -> None:
    found = []
    for seed in (3, 3, 4):
        keras.utils.set_random_seed(seed)
        made = model(
            keras.layers.Dense(8, "relu", input_shape=(4,)), keras.layers.Dropout(0.3), keras.layers.Dense(3, "softmax")
        )
        made.fit(*points(), epochs=2, verbose=0)
        made.train_on_batch(*points(20))
        found.append(made.get_weights())
    for first, second in zip(found[0], found[1], strict=True):
        np.testing.assert_array_equal(first, second)
    assert any((first != third).any() for first, third in zip(found[0], found[2], strict=True))


def test_that_fitting_again_goes_on_with_weights_and_memory() -> None:
    made = model()
    first = made.fit(*points(), epochs=3, verbose=0).history["loss"]
    steps = made._step_maker().updater.iterations
    assert steps == 9
    second = made.fit(*points(), epochs=3, verbose=0).history["loss"]
    assert second[0] < first[-1] < first[0]
    assert made._step_maker().updater.iterations == 18


def test_that_fitting_twice_without_shuffling_is_fitting_once_for_as_long() -> None:
    keras.utils.set_random_seed(1)
    once = model()
    once.fit(*points(), epochs=4, shuffle=False, verbose=0)
    keras.utils.set_random_seed(1)
    twice = model()
    twice.fit(*points(), epochs=2, shuffle=False, verbose=0)
    twice.fit(*points(), epochs=2, shuffle=False, verbose=0)
    for a, b in zip(once.get_weights(), twice.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_that_the_validation_split_takes_the_last_samples() -> None:
    x, y = points(50)
    made = model(optimizer=keras.optimizers.SGD(1e-12))
    history = made.fit(x, y, validation_split=0.3, verbose=0).history
    loss, accuracy = made.evaluate(x[35:], y[35:], verbose=0)
    assert history["val_loss"][0] == pytest.approx(loss, rel=1e-5)
    assert history["val_accuracy"][0] == pytest.approx(accuracy)
    again = made.fit(x[:35], y[:35], validation_data=(x[35:], y[35:]), validation_split=0.9, verbose=0).history
    assert again["val_loss"][0] == pytest.approx(loss, rel=1e-5)


def test_that_without_metrics_only_losses_are_kept() -> None:
    made = model()
    made.compile("adam", "sparse_categorical_crossentropy")
    assert list(made.fit(*points(), validation_split=0.1, verbose=0).history) == ["loss", "val_loss"]
    loss = made.evaluate(*points(), verbose=0)
    assert isinstance(loss, float)


def test_that_evaluate_returns_a_number_a_list_or_a_dictionary() -> None:
    made = model()
    listed = made.evaluate(*points(), verbose=0)
    assert isinstance(listed, list)
    assert len(listed) == 2
    named = made.evaluate(*points(), verbose=0, return_dict=True)
    assert list(named) == ["loss", "accuracy"]
    assert list(named.values()) == listed


def test_that_training_on_the_same_batch_lowers_the_loss() -> None:
    made = model(optimizer=keras.optimizers.Adam(0.01))
    losses = [made.train_on_batch(*points(30)) for _ in range(30)]
    assert losses[-1] < 0.5 * losses[0]
    assert made.evaluate(*points(30), verbose=0)[0] < losses[-1]
    assert losses[0] > made.train_on_batch(*points(60))  # a larger batch than the plan was made for


def test_that_one_step_of_a_batch_is_one_step_of_fitting() -> None:
    x, y = points(32)
    keras.utils.set_random_seed(1)
    fitted = model()
    loss = fitted.fit(x, y, batch_size=32, shuffle=False, verbose=0).history["loss"][0]
    keras.utils.set_random_seed(1)
    stepped = model()
    assert stepped.train_on_batch(x, y) == pytest.approx(loss, rel=1e-6)
    for a, b in zip(fitted.get_weights(), stepped.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("activation", "units", "loss", "targets"),
    [
        ("softmax", 3, "sparse_categorical_crossentropy", lambda y: y),
        ("softmax", 3, "sparse_categorical_crossentropy", lambda y: y[:, None].astype(np.float64)),
        ("softmax", 3, "categorical_crossentropy", lambda y: keras.utils.to_categorical(y, 3)),
        ("linear", 3, keras.losses.SparseCategoricalCrossentropy(from_logits=True), lambda y: y),
        ("sigmoid", 1, "binary_crossentropy", lambda y: y == 0),
        ("sigmoid", 3, "binary_crossentropy", lambda y: keras.utils.to_categorical(y)),
        ("linear", 1, "mse", lambda y: y.astype(np.float32)),
        ("linear", 2, keras.losses.MeanSquaredError(), lambda y: np.stack([y, -y], axis=1)),
    ],
)
def test_that_every_loss_fits_the_targets_that_keras_would_take(
    activation: str, units: int, loss: Any, targets: Any
) -> None:
    x, y = points()
    made = model(keras.layers.Input((4,)), keras.layers.Dense(units, activation), loss=loss)
    losses = made.fit(x, targets(y), epochs=15, batch_size=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert made.predict(x).shape == (90, units)


def test_that_progress_is_one_line_for_each_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    model().fit(*points(), epochs=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" - ")[0] for line in lines] == ["Epoch 1/2", "Epoch 2/2"]
    assert "accuracy: " in lines[0]


def test_that_a_loss_that_fails_keeps_the_weights_of_before() -> None:
    x, y = points()
    made = model(keras.layers.Dense(1, input_shape=(4,)), optimizer=keras.optimizers.SGD(100.0), loss="mse")
    made.build()
    with pytest.raises(InputError, match="Try a smaller learning rate"):
        made.fit(x * 1e6, y, epochs=50, verbose=0)
    assert all(np.isfinite(array).all() for array in made.get_weights())


def test_that_what_was_learned_is_kept_when_fitting_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = model()
    made.build()
    before = made.get_weights()

    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.print", interrupt)
    with pytest.raises(KeyboardInterrupt):
        made.fit(*points(), epochs=5)
    assert any((a != b).any() for a, b in zip(before, made.get_weights(), strict=True))
    assert made._step_maker().updater.iterations == 3


# --- Building ---------------------------------------------------------------------------------------------------


def test_that_the_input_shape_can_be_given_in_every_way_keras_has() -> None:
    dense = keras.layers.Dense(3)
    built = keras.Sequential([dense])
    built.build((None, 4))
    added = keras.Sequential()
    added.add(keras.Input(shape=(4,)))
    added.add(dense)
    for made in (built, added, keras.Sequential([keras.layers.Dense(3, input_shape=(4,))])):
        assert made.network == Network((4,), (dense,))
    learned = keras.Sequential([dense])
    assert learned.predict(np.ones((2, 4))).shape == (2, 3)
    called = keras.Sequential([dense])
    assert called(np.ones((2, 4))).shape == (2, 3)


def test_that_layers_can_be_added_and_taken_off() -> None:
    made = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)], name="mine")
    made.add(keras.layers.Dense(2))
    assert made.count_params() == 15 + 8
    assert made.pop() == keras.layers.Dense(2)
    assert made.layers == [keras.layers.Dense(3)]
    assert made.count_params() == 15
    assert made.name == "mine"
    with pytest.raises(InputError, match="made of layers"):
        made.add(3)  # type: ignore[arg-type]  # the point
    with pytest.raises(InputError, match="no layer to take off"):
        keras.Sequential().pop()


def test_that_weights_given_back_are_the_weights_used() -> None:
    made = model()
    weights = made.get_weights()
    changed = [array + 1 for array in weights]
    made.set_weights(changed)
    for a, b in zip(made.get_weights(), changed, strict=True):
        np.testing.assert_array_equal(a, b)
    weights[0][...] = 99.0
    np.testing.assert_array_equal(made.get_weights()[0], changed[0])


def test_that_weights_that_do_not_fit_change_nothing() -> None:
    made = model()
    weights = made.get_weights()
    with pytest.raises(InputError, match="4 weights to be set, but 3 were given"):
        made.set_weights(weights[:3])
    with pytest.raises(InputError, match=r"layers\.1\.kernel has the shape \(16, 3\), but \(3, 16\) was given"):
        made.set_weights([weights[0] + 1, weights[1], weights[2].T, weights[3]])
    for a, b in zip(made.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(a, b)


# --- What is refused --------------------------------------------------------------------------------------------


def test_that_an_argument_that_is_missing_here_is_refused_by_name() -> None:
    made = model()
    x, y = points()
    for method, keywords in (
        ("fit", {"steps_per_epoch": 3}),
        ("fit", {"validation_freq": 2}),
        ("evaluate", {"steps": 3}),
        ("predict", {"steps": 3}),
        ("compile", {"loss_weights": [1.0]}),
        ("train_on_batch", {"return_dict": True}),
        ("summary", {"line_length": 60}),
    ):
        (name,) = keywords
        arguments = {"fit": (x, y), "evaluate": (x, y), "predict": (x,), "compile": ("adam", "mse")}.get(method, ())
        with pytest.raises(InputError) as caught:
            getattr(made, method)(*arguments, **keywords)
        assert caught.value.sentence == f"{method}() has no argument {name} here."
    assert made.fit(x, y, callbacks=[], sample_weight=None, initial_epoch=0, verbose=0)


def test_that_an_argument_given_by_its_position_means_what_it_means_in_keras() -> None:
    made = model()
    x, y = points()
    with pytest.raises(InputError, match="loss_weights"):
        made.compile("adam", "mse", ["accuracy"])
    with pytest.raises(InputError, match="steps_per_epoch"):
        made.fit(x, y, 32, 1, 0, None, 0.1, None, True, {0: 1.0}, None, 0, 5)
    with pytest.raises(InputError, match="steps"):
        made.evaluate(x, y, 32, 0, np.ones(len(y)), 5)
    with pytest.raises(InputError, match=r"Sequential\(\) has no argument trainable"):
        keras.Sequential([keras.layers.Dense(1)], False)


def test_that_the_optimizer_is_that_of_keras_when_none_is_named() -> None:
    made = keras.Sequential([keras.layers.Dense(1)])
    made.compile(loss="mse")
    assert made.optimizer == keras.optimizers.RMSprop()


def test_that_metrics_are_called_by_the_names_they_were_asked_for() -> None:
    x, y = points()
    made = keras.Sequential([keras.layers.Dense(1, input_shape=(4,))])
    made.compile("adam", "mse", metrics=["mean_absolute_error", "mae"])
    course = made.fit(x, y, validation_split=0.2, verbose=0).history
    both = ["mean_absolute_error", "mae"]
    assert list(course) == ["loss", *both, "val_loss", *(f"val_{name}" for name in both)]
    assert course["mae"] == course["mean_absolute_error"]
    assert list(made.evaluate(x, y, verbose=0, return_dict=True)) == ["loss", *both]


def test_that_metrics_that_are_no_list_of_names_are_refused() -> None:
    made = model()
    with pytest.raises(InputError, match=r"metrics=\['mae'\]"):
        made.compile("adam", "mse", metrics="mae")
    with pytest.raises(InputError, match="metric is chosen by its name"):
        made.compile("adam", "mse", metrics=[len])  # type: ignore[list-item]  # what a script may do


def test_that_targets_in_the_form_of_the_other_cross_entropy_are_refused_with_its_name() -> None:
    x, y = points()
    with pytest.raises(InputError, match=r"\(90, 3\).* use categorical_crossentropy"):
        model().fit(x, np.eye(3)[y], verbose=0)
    with pytest.raises(InputError, match=r"\(90,\).* use sparse_categorical_crossentropy"):
        model(loss="categorical_crossentropy").fit(x, y, verbose=0)


def test_that_a_batch_whose_loss_is_not_finite_is_refused_and_changes_nothing() -> None:
    x, y = points()
    made = model()
    made.train_on_batch(x, y)
    before = made.get_weights()
    with pytest.raises(InputError, match=r'Sample 1 of "x" has no number in column 1'):
        made.train_on_batch(x * np.nan, y)
    made.set_weights([array * 1e38 for array in before])
    before = made.get_weights()
    with pytest.raises(InputError, match=r"loss of these 90 samples is (nan|inf)"):
        made.train_on_batch(x, y)
    for a, b in zip(before, made.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_that_numbers_out_of_range_are_refused() -> None:
    x, y = points()
    for keywords in ({"validation_split": 1.5}, {"validation_split": -0.5}, {"batch_size": 0}, {"epochs": 0}):
        (name,) = keywords
        with pytest.raises(InputError, match=f"{name} must be"):
            model().fit(x, y, verbose=0, **keywords)


def test_that_values_that_are_no_numbers_are_refused() -> None:
    x, y = points()
    made = model()
    with pytest.raises(InputError, match="inputs are not an array of numbers"):
        made.predict([["a", "b", "c", "d"]])
    with pytest.raises(InputError, match="targets are not an array of numbers"):
        made.fit(x, np.array(["a"] * len(y)), verbose=0)
    with pytest.raises(InputError, match="There are no samples"):
        made.train_on_batch(x[:0], y[:0])
    with pytest.raises(InputError, match="validation_data has 1 part"):
        made.fit(x, y, validation_data=(x,), verbose=0)  # type: ignore[arg-type]  # what a script may do


def test_that_unknown_names_are_answered_with_the_nearest() -> None:
    made = model()
    with pytest.raises(InputError, match='Did you mean "Adam"'):
        made.compile("adamm", "mse")
    with pytest.raises(InputError, match='Did you mean "mean_squared_error"'):
        made.compile("adam", "mean_square_error")
    with pytest.raises(InputError, match='Did you mean "accuracy"'):
        made.compile("adam", "mse", metrics=["acuracy"])


def test_that_a_model_that_is_not_ready_says_what_is_missing() -> None:
    x, y = points()
    made = keras.Sequential([keras.layers.Dense(3)])
    with pytest.raises(InputError, match="shape of its input"):
        made.count_params()
    with pytest.raises(InputError, match="compile"):
        made.fit(x, y)
    with pytest.raises(InputError, match="needs a loss"):
        made.compile("adam")


def test_that_samples_that_do_not_fit_are_refused() -> None:
    made = model()
    x, y = points()
    with pytest.raises(InputError, match="expects samples of shape 4, but got 3"):
        made.fit(x[:, :3], y)
    with pytest.raises(InputError, match="90 inputs, but 89 targets"):
        made.fit(x, y[:89])
    with pytest.raises(InputError, match="class 3"):
        made.fit(x, y + 1, verbose=0)
    with pytest.raises(InputError, match="There are no training samples"):
        made.fit(x, y, validation_split=1.0, verbose=0)


def test_that_layers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ShapeError):
        keras.Sequential([keras.Input(()), keras.layers.Dense(3)]).count_params()
    with pytest.raises(InputError, match="1,001,000,000"):
        keras.Sequential([keras.Input((1000,)), keras.layers.Dense(1_000_000)]).count_params()


def test_that_to_categorical_makes_one_hot_rows() -> None:
    np.testing.assert_array_equal(keras.utils.to_categorical([0, 2]), [[1, 0, 0], [0, 0, 1]])
    np.testing.assert_array_equal(keras.utils.to_categorical([[1], [0]], 2), [[0, 1], [1, 0]])
    assert keras.utils.to_categorical([[0, 1], [1, 2]], 4).shape == (2, 2, 4)
