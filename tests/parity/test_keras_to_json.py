"""What ``model.to_json()`` returns is pasted as the layer that the same line of a listing makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import pytest

from nncore.activations import ACTIVATIONS
from nncore.editing.clipboard import read_layers
from nncore.errors import InputError
from nncore.fields import CHOICE, Declared
from nncore.initializers import INITIALIZERS
from nncore.layers import Dense, Dropout, Layer
from nncore.regularizers import REGULARIZERS
from tests.parity import keras_side
from tests.parity.engine import layer_variants, make
from tests.parity.torch_layers import Variant

FORGOTTEN = {("identity", "gain")}
"""Settings that Keras itself does not write: a model that is loaded from its text has lost them."""


def as_written(layer: Layer) -> Layer:
    """Return a pooling layer without strides that its size would give it: Keras writes no difference."""
    strides = getattr(layer, "strides", None)
    return layer.replace(strides=None) if strides == getattr(layer, "pool_size", ()) else layer


def pasted(*layers: Any) -> Layer:
    """Return the layer that the text of a Keras model becomes."""
    (layer,) = read_layers(keras_side.model_of((5,), 0, list(layers)).to_json()).layers
    return layer


@pytest.mark.parametrize(("name", "variant"), layer_variants())
def test_that_every_layer_is_pasted_as_it_is_listed(name: str, variant: Variant) -> None:
    found = read_layers(keras_side.model(name, variant).to_json())
    assert found.layers == (as_written(make(name, variant)),)
    assert found.input_shape == variant.shape


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_that_every_activation_is_pasted(name: str) -> None:
    assert pasted(keras.layers.Dense(3, activation=name)) == Dense(3, name)
    assert pasted(keras.layers.Dense(3, activation=getattr(keras.activations, name))) == Dense(3, name)


def unusual(entry: type[Declared]) -> dict[str, Any]:
    """Return values that are not the usual ones for the settings of an initializer or a regularizer."""
    fields = [
        field for field in entry.fields() if field.name != "seed" and (entry.type_name, field.name) not in FORGOTTEN
    ]
    return {
        field.name: field.choices()[-1] if field.kind == CHOICE else 0.125 * number
        for number, field in enumerate(fields, start=1)
    }


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_every_initializer_is_pasted_with_its_settings(name: str) -> None:
    entry = INITIALIZERS.get(name)
    theirs = getattr(keras.initializers, entry.__name__)(**unusual(entry))
    ours = entry(**unusual(entry))
    assert pasted(keras.layers.Dense(5, kernel_initializer=theirs)) == Dense(5, kernel_initializer=ours)


@pytest.mark.parametrize("name", REGULARIZERS.names())
def test_that_every_regularizer_is_pasted_with_its_factors(name: str) -> None:
    entry = REGULARIZERS.get(name)
    theirs = getattr(keras.regularizers, entry.__name__)(**unusual(entry))
    ours = entry(**unusual(entry))
    assert pasted(keras.layers.Dense(3, kernel_regularizer=theirs)) == Dense(3, kernel_regularizer=ours)


def functional(call: Callable[[Any], Any]) -> str:
    """Return the text of a functional model of sequences with 8 features."""
    inputs = keras.Input((5, 8))
    return str(keras.Model(inputs, call(inputs)).to_json())


def test_that_a_chain_is_pasted_however_it_is_called() -> None:
    assert read_layers(functional(lambda x: keras.layers.Dense(3)(inputs=x))).layers == (Dense(3),)
    assert read_layers(functional(lambda x: {"mask": keras.layers.Dense(3)(x)})).layers == (Dense(3),)
    assert read_layers(functional(lambda x: keras.layers.Dropout(0.3)(x, training=False))).layers == (Dropout(0.3),)


def restarted(x: Any) -> Any:
    state = keras.layers.LSTM(8)(x)
    return keras.layers.LSTM(8, name="second")(keras.layers.RepeatVector(5)(state), initial_state=[state, state])


def test_that_what_a_call_asks_for_beside_the_layer_before_is_refused() -> None:
    with pytest.raises(InputError, match='branches at "second"'):
        read_layers(functional(restarted))
    with pytest.raises(InputError, match="called with training=True"):
        read_layers(functional(lambda x: keras.layers.Dropout(0.3)(x, training=True)))
