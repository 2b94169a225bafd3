"""Where NaN and infinity come from, told with the layer in which they appear first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nncore.datasets.base import IMAGE, SERIES, TEXT, Data, Samples, Scaling, TrainingData
from nncore.errors import InputError
from nncore.events import EpochDone, Failed, Finished, StepDone
from nncore.layers import (
    GRU,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    MaxPooling2D,
    SimpleRNN,
    TimeDistributed,
)
from nncore.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.plan import layout
from nncore.project import TrainingSettings
from nncore.regularizers import L2
from nncore.session import Session
from nncore.types import Array, Shape
from tests.nncore.examples import STEPS, class_data, class_settings, finish, number_data, number_settings

SPARSE = SparseCategoricalCrossentropy()


def data_of(shape: Shape, kind: str, classes: int = 2, high: float = 1.0) -> TrainingData:
    """Return random samples of a shape; a text has whole numbers."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (16, *shape)) if kind == TEXT else rng.uniform(0, high, (16, *shape))
    y = rng.integers(0, classes, 16) if classes else rng.normal(size=16).astype(np.float32)
    data = Data("random", kind, x, y, Target(classes))
    return TrainingData(data, Samples(x.astype(np.float32), y), None, None, Scaling())


def settings_for(loss: Loss, **changes: object) -> TrainingSettings:
    return TrainingSettings(loss=loss, optimizer=SGD(1e-6), batch_size=8, epochs=3).replace(**changes)


def spoilt(trained: Session, key: str, value: float, step: int = 1) -> Failed:
    """Put a number into a weight after a step, and return what the training ends with."""
    (slot,) = [slot for slot in layout(trained.network) if slot.key == key]
    event = None
    for event in trained.run():
        if isinstance(event, StepDone) and event.step == step:
            slot.view(trained.parameters).flat[-1] = value
    assert isinstance(event, Failed)
    return event


# --- Weights ----------------------------------------------------------------------------------------------------

IMAGES = (Conv2D(3, 3), MaxPooling2D(2), BatchNormalization(), Flatten(), Dense(2, "softmax"))
STACKS: dict[str, tuple[TrainingData, tuple[Layer, ...], Loss]] = {
    "images": (data_of((8, 8, 1), IMAGE), IMAGES, SPARSE),
    "series": (
        data_of((5, 2), SERIES),
        (Bidirectional(LSTM(3, return_sequences=True)), TimeDistributed(Dense(4)), GRU(3), Dense(1, "sigmoid")),
        BinaryCrossentropy(),
    ),
    "text": (data_of((4,), TEXT), (Embedding(5, 3), SimpleRNN(4), Dropout(0.2), Dense(2, "softmax")), SPARSE),
}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("stack", "key", "where"),
    [
        ("images", "layers.0.kernel", "in the kernel of layer 1 (Conv2D)"),
        ("images", "layers.2.gamma", "in the gamma of layer 3 (BatchNormalization)"),
        ("images", "layers.2.moving_mean", "in the moving_mean of layer 3 (BatchNormalization)"),
        ("images", "layers.4.bias", "in the bias of layer 5 (Dense)"),
        ("series", "layers.0.backward_bias", "in the backward_bias of layer 1 (Bidirectional)"),
        ("series", "layers.1.kernel", "in the kernel of layer 2 (TimeDistributed)"),
        ("series", "layers.2.bias", "in the bias of layer 3 (GRU)"),
        ("series", "layers.3.kernel", "in the kernel of layer 4 (Dense)"),
        ("text", "layers.1.recurrent_kernel", "in the recurrent_kernel of layer 2 (SimpleRNN)"),
        ("text", "layers.3.bias", "in the bias of layer 4 (Dense)"),
    ],
)
def test_that_a_broken_weight_is_told_with_its_layer(stack: str, key: str, where: str, value: float) -> None:
    data, layers, loss = STACKS[stack]
    trained = Session(Network(data.data.input_shape, layers), settings_for(loss), data)
    failed = spoilt(trained, key, value)
    assert f", first {where}, so training stopped" in failed.sentence
    assert "the weights of step 0 were kept." in failed.sentence
    assert np.isfinite(trained.parameters).all()


def test_that_of_many_broken_weights_those_of_the_last_layer_are_named() -> None:
    network = Network((4,), (Dense(8), Dense(6, name="middle"), Dense(3, "softmax")))
    trained = Session(network, class_settings(), class_data())
    for event in trained.run():
        if isinstance(event, StepDone) and event.step == 2:
            trained.parameters[: 5 * 8 + 9 * 6] = np.nan
    assert isinstance(event, Failed)
    assert "first in the bias of layer 2, middle (Dense)" in event.sentence


