"""What Keras's ``model.to_json()`` returns is pasted as the network that it is; a large or wrong one is refused."""

from __future__ import annotations

import contextlib
import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.editing.clipboard import MOST_CHARACTERS, Pasted, read_layers
from nncore.errors import InputError
from nncore.fields import Json
from nncore.layers import (
    GRU,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPooling1D,
    MaxPooling2D,
    RandomFlip,
    TimeDistributed,
)
from nncore.regularizers import L2
from tests.nncore.editing.clipboard_texts import BRANCH, CHAIN, CHAIN_2, KERAS_2, KERAS_3, NESTED

READ: dict[str, tuple[str, Pasted]] = {
    "Keras 3": (
        KERAS_3,
        Pasted(
            (
                Conv2D(4, 3, activation="relu", kernel_initializer="he_normal", kernel_regularizer=L2(0.5)),
                MaxPooling2D(),
                Flatten(name="flat"),
                Activation("relu6"),
                Dense(10, "softmax"),
            ),
            (28, 28, 1),
            settings=True,
        ),
    ),
    "Keras 2": (
        KERAS_2,
        Pasted(
            (
                Flatten(),
                Dense(128, "relu", kernel_regularizer=L2(0.01)),
                LeakyReLU(0.3),
                Activation("relu"),
                Dropout(0.2),
                Dense(10, "softmax"),
            ),
            (28, 28),
        ),
    ),
    "chain": (
        CHAIN,
        Pasted(
            (
                Embedding(9, 4, mask_zero=True),
                Bidirectional(LSTM(3, return_sequences=True)),
                TimeDistributed(Dense(4, "tanh")),
                GRU(3),
            ),
            (7,),
        ),
    ),
    "chain of Keras 2": (CHAIN_2, Pasted((Dense(3, name="mine"), Dense(2, "relu")), (4,))),
    "nested": (NESTED, Pasted((RandomFlip("horizontal"), Flatten()), (8, 8, 1))),
}


@pytest.mark.parametrize(("text", "pasted"), READ.values(), ids=READ)
def test_that_the_text_of_a_model_becomes_its_layers(text: str, pasted: Pasted) -> None:
    assert read_layers(text) == pasted


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "Sure, here it is:\n{}\nHave fun with Dense(3)!",
        "Text.\n```json\n{}\n```\nBye",
        "'{}'",
        'model = keras.models.model_from_json("""{}""")',
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_that_a_model_is_found_among_other_things(form: str, indent: int | None) -> None:
    text = json.dumps(json.loads(KERAS_3), indent=indent)
    assert read_layers(form.replace("{}", text)) == READ["Keras 3"][1]


@pytest.mark.parametrize("indent", [None, 2])
def test_that_a_model_within_a_quoted_text_is_read(indent: int | None) -> None:
    quoted = json.dumps(json.dumps(json.loads(KERAS_2), indent=indent))
    assert read_layers(quoted) == READ["Keras 2"][1]
    assert read_layers(f"print({quoted})") == READ["Keras 2"][1]


def test_that_config_layers_and_one_layer_alone_are_read() -> None:
    config = json.loads(KERAS_2)["config"]
    assert read_layers(json.dumps(config)) == READ["Keras 2"][1]
    assert read_layers(json.dumps(config["layers"])) == READ["Keras 2"][1]
    assert read_layers(json.dumps(config["layers"][2])).layers == (Dense(128, "relu", kernel_regularizer=L2(0.01)),)
    oldest = {"class_name": "Sequential", "config": config["layers"]}
    assert read_layers(json.dumps(oldest)) == READ["Keras 2"][1]


def dense(**config: Json) -> str:
    """Return a model of one layer."""
    layer = {"class_name": "Dense", "config": {"units": 3, **config}}
    return json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}})


@pytest.mark.parametrize("name", ["dense", "dense_1", "dense_27"])
def test_that_names_by_keras_are_left_out(name: str) -> None:
    assert read_layers(dense(name=name)).layers == (Dense(3),)


@pytest.mark.parametrize("name", ["hidden", "dense_a", "my_dense"])
def test_that_names_by_hand_are_kept(name: str) -> None:
    assert read_layers(dense(name=name)).layers == (Dense(3, name=name),)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ({"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}, "relu"),
        ({"module": "keras.layers", "class_name": "ReLU", "config": {"max_value": None, "threshold": 0.0}}, "relu"),
        ({"module": "keras.layers", "class_name": "Softmax", "config": {"axis": -1}}, "softmax"),
    ],
)
def test_that_an_activation_may_be_an_object(written: Json, name: str) -> None:
    assert read_layers(dense(activation=written)).layers == (Dense(3, name),)


