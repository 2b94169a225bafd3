"""Layers survive the way through text, and a text that is no network is refused whatever it holds."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.editing.clipboard import MOST_CHARACTERS, layers_text, network_text, read_layers
from nncore.errors import InputError
from nncore.initializers import HeNormal
from nncore.layers import (
    LAYERS,
    LSTM,
    Activation,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    TimeDistributed,
)
from nncore.project import load_preset, preset_names
from nncore.regularizers import L2


@pytest.mark.parametrize("layer", list(LAYERS), ids=lambda layer: layer.type_name)
def test_that_every_layer_comes_back_from_its_text(layer: type[Layer]) -> None:
    made = layer.suggested().replace(name="mine")
    assert read_layers(layers_text([made])).layers == (made,)


@pytest.mark.parametrize("name", preset_names())
def test_that_every_preset_comes_back_from_its_text(name: str) -> None:
    network = load_preset(name).network
    pasted = read_layers(network_text(network))
    assert (pasted.input_shape, pasted.layers) == (network.input_shape, network.layers)


def test_that_the_text_has_a_line_for_each_layer_and_only_what_is_not_as_usual() -> None:
    assert layers_text([Dense(3), Flatten()]) == '[\n {"type": "Dense", "units": 3},\n {"type": "Flatten"}\n]\n'


def test_that_what_differs_within_a_layer_comes_back() -> None:
    layers = (Bidirectional(LSTM(3, kernel_regularizer=L2(0.5))), Dense(2, kernel_initializer=HeNormal()))
    assert read_layers(layers_text(layers)).layers == layers


JSON = '[{"type": "Dense", "units": 3}]'


@pytest.mark.parametrize(
    "text",
    [
        f"Here it is: {JSON} Have fun!",
        f"Text [1] and (2).\n```json\n{JSON}\n```\nBye",
        f"~~~\n{JSON}\n~~~",
        '{"type": "Dense", "units": 3}',
        '{"network": {"layers": [{"type": "Dense", "units": 3}]}, "name": "x"}',
        f"{JSON}\n\n{JSON}",
        "Dense(3)",
        "  layers.Dense(units=3),  # the last",
        "model = keras.Sequential([\n  Dense(3)\n])\nmodel.compile(optimizer=keras.optimizers.Adam(1e-3))",
        "from keras import layers\nmodel.add(keras.layers.Dense(3, trainable=True))\nmodel.fit(x, y, epochs=3)",
        "1. Dense(3)",
        "Use a Dense(8) layer, thus:\n```python\nDense(3)\n```",
    ],
)
def test_that_a_network_is_found_among_other_things(text: str) -> None:
    assert read_layers(text).layers == (Dense(3),)


def test_that_layers_of_json_may_follow_each_other_without_a_list() -> None:
    assert read_layers('{"type": "Flatten"}\n{"type": "Dense", "units": 3}').layers == (Flatten(), Dense(3))


def test_that_a_listing_of_keras_is_read_with_its_input_shape() -> None:
    listing = """
    inputs = keras.Input(shape=(28, 28, 1))
    x = layers.Conv2D(32, (3, 3), activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))(inputs)
    x = layers.MaxPooling2D((2, 2))(x)
    x = layers.Bidirectional(layers.LSTM(8, return_sequences=True))(x)
    x = layers.Dropout(rate=.5)(x)
    outputs = layers.Dense(10, activation=tf.nn.softmax)(x)
    """
    pasted = read_layers(listing)
    assert pasted.input_shape == (28, 28, 1)
    assert pasted.layers == (
        Conv2D(32, (3, 3), activation="relu", kernel_regularizer=L2(0.01)),
        MaxPooling2D((2, 2)),
        Bidirectional(LSTM(8, return_sequences=True)),
        Dropout(0.5),
        Dense(10, activation="softmax"),
    )
    assert read_layers("Flatten(input_shape=(28, 28))").input_shape == (28, 28)


@pytest.mark.parametrize(
    "text",
    [
        "y = Dense(4)(Dropout(0.3)(Flatten()(x)))",
        "y = Dense(4)(\n  Dropout(0.3)(\n    Flatten()(Input(shape=(2, 3)))\n  )\n)",
        "x = Flatten()(x)\ny = Dense(4)(Dropout(0.3)(x))",
        "y = Dropout(0.3)((Flatten()(x)))\ny = Dense(4)(y)",
        "y = layers.Dense(4)(inputs=layers.Dropout(0.3)(layers.Flatten()(x)))",
    ],
)
def test_that_what_a_layer_is_called_with_comes_before_it(text: str) -> None:
    assert read_layers(text).layers == (Flatten(), Dropout(0.3), Dense(4))


def test_that_a_call_of_a_layer_may_say_what_is_usual() -> None:
    text = "training = True\nx = LSTM(3)(x, mask=mask, initial_state=None, training=None)\nx = Dropout(0.3)(x)"
    assert read_layers(text).layers == (LSTM(3), Dropout(0.3))


REFUSED = {
    "nothing": ("", "not a network"),
    "prose": ("Use Dense(10) here, it is good", "not a network"),
    "other JSON": ('{"a": [1, 2]}', "not a network"),
    "unknown layer": ('[{"type": "Densee", "units": 3}]', "Densee"),
    "unknown layer in a listing": ("layers.Attention(8)", "Attention"),
    "unknown field": ('[{"type": "Dense", "unit": 3}]', "unit"),
    "out of bounds": ('[{"type": "Dense", "units": 0}]', "from 1 to"),
    "out of bounds in a listing": ("Dense(0)", "from 1 to"),
    "infinite": ("Dense(1e400)", "inf"),
    "many digits": (f"Dense({'9' * 10_000})", "units"),
    "missing": ("Dense()", "units"),
    "too many": (f"Dense({', '.join('1' * 20)})", "arguments"),
    "too many of PyTorch": ("nn.Linear(3, 4, True, 5)", "Linear cannot take these arguments"),
    "a branch": ("Dense(4)([Flatten()(x), Dropout(0.3)(x)])", 'branches at "Dropout"'),
    "a state of another": ("x = layers.LSTM(3)(x, initial_state=[h, c])", 'branches at "LSTM"'),
    "a state of another by name": ("cell = LSTM(3)\nx = cell(x, initial_state=(h, c))", 'branches at "cell"'),
    "always in training": ("x = Dropout(0.3)(x, training=True)", '"Dropout" is called with training=True, .* predict'),
    "never in training": (
        "BatchNormalization()(x, training=False)",
        '"BatchNormalization" .* training=False, .* learn',
    ),
    "always in training within": ("Dense(4)(Dropout(0.3)(Flatten()(x), training=True))", '"Dropout" is called'),
    "always in training around": ("Dropout(0.3)(Dense(4)(x), training=True)", '"Dropout" is called'),
    "cut off in a call": ("x = Dense(4)(Flatten()(x)", "ends in the middle"),
    "no layers": ('{"layers": []}', "no layers"),
    "no type": ('{"layers": [3]}', "type"),
    "two networks": ("```\nDense(1)\n```\n```\nDense(2)\n```", "2 networks"),
    "cut off": ("Dense(64, activation=", "ends"),
    "cut off JSON": ('[{"type": "Dense", "units": 64', "not JSON"),
    "nested JSON": ('[{"type":' * 10_000, "levels deep"),
    "nested brackets": ("Dense(" + "(" * 10_000, "levels deep"),
    "nested layers": ("Dense(" * 10_000, "levels deep"),
    "too large": ("x" * (MOST_CHARACTERS + 1), "at most"),
    "too many layers": ("[" + ",".join(['{"type": "Flatten"}'] * 3_000) + "]", "at most"),
    "too many lines": ("Flatten()\n" * 3_000, "2,000"),
    "impossible shape": ('{"input_shape": [-1], "layers": [{"type": "Flatten"}]}', "input_shape"),
    "long text": (f'[{{"type": "Flatten", "name": "{"x" * 30_000}"}}]', "characters"),
    "code": ("Dense(__import__('os').system('true'))", "cannot be read|no layer"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_that_what_cannot_be_is_refused_with_a_remedy(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_layers(text)
    assert caught.value.remedy
    assert len(caught.value.sentence) < 300


@pytest.mark.parametrize("piece", ['{ "', "[{ ", "```x\n", "(", "A(", "A(b,", "'", "1", "Dense(1)\n", '{"a":'])
def test_that_no_text_takes_long(piece: str) -> None:
    started = time.process_time()
    with pytest.raises(InputError):
        read_layers(piece * (MOST_CHARACTERS // len(piece)))
    assert time.process_time() - started < 5


@given(st.text(max_size=200) | st.text(alphabet='[]{}()",:= \nDense31type.', max_size=200))
def test_that_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        assert read_layers(text).layers


# --- As other libraries write it --------------------------------------------------------------------------------


def test_that_a_listing_of_pytorch_becomes_the_same_network() -> None:
    listed = read_layers(
        "model = nn.Sequential(\n  nn.Flatten(),\n  nn.Linear(784, 128),\n  nn.ReLU(),\n  nn.Dropout(0.2),\n"
        "  nn.Linear(in_features=128, out_features=10, bias=False),\n  nn.Softmax(dim=-1),\n)"
    )
    assert listed.layers == (
        Flatten(),
        Dense(128),
        LAYERS.get("ReLU").suggested() if "ReLU" in LAYERS else Activation("relu"),
        Dropout(0.2),
        Dense(10, use_bias=False),
        LAYERS.get("Softmax").suggested(),
    )


@pytest.mark.parametrize(
    ("text", "activation"),
    [
        ("nn.ReLU(inplace=True)", "relu"),
        ("nn.ReLU(True)", "relu"),
        ("nn.ReLU6()", "relu6"),
        ("ReLU(max_value=6)", "relu6"),
        ("layers.ReLU(6.0)", "relu6"),
        ("layers.ReLU(negative_slope=0.0, threshold=0)", "relu"),
        ("layers.ReLU(None, 0.0, 0)", "relu"),
    ],
)
def test_that_a_rectifier_becomes_the_activation_that_does_the_same(text: str, activation: str) -> None:
    assert read_layers(text).layers == (Activation(activation),)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ReLU(max_value=3)", "ReLU: max_value"),
        ("ReLU(threshold=1)", "ReLU: threshold"),
        ("ReLU(6.0, 0.1)", "ReLU: negative_slope .* but is 0.1"),
        ("layers.ReLU(None, 0.2)", "ReLU: negative_slope .* but is 0.2"),
        ("ReLU(6, 0, 0.5)", "ReLU: threshold .* but is 0.5"),
        ("ReLU(6, 0, 0, 0)", "ReLU cannot take these arguments"),
        ("ReLU(6, max_value=None)", "ReLU cannot take these arguments"),
        ("Dense(4, activation=ReLU(None, 0.2))", "ReLU: negative_slope .* but is 0.2"),
    ],
)
def test_that_a_rectifier_that_no_activation_is_like_is_refused(text: str, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_layers(text)


@pytest.mark.parametrize(
    ("text", "activation"),
    [
        ("Dense(4, activation=ReLU())", "relu"),
        ("Dense(4, layers.ReLU(6))", "relu6"),
        ("Dense(4, activation=nn.Tanh())", "tanh"),
        ("Dense(4, activation=layers.Activation('selu'))", "selu"),
        ("Dense(4, activation=ELU())", "elu"),
        ("Dense(4, activation=Softmax(axis=-1))", "softmax"),
    ],
)
def test_that_a_layer_given_as_the_activation_of_another_is_the_function_that_it_computes(
    text: str, activation: str
) -> None:
    assert read_layers(text).layers == (Dense(4, activation),)


@pytest.mark.parametrize(("name", "arguments"), [("LeakyReLU", ""), ("ELU", "0.5"), ("Flatten", "")])
def test_that_a_layer_that_is_no_activation_of_another_is_refused_by_its_name(name: str, arguments: str) -> None:
    with pytest.raises(InputError, match=f'activation must be .* but is "{name}"'):
        read_layers(f"Dense(4, activation={name}({arguments}))")


def test_that_a_wrapper_takes_what_other_libraries_call_a_layer() -> None:
    assert read_layers("TimeDistributed(nn.Linear(3, 4))").layers == (TimeDistributed(Dense(4)),)
    assert read_layers("TimeDistributed(ReLU())").layers == (TimeDistributed(Activation("relu")),)


def test_that_a_linear_layer_without_its_outputs_is_refused_by_the_name_of_the_field() -> None:
    with pytest.raises(InputError, match="units"):
        read_layers("nn.Linear(784)")


def test_that_an_unknown_layer_gets_the_nearest_names_and_not_all() -> None:
    with pytest.raises(InputError) as caught:
        read_layers("Gurke(4)")
    assert caught.value.remedy.startswith("The nearest names are ")
    assert caught.value.remedy.count(",") == 2


def test_that_settings_of_the_training_that_are_not_read_are_noticed() -> None:
    assert read_layers('Dense(3)\nmodel.compile(loss="mse")').settings
    assert read_layers("Dense(3)\nmodel.fit(x, y)").settings
    assert not read_layers("Dense(3)\nmodel.summary()").settings


def test_that_names_of_a_listing_stand_for_what_lines_above_give_them() -> None:
    text = """
num_classes = 10
input_shape = (28, 28, 1)  # as in the lesson
kind = "relu"
model = keras.Sequential([
    keras.Input(shape=input_shape),
    layers.Flatten(),
    layers.Dense(32, activation=kind),
    layers.Dense(num_classes, activation="softmax"),
])
"""
    pasted = read_layers(text)
    assert pasted.input_shape == (28, 28, 1)
    assert pasted.layers == (Flatten(), Dense(32, "relu"), Dense(10, "softmax"))


@pytest.mark.parametrize("line", ["", "num_classes = len(names)", "num_classes = 2 * 5", "num_classes == 10"])
def test_that_a_name_without_a_value_is_told_with_what_to_do(line: str) -> None:
    with pytest.raises(InputError, match='but is "num_classes"') as refused:
        read_layers(f"{line}\nmodel.add(Dense(num_classes))")
    assert "in the place of num_classes" in refused.value.remedy
