"""Whatever does not fit gets a sentence that names it and one that says what mends it, on every way into the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nncore as keras
from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.editing.mends import mends
from nncore.errors import FieldError, InputError
from nncore.events import Finished
from nncore.layers import (
    BatchNormalization,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Dense,
    DepthwiseConv2D,
    Embedding,
    Flatten,
    GlobalAveragePooling1D,
    Layer,
    Reshape,
)
from nncore.losses import LOSSES, Loss, Target
from nncore.metrics import METRICS
from nncore.network import Network
from nncore.predictor import Predictor
from nncore.project import Project, adapted
from nncore.session import Session
from nncore.trace import Trace, trace
from nncore.types import Array
from tests.nncore.examples import class_data, class_network, class_settings, finish, number_data, number_settings
from tests.nncore.mistakes import BY_NAME, Mistake

# --- Networks that do not fit -----------------------------------------------------------------------------------

each_mistake = pytest.mark.parametrize("name", BY_NAME)
CALLS = ["fit", "evaluate", "train_on_batch"]


def call(model: keras.Sequential, name: str, *given: object, **keywords: object) -> Any:
    """Call a method of a model without a word."""
    silent: dict[str, Any] = {} if name == "train_on_batch" else {"verbose": 0}
    return getattr(model, name)(*given, **silent, **keywords)


def refusal(action: Callable[[], object]) -> InputError:
    """Return what the action is refused with: one sentence, and one that says what to do."""
    with pytest.raises(InputError) as caught:
        action()
    error = caught.value
    assert error.sentence.endswith(".")
    assert error.remedy.endswith(".")
    assert "\n" not in str(error)
    return error


def traced(mistake: Mistake) -> Trace:
    data = mistake.data()
    return trace(mistake.network(), mistake.project().training.loss, data.target, data.data.input_shape)


@each_mistake
def test_that_the_trace_names_it_in_the_row_where_it_is(name: str) -> None:
    mistake = BY_NAME[name]
    found = traced(mistake)
    problem = found.loss_problem if mistake.row < 0 else found.rows[mistake.row].problem
    assert problem is not None
    assert problem.sentence.startswith(mistake.sentence)
    assert problem.remedy == mistake.remedy
    assert found.input_problem is None


@each_mistake
def test_that_the_mends_offered_are_the_fitting_ones(name: str) -> None:
    mistake = BY_NAME[name]
    network = mistake.network()
    offered = mends(network, mistake.project().training.loss, mistake.data().target)
    row = mistake.row if mistake.row >= 0 else len(network)
    assert tuple(mend.label for mend in offered.get(row, [])) == mistake.mends


@each_mistake
def test_that_a_session_refuses_it_before_the_first_step(name: str) -> None:
    mistake = BY_NAME[name]
    error = refusal(lambda: Session(mistake.network(), mistake.project().training, mistake.data()))
    assert error.sentence.startswith(mistake.sentence)
    assert error.remedy == mistake.remedy


@pytest.mark.parametrize("name", [name for name, mistake in BY_NAME.items() if mistake.script is not None])
@pytest.mark.parametrize("method", CALLS)
def test_that_a_script_is_told_the_same(name: str, method: str) -> None:
    mistake = BY_NAME[name]
    model = keras.Sequential([keras.Input(mistake.network().input_shape), *mistake.layers])
    model.compile(loss=Loss.registry.get(mistake.loss)())
    samples = mistake.data().train
    error = refusal(lambda: call(model, method, samples.x[:40], samples.y[:40]))
    assert (mistake.script or mistake.sentence) in error.sentence


@pytest.mark.parametrize("cls", [Conv2D, Conv2DTranspose])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_that_strides_and_dilation_together_are_refused(cls: type[Any], padding: str) -> None:
    error = refusal(lambda: cls(4, 3, strides=2, padding=padding, dilation_rate=(1, 3)))
    assert error.sentence == f"{cls.__name__}: dilation_rate of 1 × 3 does not go together with strides of 2 × 2."
    assert error.remedy == "Set one of them to 1."
    for layer in (cls(4, 3, strides=2, padding=padding), cls(4, 3, padding=padding, dilation_rate=2)):
        assert not trace(Network((9, 9, 1), (layer,))).problems


def test_that_strides_and_dilation_together_are_refused_in_the_other_convolutions_too() -> None:
    error = refusal(lambda: Conv1D(4, 3, strides=2, padding="same", dilation_rate=3))
    assert error.sentence == "Conv1D: dilation_rate of 3 does not go together with strides of 2."
    error = refusal(lambda: DepthwiseConv2D(3, strides=2, padding="same", dilation_rate=3))
    assert error.sentence == "DepthwiseConv2D: dilation_rate of 3 × 3 does not go together with strides of 2 × 2."


@pytest.mark.parametrize(
    ("name", "arguments", "field"),
    [
        ("ExponentialDecay", (0.1, 0, 0.9), "decay_steps"),
        ("StepDecay", (0.1, 0, 0.5), "decay_steps"),
        ("InverseTimeDecay", (0.1, 0, 0.5), "decay_steps"),
        ("PolynomialDecay", (0.1, 0), "decay_steps"),
        ("CosineDecay", (0.1, 0), "decay_steps"),
        ("CosineDecayRestarts", (0.1, 0), "first_decay_steps"),
        ("Warmup", (0.1, 0), "warmup_steps"),
    ],
)
def test_that_a_schedule_with_no_steps_is_refused(name: str, arguments: tuple[Any, ...], field: str) -> None:
    schedule = getattr(keras.optimizers.schedules, name)
    error = refusal(lambda: schedule(*arguments))
    assert error.sentence == f"{name}: {field} must be a whole number from 1 to 1,000,000,000, but is 0."
    assert isinstance(error, FieldError)
    assert error.field == field


def test_that_a_schedule_of_pieces_needs_a_value_for_each() -> None:
    pieces = keras.optimizers.schedules.PiecewiseConstantDecay
    assert "values must be a list of numbers" in refusal(lambda: pieces([], [])).sentence
    assert "1 values and 1 boundaries" in refusal(lambda: pieces([5], [0.1])).sentence
    assert "boundaries must ascend" in refusal(lambda: pieces([9, 5], [0.1, 0.2, 0.3])).sentence


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: keras.losses.CategoricalCrossentropy(label_smoothing=1.5), "label_smoothing must be a number from 0"),
        (lambda: keras.losses.BinaryCrossentropy(label_smoothing=-0.1), "label_smoothing must be a number from 0"),
        (lambda: keras.layers.Dropout(1.0), "rate must be a number of at least 0 and below 1, but is 1"),
        (lambda: keras.layers.LSTM(0), "units must be a whole number from 1"),
        (lambda: keras.metrics.TopKCategoricalAccuracy(k=0), "k must be a whole number from 1"),
        (lambda: keras.callbacks.EarlyStopping(patience=-1), "patience must be a whole number from 0"),
        (lambda: keras.callbacks.ReduceLROnPlateau(factor=1.0), "factor must be a number above 0 and below 1"),
    ],
)
def test_that_a_setting_out_of_range_is_told_with_its_range(action: Callable[[], object], words: str) -> None:
    assert words in refusal(action).sentence


# --- Arrays of a script -----------------------------------------------------------------------------------------

X = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
Y = np.arange(20) % 3
TOKENS = np.random.default_rng(1).integers(0, 5, (20, 6))


def made(*layers: Layer, loss: str = "sparse_categorical_crossentropy", metrics: Any = ()) -> keras.Sequential:
    model = keras.Sequential(list(layers))
    model.compile(keras.optimizers.SGD(0.01), loss, metrics=list(metrics))
    return model


def classifier() -> keras.Sequential:
    return made(Dense(8, "tanh"), Dense(3, "softmax"))


def reader(*above: Layer) -> keras.Sequential:
    return made(*above, Embedding(5, 3), GlobalAveragePooling1D(), Dense(3, "softmax"))


def line(outputs: int = 1) -> keras.Sequential:
    return made(Dense(outputs), loss="mse")


def broken(array: Array, place: tuple[int, ...], value: float) -> Array:
    changed = np.array(array, np.float64)
    changed[place] = value
    return changed


SCRIPTS: dict[str, tuple[Callable[[], keras.Sequential], Any, Any, str, str]] = {
    "a negative class": (
        classifier,
        X,
        broken(Y, (6,), -1),
        "sample 7 has the class -1.",
        "Number the classes from 0 on.",
    ),
    "a class too many": (classifier, X, broken(Y, (6,), 3), "numbered from 0 to 2, but sample 7 has the class 3.", ""),
    "half a class": (classifier, X, broken(Y, (6,), 0.5), "whole numbers, but sample 7 has the class 0.5.", "mean_squ"),
    "words as classes": (
        classifier,
        X,
        ["a", "b"] * 10,
        "targets are not an array of numbers: there are words",
        "Give",
    ),
    "one-hot rows": (classifier, X, np.eye(3)[Y], "have the shape (20, 3).", "use categorical_crossentropy"),
    "class numbers": (
        lambda: made(Dense(3, "softmax"), loss="categorical_crossentropy"),
        X,
        Y,
        "needs one-hot rows, but the targets have the shape (20,).",
        "use sparse_categorical_crossentropy",
    ),
    "targets that are too wide": (
        lambda: line(2),
        X,
        np.zeros((20, 3)),
        "The output has 2 numbers, but each target has 3 numbers.",
        "Let the network end in a Dense with 3 units.",
    ),
    "targets that are too narrow": (
        lambda: line(2),
        X,
        np.zeros(20),
        "The output has 2 numbers, but each target has 1 number.",
        "Let the network end in a Dense with 1 unit.",
    ),
    "one-hot rows that are too wide": (
        lambda: made(Dense(3, "softmax"), loss="categorical_crossentropy"),
        X,
        np.eye(4)[Y],
        "The output has 3 numbers, but each target has 4 numbers.",
        "Let the network end in a Dense with 4 units.",
    ),
    "shares beyond 1": (
        lambda: made(Dense(1, "sigmoid"), loss="binary_crossentropy"),
        X,
        Y,
        "needs two classes, or numbers from 0 to 1, but the targets are other numbers.",
        "Use mean_squared_error",
    ),
    "signs of another kind": (lambda: made(Dense(1), loss="hinge"), X, Y, "but there is the target 2.", "Use mean_"),
    "NaN in the inputs": (
        classifier,
        broken(X, (6, 2), np.nan),
        Y,
        'Sample 7 of "x" has no number in column 3',
        "Remove",
    ),
    "infinity in the inputs": (
        classifier,
        broken(X, (6, 2), np.inf),
        Y,
        "has an infinite number in column 3",
        "Remove",
    ),
    "too large a number": (classifier, broken(X, (6, 2), 1e300), Y, "has an infinite number in column 3", "Remove"),
    "NaN in a picture": (
        lambda: made(Flatten(), Dense(3, "softmax")),
        broken(np.zeros((20, 5, 6)), (3, 1, 4), np.nan),
        Y,
        'Sample 4 of "x" has no number at the pixel in row 2, column 5',
        "Remove",
    ),
    "NaN in the classes": (classifier, X, broken(Y, (3,), np.nan), 'Sample 4 of "y" has no number', "Remove"),
    "NaN in the targets": (lambda: line(2), X, broken(X[:, :2], (3, 1), np.nan), "no number in column 2", "Remove"),
    "a token too many": (
        reader,
        broken(TOKENS, (8, 3), 7),
        Y,
        "Embedding reads whole numbers from 0 to 4, but sample 9 holds 7 at position 4.",
        "Set input_dim to at least 8.",
    ),
    "a negative token": (reader, broken(TOKENS, (8, 3), -2), Y, "but sample 9 holds -2 at position 4.", "Feed token"),
    "half a token": (reader, broken(TOKENS, (8, 3), 0.5), Y, "but sample 9 holds 0.5 at position 4.", "Feed token"),
    "a token too many behind Reshape": (
        lambda: reader(Reshape((6,))),
        broken(TOKENS, (8, 3), 7).reshape(20, 3, 2),
        Y,
        "but sample 9 holds 7 at position 4.",
        "Set input_dim to at least 8.",
    ),
    "no samples": (classifier, X[:0], Y[:0], "There are no samples.", "Give at least one."),
    "fewer targets": (classifier, X, Y[:5], "There are 20 inputs, but 5 targets.", "Give one for each."),
    "no time steps": (
        lambda: made(keras.layers.LSTM(3), Dense(3, "softmax")),
        np.zeros((20, 0, 2)),
        Y,
        "Each sample has the shape 0 × 2, so there is no number in it.",
        "Choose data with at least one time step",
    ),
    "no columns": (classifier, X[:, :0], Y, "Each sample has the shape 0, so there is no number in it.", "Choose data"),
    "rows of different lengths": (
        classifier,
        [[1, 2], [3]],
        [0, 1],
        "the rows have different lengths.",
        "Give numbers",
    ),
    "targets of different lengths": (line, X[:2], [[1, 2], [3]], "the rows have different lengths.", "Give numbers"),
    "words": (classifier, [["a"] * 4] * 20, Y, "there are words among them.", "Give numbers"),
    "complex numbers": (classifier, X + 1j, Y, "some are complex.", "Give numbers"),
    "a single number": (classifier, 5.0, Y, "Dense needs at least one number per sample, but gets none.", "Check"),
}


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("method", CALLS)
def test_that_an_array_that_does_not_fit_is_told_with_what_is_wrong_in_it(name: str, method: str) -> None:
    model, x, y, words, remedy = SCRIPTS[name]
    learner = model()
    error = refusal(lambda: call(learner, method, x, y))
    assert words in error.sentence
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("model", "x", "words"),
    [
        (classifier, broken(X, (6, 2), np.nan), 'Sample 7 of "x" has no number in column 3'),
        (classifier, X[:, :3], "expects samples of shape 4, but got 3."),
        (classifier, X[0], "expects a batch of samples of shape 4, but got only one."),
        (classifier, [["a"] * 4], "there are words among them."),
        (reader, broken(TOKENS, (8, 3), 7), "sample 9 holds 7 at position 4."),
        (lambda: reader(Flatten()), broken(TOKENS, (8, 3), 7), "sample 9 holds 7 at position 4."),
    ],
)
def test_that_inputs_to_predict_are_looked_at_too(model: Callable[[], keras.Sequential], x: Any, words: str) -> None:
    learner = model()
    learner.fit(*((TOKENS, Y) if "position" in words else (X, Y)), verbose=0)
    for method in (learner.predict, learner.predict_on_batch, learner):
        assert words in refusal(lambda method=method: method(x)).sentence  # type: ignore[misc]  # mypy knows no default


def test_that_samples_that_did_not_fit_do_not_decide_the_shape_of_the_model() -> None:
    model = made(keras.layers.LSTM(3), Dense(3, "softmax"))
    for wrong in (np.zeros((20, 0, 2)), np.zeros((20, 4, 4, 1)), X, 5.0):
        refusal(lambda wrong=wrong: model.fit(wrong, Y))  # type: ignore[misc]  # mypy knows no default
    assert model.fit(X[..., None], Y, verbose=0).history["loss"]


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number from 1"),
        ({"epochs": 0}, "epochs must be a whole number from 1"),
        ({"validation_split": 2.0}, "validation_split must be a number of at least 0 and below 1, but is 2"),
        ({"validation_split": 1.0}, "There are no training samples."),
        ({"validation_data": (X, Y + 1)}, "sample 3 has the class 3."),
        ({"validation_data": (X[:, :2], Y)}, "expects samples of shape 4, but got 2."),
        ({"validation_data": (broken(X, (0, 0), np.nan), Y)}, "has no number in column 1"),
        ({"validation_data": (X,)}, "validation_data has 1 parts"),
        ({"class_weight": "balanced"}, "class_weight must be a dictionary from class numbers to weights"),
        ({"class_weight": [1, 2, 3]}, "class_weight must be a dictionary"),
        ({"class_weight": {0: float("nan")}}, "class_weight gives class 0 the weight nan"),
        ({"class_weight": {1: -2}}, "class_weight gives class 1 the weight -2"),
        ({"sample_weight": np.ones(3)}, "sample_weight has the shape (3,)"),
        ({"sample_weight": broken(np.ones(20), (4,), np.inf)}, "sample_weight has inf for sample 5"),
        ({"callbacks": [keras.callbacks.EarlyStopping()]}, "watches val_loss, but only loss, accuracy are measured."),
        ({"callbacks": [keras.callbacks.EarlyStopping("auc")]}, "watches auc, but only loss, accuracy are measured."),
        ({"callbacks": [keras.callbacks.ReduceLROnPlateau("val_acc")]}, "watches val_acc, but only"),
    ],
)
def test_that_what_is_asked_of_fit_is_looked_at_before_the_first_step(keywords: dict[str, Any], words: str) -> None:
    model = classifier()
    model.build((None, 4))
    before = model.get_weights()
    assert words in refusal(lambda: model.fit(X, Y, verbose=0, **keywords)).sentence
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_that_weights_of_classes_need_classes() -> None:
    error = refusal(lambda: line().fit(X, X[:, 0], class_weight={0: 2.0}, verbose=0))
    assert error.sentence == f"class_weight needs classes, but there is the target {X[0, 0]:g}."


def test_that_a_batch_larger_than_the_data_is_all_of_them_in_a_script_as_in_keras() -> None:
    one, other = classifier(), classifier()
    for model in (one, other):
        model.build((None, 4))
    other.set_weights(one.get_weights())
    one.fit(X, Y, batch_size=500, shuffle=False, verbose=0)
    other.fit(X, Y, batch_size=20, shuffle=False, verbose=0)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_that_broken_weights_are_told_with_their_layer() -> None:
    model = classifier()
    model.build((None, 4))
    weights = model.get_weights()
    weights[2][0, 0] = np.nan
    model.set_weights(weights)
    where = "in the kernel of layer 2 (Dense)"
    assert where in refusal(lambda: model.fit(X, Y, verbose=0)).sentence
    assert f"first {where}, so nothing was learned" in refusal(lambda: model.train_on_batch(X, Y)).sentence


def test_that_a_step_on_numbers_that_are_too_large_names_where_it_went_wrong() -> None:
    model = made(Dense(3, "exponential"), Dense(3, "softmax"))
    error = refusal(lambda: model.train_on_batch(np.abs(X) * 1e20, Y))
    assert "first in the output of layer 1 (Dense), so nothing was learned from them." in error.sentence


# --- Data of a session ------------------------------------------------------------------------------------------


def parts(**changed: Samples) -> TrainingData:
    """Return the data of the classifier with other parts."""
    data = class_data()
    given: dict[str, Any] = {"train": data.train, "validation": data.validation, "test": None, **changed}
    return TrainingData(data.data, given["train"], given["validation"], given["test"], data.scaling)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
@pytest.mark.parametrize(("number", "words"), [(-1, "sample 5 has the class -1."), (3, "sample 5 has the class 3.")])
def test_that_class_numbers_of_every_part_are_looked_at_before_the_training(part: str, number: int, words: str) -> None:
    samples = class_data().train
    wrong = samples.y.copy()
    wrong[4] = number
    data = parts(**{part: Samples(samples.x, wrong)})
    assert words in refusal(lambda: Session(class_network(), class_settings(), data)).sentence


def tokens_of_a_file(shift: float, scale: float) -> TrainingData:
    """Return token numbers that were read as a table, and so were scaled like one."""
    x = TOKENS.astype(np.float64)
    scaling = Scaling((shift,), (scale,))
    data = Data("tokens.csv", TABLE, x, Y, Target(3))
    return TrainingData(data, Samples(scaling.inputs(x), Y), None, None, scaling)


def test_that_tokens_that_were_scaled_are_told_to_be_left_alone() -> None:
    network = Network((6,), (Embedding(5, 3), Flatten(), Dense(3, "softmax")))
    error = refusal(lambda: Session(network, class_settings(), tokens_of_a_file(2.0, 1.5)))
    assert error.remedy == 'Set the scaling of the data to "none", so that token numbers stay whole.'
    assert finish(Session(network, class_settings(), tokens_of_a_file(0.0, 1.0)))[-1] == Finished(False)
    smaller = Network((6,), (Embedding(3, 3), Flatten(), Dense(3, "softmax")))
    error = refusal(lambda: Session(smaller, class_settings(), tokens_of_a_file(0.0, 1.0)))
    assert error.remedy == "Set input_dim to at least 5."


def test_that_balanced_classes_need_classes() -> None:
    network = Network((2,), (Dense(1),))
    error = refusal(lambda: Session(network, number_settings(class_weight="balanced"), number_data()))
    assert error.sentence == (
        "The class weight is balanced, which needs one class for each sample, but the targets are numbers."
    )
    mistake = BY_NAME["one answer where one at each step is asked for"]
    settings = mistake.project().training.replace(class_weight="balanced")
    steps = Network((20, 1), (keras.layers.SimpleRNN(3, return_sequences=True), Dense(1, "sigmoid")))
    error = refusal(lambda: Session(steps, settings, mistake.data()))
    assert "each time step has a class of its own" in error.sentence


def test_that_a_project_for_numbers_forgets_the_balance_of_classes() -> None:
    settings = class_settings(class_weight="balanced")
    project = Project("weighed", class_network(), training=settings)
    assert adapted(project, (4,), Target(3)).training.class_weight == "balanced"
    for target in (Target(), Target(3, (5,))):
        assert adapted(project, (4,), target).training.class_weight == "none"


@pytest.mark.parametrize("kind", list(LOSSES), ids=lambda kind: kind.type_name)
def test_that_a_loss_for_classes_alone_is_replaced_when_numbers_are_asked_for(kind: type[Loss]) -> None:
    project = Project("changed", class_network(), training=class_settings(loss=kind.suggested()))
    after = adapted(project, (4,), Target(0)).training
    assert not after.loss.needs_classes
    assert not after.metric.for_classes
    back = adapted(Project("back", class_network(), training=after), (4,), Target(3)).training
    assert back.loss.needs_classes
    assert back.metric.for_classes


# --- What looks odd and is defined all the same -----------------------------------------------------------------


def test_that_padding_of_a_causal_kernel_makes_any_kernel_fit() -> None:
    assert not trace(Network((4, 3), (Conv1D(2, 9, padding="causal"),))).problems
    assert not trace(Network((4, 4, 3), (Conv2D(2, 9, padding="same"),))).problems


def test_that_a_batch_of_one_is_normalised_to_its_shift() -> None:
    model = made(BatchNormalization(), Dense(3, "softmax"))
    losses = model.fit(X, Y, batch_size=1, epochs=2, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    gamma = model.get_weights()[0]
    np.testing.assert_array_equal(gamma, np.ones(4))  # its gradient is 0, as n is


def test_that_all_answers_are_among_the_first_k_when_k_is_larger_than_the_classes() -> None:
    metric = keras.metrics.TopKCategoricalAccuracy(k=9)
    assert made(Dense(3, "softmax"), metrics=[metric]).evaluate(X, Y, verbose=0)[1] == 1.0


def test_that_the_area_under_the_curve_of_many_classes_takes_each_as_a_yes_or_no() -> None:
    model = made(Dense(3, "softmax"), metrics=["auc"])
    area = model.evaluate(X, Y, verbose=0)[1]
    flat = model.predict(X).reshape(-1, 1)
    assert area == pytest.approx(METRICS.get("auc")()(np.eye(3)[Y].reshape(-1, 1), flat))


def test_that_a_mask_ends_at_a_layer_that_knows_none() -> None:
    plain, masked = (
        Network((6,), (Embedding(5, 3, mask_zero=mask), Flatten(), Dense(3, "softmax"))) for mask in (False, True)
    )
    weights = np.random.default_rng(2).normal(size=plain.count_params()).astype(np.float32)
    outputs = [Predictor(network, weights).predict(TOKENS.astype(np.float32)) for network in (plain, masked)]
    np.testing.assert_array_equal(*outputs)


def test_that_token_numbers_may_be_put_into_another_shape_above_their_embedding() -> None:
    model = reader(Reshape((6,)))
    assert np.isfinite(model.fit(TOKENS.reshape(20, 3, 2), Y, verbose=0).history["loss"]).all()


def test_that_words_as_plain_numbers_are_learned_as_numbers() -> None:
    mistake = BY_NAME["GlobalAveragePooling2D on a text"]
    network = Network((16,), (Dense(4, "tanh"), Dense(2, "softmax")))
    assert finish(Session(network, mistake.project().training, mistake.data()))[-1] == Finished(False)


def test_that_targets_may_lack_or_have_an_axis_of_size_one_at_their_end_as_in_keras() -> None:
    x = np.random.default_rng(3).normal(size=(20, 5, 2))
    y = np.random.default_rng(4).normal(size=(20, 5))
    model = made(keras.layers.SimpleRNN(3, return_sequences=True), Dense(1), loss="mse")
    assert model.evaluate(x, y, verbose=0) == model.evaluate(x, y[..., None], verbose=0)
    error = model.predict(x)[..., 0] - y
    assert model.evaluate(x, y, verbose=0) == pytest.approx(np.square(error).mean(), rel=1e-5)
    flat = made(Flatten(), Dense(5), loss="mse")
    assert flat.evaluate(x, y[..., None], verbose=0) == flat.evaluate(x, y, verbose=0)