def test_that_lists_of_one_number_are_that_number() -> None:
    items = [
        {"class_name": "Conv1D", "config": {"filters": 4, "kernel_size": [3], "strides": [2], "dilation_rate": [1]}},
        {"class_name": "MaxPooling1D", "config": {"pool_size": [2], "strides": [2]}},
        {"class_name": "MaxPooling1D", "config": {"pool_size": [3], "strides": [1]}},
        {"class_name": "BatchNormalization", "config": {"axis": [2]}},
    ]
    assert read_layers(json.dumps(items)).layers == (
        Conv1D(4, 3, 2),
        MaxPooling1D(),
        MaxPooling1D(3, 1),
        BatchNormalization(axis=2),
    )


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            [
                {"class_name": "InputLayer", "config": {"batch_shape": [None, None, 3]}},
                {"class_name": "Flatten", "config": {}},
            ]
        ),
        "Input((None, 3))\nFlatten()",
        "keras.Input(shape=(None,))\nFlatten()",
        "Flatten(input_shape=(None, 3))",
    ],
)
def test_that_a_shape_with_an_open_size_is_not_told(text: str) -> None:
    assert read_layers(text) == Pasted((Flatten(),))


def model(**layer: Json) -> str:
    """Return a model whose second layer is given."""
    layers = [{"class_name": "Flatten", "config": {}}, layer]
    return json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": layers}})


def other_backwards() -> str:
    """Return a model whose second direction is not as the first."""
    data = json.loads(CHAIN)
    data["config"]["layers"][3]["config"]["backward_layer"]["config"]["units"] = 5
    return json.dumps(data)


def nested_layers(depth: int) -> str:
    return '{"class_name": "TimeDistributed", "config": {"layer": ' * depth


def called(arguments: Json) -> str:
    """Return a chain of Keras 3 whose last layer is called with such keyword arguments."""
    data = json.loads(CHAIN)
    data["config"]["layers"][-1]["inbound_nodes"][0]["kwargs"] = arguments
    return json.dumps(data)


def called_as(name: str, training: bool) -> str:
    """Return a chain of Keras 3 whose last layer is of such a class, and is called with such a value."""
    data = json.loads(called({"training": training}))
    data["config"]["layers"][-1] |= {"class_name": name, "config": {"rate": 0.5} if name == "Dropout" else {}}
    return json.dumps(data)


def called_2(arguments: Json) -> str:
    """Return a chain of Keras 2 whose last layer is called with such keyword arguments."""
    return CHAIN_2.replace('["mine", 0, 0, {}]', f'["mine", 0, 0, {json.dumps(arguments)}]')


def tensor(layer: str) -> Json:
    """Return the output of a layer as Keras 3 writes it."""
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 3], "keras_history": [layer, 0, 0]}}


@pytest.mark.parametrize("arguments", [{"training": False}, {"training": None, "mask": None}])
def test_that_a_call_may_say_what_is_usual(arguments: Json) -> None:
    assert read_layers(called(arguments)) == READ["chain"][1]
    assert read_layers(called_2(arguments)) == READ["chain of Keras 2"][1]


@pytest.mark.parametrize(("layer", "training"), [(RandomFlip(), True), (Dropout(0.5), False)])
def test_that_a_call_may_say_what_keras_writes_unasked(layer: Layer, training: bool) -> None:
    assert read_layers(called_as(layer.type_name, training)).layers[-1] == layer


def test_that_a_mask_given_by_name_is_no_branch() -> None:
    assert read_layers(called({"mask": tensor("not_equal")})) == READ["chain"][1]
    assert read_layers(called_2({"mask": ["things", 0, 0]})) == READ["chain of Keras 2"][1]


def test_that_the_layer_before_may_be_given_by_name() -> None:
    data = json.loads(called({"sequence": tensor("time_distributed")}))
    data["config"]["layers"][-1]["inbound_nodes"][0]["args"] = []
    assert read_layers(json.dumps(data)) == READ["chain"][1]


@pytest.mark.parametrize("name", ["scores", "mask", "training"])
def test_that_the_one_output_may_have_a_name(name: str) -> None:
    named = CHAIN.replace('"output_layers": ["gru", 0, 0]', f'"output_layers": {{"{name}": ["gru", 0, 0]}}')
    assert named != CHAIN
    assert read_layers(named) == READ["chain"][1]