def test_that_weights_found_broken_at_the_end_of_an_epoch_are_told_with_their_layer() -> None:
    network = Network((4,), (Dense(8, "tanh"), Dense(6, "tanh"), Dense(3, "softmax")))
    for value, word in ((np.inf, "infinite"), (np.nan, "NaN (not a number)")):
        trained = Session(network, class_settings(), class_data())
        failed = spoilt(trained, "layers.1.kernel", value, STEPS)
        assert failed.sentence == (
            f"The weights became {word} at step {STEPS}, in epoch 1, first in the kernel of layer 2 (Dense), "
            "so training stopped; the weights of step 0 were kept."
        )


def test_that_weights_broken_from_the_start_are_refused() -> None:
    network = Network((4,), (Dense(8, "tanh"), Dense(3, "softmax")))
    start = np.zeros(network.count_params(), np.float32)
    start[-1] = np.nan
    with pytest.raises(InputError) as caught:
        Session(network, class_settings(), class_data(), parameters=start)
    assert caught.value.sentence == (
        "There are weights to start with that are no finite numbers, in the bias of layer 2 (Dense)."
    )


# --- Outputs ----------------------------------------------------------------------------------------------------


def overflow(layers: tuple[Layer, ...], shape: Shape = (4,), high: float = 1e4, loss: Loss = SPARSE) -> Failed:
    """Return what a training on large numbers ends with."""
    kind = IMAGE if len(shape) == 3 else SERIES
    data = data_of(shape, kind, 0 if isinstance(loss, MeanSquaredError) else 2, high)
    event = finish(Session(Network(shape, layers), settings_for(loss), data))[-1]
    assert isinstance(event, Failed)
    return event


EXP = {"activation": "exponential", "kernel_initializer": "ones"}


@pytest.mark.parametrize(
    ("layers", "shape", "where"),
    [
        ((Dense(3, **EXP), Dense(2, "softmax")), (4,), "layer 1 (Dense)"),
        ((Dense(3, "relu"), Dense(3, **EXP, name="boom"), Dense(2, "softmax")), (4,), "layer 2, boom (Dense)"),
        (
            (Dense(3, kernel_initializer="ones"), Activation("exponential"), Dropout(0.1), Dense(2, "softmax")),
            (4,),
            "layer 2 (Activation)",
        ),
        ((Conv2D(2, 3), Conv2D(2, 3, **EXP), Flatten(), Dense(2, "softmax")), (6, 6, 1), "layer 2 (Conv2D)"),
        (
            (TimeDistributed(Dense(3, **EXP)), LSTM(3), Dense(2, "softmax")),
            (4, 2),
            "layer 1 (TimeDistributed)",
        ),
        (
            (Bidirectional(SimpleRNN(3, **EXP)), Dense(2, "softmax")),
            (4, 2),
            "layer 1 (Bidirectional)",
        ),
    ],
)
def test_that_the_first_output_that_overflows_is_named(layers: tuple[Layer, ...], shape: Shape, where: str) -> None:
    failed = overflow(layers, shape)
    assert f", first in the output of {where}, so training stopped" in failed.sentence
    assert failed.remedy == "Check the scale of the data: numbers around 1 are learned best."


def test_that_the_layers_keep_their_numbers_where_the_loss_takes_over_the_last_activation() -> None:
    layers = (Dense(4, "tanh"), Dense(2, "softmax", kernel_initializer="ones"))
    trained = Session(Network((4,), layers), settings_for(SPARSE), data_of((4,), SERIES))
    assert trained._learner.plan.fused
    event = None
    for event in trained.run():
        if isinstance(event, StepDone):  # 4 of them together are beyond the largest number of 32 bits
            trained.parameters[-10:-2] = 3e38
            trained.parameters[20 - 4 : 20] = 100.0
    assert isinstance(event, Failed)
    assert "first in the output of layer 2 (Dense)" in event.sentence


def test_that_a_loss_alone_beyond_all_numbers_is_told_as_such() -> None:
    failed = overflow((Dense(3), Dense(1)), high=1e25, loss=MeanSquaredError())
    assert failed.sentence.startswith("The loss became infinite at step 1, in epoch 1, first in the loss itself, so")
    assert failed.remedy == "Check the scale of the data: numbers around 1 are learned best."


