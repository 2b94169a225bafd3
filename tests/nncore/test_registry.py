"""Registries: order, duplicates, aliases, and the answer to an unknown name."""

from __future__ import annotations

import pytest

from nncore.activations import ACTIVATIONS
from nncore.errors import InputError
from nncore.export import EXPORTERS
from nncore.initializers import INITIALIZERS
from nncore.layers import LAYERS
from nncore.losses import LOSSES
from nncore.metrics import METRICS
from nncore.optimizers import OPTIMIZERS
from nncore.registry import Registry, did_you_mean
from nncore.regularizers import REGULARIZERS

KERAS_LAYERS = """
    Dense Activation LeakyReLU ELU PReLU Softmax Embedding Flatten Reshape RepeatVector UpSampling2D ZeroPadding2D
    Dropout SpatialDropout2D GaussianNoise RandomFlip RandomTranslation RandomRotation RandomZoom
    BatchNormalization LayerNormalization Conv1D Conv2D DepthwiseConv2D Conv2DTranspose
    MaxPooling1D MaxPooling2D AveragePooling1D AveragePooling2D
    GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D
    SimpleRNN LSTM GRU Bidirectional TimeDistributed
"""
KERAS_ACTIVATIONS = """
    linear relu relu6 leaky_relu elu selu sigmoid tanh softmax softsign hard_sigmoid exponential softplus silu gelu mish
"""
KERAS_INITIALIZERS = """
    glorot_uniform glorot_normal he_uniform he_normal lecun_uniform lecun_normal variance_scaling random_normal
    truncated_normal random_uniform orthogonal identity zeros ones constant
"""


@pytest.fixture
def fruit() -> Registry[int]:
    registry: Registry[int] = Registry("fruit")
    registry.add("pear", 1, "birne")
    registry.add("Apple", 2)
    return registry


def test_that_entries_keep_the_order_of_registration(fruit: Registry[int]) -> None:
    assert fruit.names() == ["pear", "Apple"]
    assert list(fruit) == [1, 2]
    assert fruit.items() == [("pear", 1), ("Apple", 2)]
    assert len(fruit) == 2


def test_that_an_alias_finds_the_entry_and_is_not_listed(fruit: Registry[int]) -> None:
    assert fruit.get("birne") == fruit.get("pear") == 1
    assert "birne" in fruit
    assert "birne" not in fruit.names()
    assert "plum" not in fruit
    assert 3 not in fruit


@pytest.mark.parametrize(("name", "aliases"), [("pear", ()), ("birne", ()), ("plum", ("pear",)), ("plum", ("birne",))])
def test_that_a_name_is_given_only_once(fruit: Registry[int], name: str, aliases: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="already taken"):
        fruit.add(name, 3, *aliases)
    assert fruit.names() == ["pear", "Apple"]
    assert "plum" not in fruit


@pytest.mark.parametrize(("asked", "near"), [("paer", "pear"), ("apple", "Apple"), ("APPEL", "Apple")])
def test_that_an_unknown_name_is_answered_with_the_nearest(fruit: Registry[int], asked: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        fruit.get(asked)
    assert caught.value.sentence == f'There is no fruit called "{asked}".'
    assert caught.value.remedy == f'Did you mean "{near}"?'


def test_that_a_name_like_no_other_is_answered_with_all_of_them(fruit: Registry[int]) -> None:
    with pytest.raises(InputError, match=r"Choose one of: pear, Apple\."):
        fruit.get("xyzzy")
    assert did_you_mean("xyzzy", ["a"], "Look again.") == "Look again."


def test_that_the_engines_registries_hold_what_keras_calls_them() -> None:
    assert set(KERAS_LAYERS.split()) <= set(LAYERS.names())
    assert set(KERAS_ACTIVATIONS.split()) <= set(ACTIVATIONS.names())
    assert "swish" in ACTIVATIONS
    assert {"mean_squared_error", "binary_crossentropy", "categorical_crossentropy"} <= set(LOSSES.names())
    assert "sparse_categorical_crossentropy" in LOSSES
    assert "mse" in LOSSES
    assert {"SGD", "Adam"} <= set(OPTIMIZERS.names())
    assert {"accuracy", "mae"} <= set(METRICS.names())
    assert "acc" in METRICS
    assert set(KERAS_INITIALIZERS.split()) <= set(INITIALIZERS.names())
    assert {"l1", "l2", "l1_l2"} <= set(REGULARIZERS.names())
    assert {"npz", "safetensors"} <= set(EXPORTERS.names())