REFUSED = {
    "a branch": (BRANCH, 'branches at "add"'),
    "a branch by name": (called({"initial_state": [tensor("embedding")] * 2}), 'branches at "gru"'),
    "a branch by name in Keras 2": (called_2({"initial_state": [["things", 0, 0]] * 2}), 'branches at "dense_3"'),
    "always in training": (called({"training": True}), '"gru" is called with training=True'),
    "always in training in Keras 2": (called_2({"training": 1}), '"dense_3" is called with training=True'),
    "dropping in predictions": (called_as("Dropout", training=True), "called with training=True, .* predict without"),
    "frozen in training": (
        called_as("BatchNormalization", training=False),
        "called with training=False, .* learn without",
    ),
    "two named outputs": (
        CHAIN.replace(
            '"output_layers": ["gru", 0, 0]', '"output_layers": {"a": ["gru", 0, 0], "b": ["embedding", 0, 0]}'
        ),
        'branches at "gru"',
    ),
    "two outputs": (CHAIN_2.replace('[["dense_3", 0, 0]]', '[["mine", 0, 0], ["dense_3", 0, 0]]'), "branches"),
    "unknown layer": (model(class_name="Rescaling", config={"scale": 0.1}), 'Layer 2 .* no layer called "Rescaling"'),
    "layer of one's own": (model(module=None, class_name="Mine", config={}), 'no layer called "Mine"'),
    "operation": (model(module="keras.src.ops.nn", class_name="Softmax", config={}), 'no layer called "ops.Softmax"'),
    "groups": (
        model(class_name="Conv2D", config={"filters": 4, "kernel_size": [3, 3], "groups": 2}),
        'Layer 2 of the text cannot be: Conv2D has no field "groups"',
    ),
    "frozen": (dense(trainable=False), 'no field "trainable"'),
    "constraint": (dense(kernel_constraint={"class_name": "MaxNorm", "config": {}}), 'no field "kernel_constraint"'),
    "channels first": (model(class_name="Flatten", config={"data_format": "channels_first"}), "data_format"),
    "cut rectifier": (
        model(class_name="ReLU", config={"max_value": 3.0}),
        "Layer 2 of the text cannot be: ReLU: max_value must be 6 or left out, but is 3.",
    ),
    "cut and leaky rectifier": (
        model(class_name="ReLU", config={"max_value": 6.0, "negative_slope": 0.1}),
        "ReLU: negative_slope must be 0 or left out, but is 0.1.",
    ),
    "shifted rectifier": (model(class_name="ReLU", config={"threshold": 1.0}), "ReLU: threshold must be 0"),
    "other activation": (dense(activation={"class_name": "LeakyReLU", "config": {}}), "activation .*LeakyReLU"),
    "function of one's own": (dense(activation={"class_name": "function", "config": "mine"}), '"mine"'),
    "unknown initializer": (dense(kernel_initializer={"class_name": "STFT", "config": {}}), "no initializer"),
    "unknown regularizer": (dense(kernel_regularizer={"class_name": "Mine", "config": {}}), "no regularizer"),
    "another way back": (other_backwards(), 'Bidirectional has no field "backward_layer"'),
    "out of bounds": (dense(units=10**12), "from 1 to"),
    "many digits": (dense(units=10**400), "units"),
    "missing": (model(class_name="Dense", config={}), "units"),
    "no config": (model(class_name="Dense", config=None), "units"),
    "no class": (model(config={}), "There is no layer"),
    "no layer": ('{"class_name": "Sequential", "config": {"layers": [3]}}', "class_name"),
    "no layers": ('{"class_name": "Sequential", "config": {"layers": []}}', "no layers"),
    "input alone": ('{"class_name": "Sequential", "config": {"layers": [{"class_name": "InputLayer"}]}}', "no layers"),
    "negative shape": (KERAS_2.replace("[null, 28, 28]", "[null, -28, 28]"), "input_shape"),
    "endless shape": (KERAS_2.replace("[null, 28, 28]", f"[null, {10**12}]"), "input_shape"),
    "cut off": (KERAS_3[:1500], "not JSON"),
    "cut off in words": (f"Here:\n{KERAS_3[:1500]}\n...", "not JSON"),
    "nested JSON": (nested_layers(MOST_CHARACTERS // len(nested_layers(1))), "levels deep|not a network"),
    "nested layers": (nested_layers(1_000) + "1" + "}}" * 1_000, "levels deep"),
    "nested models": ('{"class_name": "Sequential", "config": [' * 90 + "]}" * 90, "levels deep"),
    "long text": (dense(name="x" * 30_000), "characters"),
    "long name": (model(class_name="x" * 10_000, config={}), "no layer called"),
    "too many layers": (json.dumps([{"class_name": "Flatten", "config": {}}] * 2_001), "2,001 layers"),
    "too large": (KERAS_3 + " " * MOST_CHARACTERS, "at most"),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED)
def test_that_what_cannot_be_is_refused_with_a_remedy(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_layers(text)
    assert caught.value.remedy
    assert len(caught.value.sentence) < 300


def test_that_wrappers_within_wrappers_do_not_take_long() -> None:
    data: Any = {"class_name": "Dense", "config": {"units": 3}}
    for _ in range(25):
        data = {"class_name": "Bidirectional", "config": {"layer": data, "backward_layer": {"class_name": "Dense"}}}
    started = time.process_time()
    with pytest.raises(InputError):
        read_layers(json.dumps(data))
    assert time.process_time() - started < 5


ODD = st.sampled_from([None, True, -1, 10**12, 1e300, float("nan"), "", "Dense", [], [[1]], {}, {"class_name": "ReLU"}])


@given(st.sampled_from(sorted(READ)), st.randoms(use_true_random=False), ODD)
def test_that_a_model_with_something_else_in_it_is_read_or_refused(name: str, random: Any, odd: Json) -> None:
    data = json.loads(READ[name][0])
    place, key = random.choice(list(places(data)))
    place[key] = copy.copy(odd)
    with contextlib.suppress(InputError):
        assert all(isinstance(layer, Layer) for layer in read_layers(json.dumps(data)).layers)


def places(data: Any) -> Any:
    """Yield every place in JSON data, as the list or object and the key in it."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield data, key
        if isinstance(value, (dict, list)):
            yield from places(value)