def test_that_a_penalty_beyond_all_numbers_is_told_with_its_weights() -> None:
    network = Network((2,), (Dense(3, "tanh"), Dense(4, "tanh", kernel_regularizer=L2(0.1)), Dense(1)))
    trained = Session(network, number_settings(), number_data())
    failed = spoilt(trained, "layers.1.kernel", 1e25)
    assert ", first in the penalty on the kernel of layer 2 (Dense), so" in failed.sentence


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda samples: Samples(_with(samples.x, np.nan), samples.y), "in the samples"),
        (lambda samples: Samples(samples.x, _with(samples.y, np.inf)), "in the targets"),
    ],
)
def test_that_broken_data_are_told_as_such(change: Callable[[Samples], Samples], where: str) -> None:
    data = number_data()
    broken = TrainingData(data.data, change(data.train), None, None, data.scaling)
    event = finish(Session(Network((2,), (Dense(3, "tanh"), Dense(1))), number_settings(), broken))[-1]
    assert isinstance(event, Failed)
    assert f", first {where}, so training stopped" in event.sentence


def _with(array: Array, value: float) -> Array:
    changed = array.copy()
    changed.flat[5] = value
    return changed


# --- The gradient -----------------------------------------------------------------------------------------------


def enormous() -> Session:
    """Return a training whose output is 6, but whose second layer multiplies 3e38 with 2e-38 for it."""
    data = TrainingData(
        Data("ones", SERIES, np.ones((16, 1)), np.zeros(16), Target()),
        Samples(np.ones((16, 1), np.float32), np.zeros(16, np.float32)),
        None,
        None,
        Scaling(),
    )
    start = np.array([3e38, 2e-38], np.float32)
    network = Network((1,), (Dense(1, use_bias=False), Dense(1, use_bias=False)))
    return Session(network, number_settings(optimizer=SGD(1e-6), metric="mse"), data, parameters=start)


def test_that_a_gradient_beyond_all_numbers_is_told_before_it_spoils_the_weights() -> None:
    trained = enormous()
    event = finish(trained)[-1]
    assert isinstance(event, Failed)
    assert event.sentence == (
        "The gradient became infinite at step 1, in epoch 1, first at the kernel of layer 2 (Dense), "
        "so training stopped; the weights of step 0 were kept."
    )
    np.testing.assert_array_equal(trained.parameters, np.array([3e38, 2e-38], np.float32))
    assert trained.step == 0


def test_that_a_batch_whose_gradient_broke_is_counted_once_when_it_is_tried_again() -> None:
    trained = enormous()
    finish(trained)
    trained.parameters[:] = [1.0, 3.0]
    events = finish(trained)
    assert isinstance(events[-1], Finished)
    logs = next(event.logs for event in events if isinstance(event, EpochDone))
    assert logs["loss"] == pytest.approx(9.0, rel=1e-3)
    assert logs["mse"] == pytest.approx(9.0, rel=1e-3)


def test_that_weights_whose_layer_saturates_are_told_at_once_and_not_at_the_end_of_the_epoch() -> None:
    network = Network((4,), (Dense(8, "tanh"), Dense(6, "tanh"), Dense(3, "softmax")))
    trained = Session(network, class_settings(), class_data())
    failed = spoilt(trained, "layers.1.kernel", np.inf, 2)
    assert failed.sentence.startswith(
        "The gradient became NaN (not a number) at step 3, in epoch 1, first in the kernel"
    )
    assert "of layer 2 (Dense)" in failed.sentence


# --- What is advised --------------------------------------------------------------------------------------------


def test_that_a_rate_that_is_too_large_is_what_is_blamed_once_steps_were_made() -> None:
    data = number_data()
    large = TrainingData(data.data, Samples(data.train.x * 1e4, data.train.y), None, None, data.scaling)
    trained = Session(Network((2,), (Dense(3), Dense(1))), number_settings(optimizer=SGD(50.0), epochs=50), large)
    event = finish(trained)[-1]
    assert isinstance(event, Failed)
    assert event.remedy == "Try a smaller learning rate than 50, for example 0.01, and check the scale of the data."


def test_that_a_new_start_is_advised_where_the_kept_weights_are_worse_than_the_first() -> None:
    network, data = Network((2,), (Dense(3), Dense(1))), number_data()
    settings = number_settings(optimizer=SGD(50.0), epochs=50, batch_size=40)
    trained = Session(network, settings, data)
    event = finish(trained)[-1]
    assert isinstance(event, Failed)
    assert event.kept_step > 0
    assert event.remedy.startswith("Start anew with a smaller learning rate than 50, for example 0.01,")

    advised = settings.replace(optimizer=SGD(0.01))
    assert isinstance(finish(Session(network, advised, data, checkpoint=trained.checkpoint()))[-1], Failed)
    assert isinstance(finish(Session(network, advised, data))[-1], Finished)


def test_that_no_new_start_is_advised_where_the_kept_weights_have_learned() -> None:
    trained = Session(Network((2,), (Dense(1),)), number_settings(optimizer=SGD(0.05)), number_data())
    event = spoilt(trained, "layers.0.kernel", np.inf, 2 * STEPS + 1)
    assert event.kept_step > 0
    assert event.remedy.startswith("Try a smaller learning rate than 0.05,")
