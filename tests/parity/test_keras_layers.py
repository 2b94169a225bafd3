"""Every layer against Keras: its weights, how they start, and what it computes with the same ones."""

from __future__ import annotations

import re

import keras
import numpy as np
import pytest

from nncore.layers import LAYERS
from nncore.network import Network
from nncore.plan import layout
from nncore.types import Array
from tests.parity import keras_side
from tests.parity.comparing import assert_same
from tests.parity.engine import ROWS, Driven, initial_weights, inputs, layer_variants, make
from tests.parity.statistics import assert_same_distribution
from tests.parity.torch_layers import Variant
from tests.parity.torch_layers.padding import each, same

DRAWS = 40


def network(name: str, variant: Variant) -> Network:
    return Network(variant.shape, (make(name, variant),))


def on_torch_keras_pads_otherwise(name: str, variant: Variant) -> bool:
    """Whether this is an average over a padding that is not the same on both sides.

    There Keras repeats the edge on torch, while on its other backends the padding does not count. The engine does the
    latter, which is held against PyTorch in test_torch_layers.
    """
    if not name.startswith("AveragePooling") or variant.keywords.get("padding") != "same":
        return False
    axes = len(variant.shape) - 1
    windows = each(variant.keywords["pool_size"], axes)
    strides = each(variant.keywords.get("strides", windows), axes)
    pads = [same(*axis) for axis in zip(variant.shape, windows, strides, strict=False)]
    return any(before != after for before, after in pads)


@pytest.mark.parametrize(("name", "variant"), layer_variants())
def test_that_order_names_and_shapes_of_the_weights_are_those_of_keras(name: str, variant: Variant) -> None:
    theirs = keras_side.model(name, variant).layers[0].weights
    theirs = [weight for weight in theirs if "seed" not in weight.name]
    ours = [slot.weight for slot in layout(network(name, variant))]
    assert [weight.shape for weight in ours] == [tuple(weight.shape) for weight in theirs]
    assert [weight.trainable for weight in ours] == [weight.trainable for weight in theirs]
    for weight, expected in zip(ours, theirs, strict=True):
        *_, way = re.findall(r"forward|backward", expected.path) or [""]
        assert weight.name.startswith(way)
        assert re.split(r"[./]|forward_|backward_", weight.name)[-1] == expected.name


@pytest.mark.parametrize(("name", "variant"), layer_variants())
def test_that_weights_start_as_in_keras(name: str, variant: Variant) -> None:
    build = keras_side.model
    ours = [initial_weights(network(name, variant), seed) for seed in range(DRAWS)]
    theirs = [build(name, variant).get_weights() for _ in range(DRAWS)]
    for index in range(len(ours[0])):
        mine, other = (np.array([draw[index] for draw in draws]) for draws in (ours, theirs))
        if (other == other[0]).all():
            np.testing.assert_array_equal(mine, other)
        else:
            assert_same_distribution(mine.ravel(), other.ravel(), f"{name}({variant}): weight {index}")


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("name", "variant"), layer_variants())
def test_that_outputs_are_those_of_keras_with_the_same_weights(name: str, variant: Variant, training: bool) -> None:
    if (training and variant.random) or on_torch_keras_pads_otherwise(name, variant):
        return
    for rows in ROWS:
        case = Driven(network(name, variant), inputs(variant, rows, np.float32))
        model = keras_side.model(name, variant)
        model.set_weights(case.before)
        found = case.train()["output"] if training else case.predict()
        expected = keras_side.output(model, case.x, training=training)
        assert_same(found, expected, np.float32, f"{name}({variant}), {rows} rows")
        after: list[Array] = model.get_weights()
        for index, (ours, theirs) in enumerate(zip(case.weights, after, strict=True)):
            assert_same(ours, theirs, np.float32, f"{name}({variant}), {rows} rows: weight {index} afterwards")


@pytest.mark.parametrize("name", LAYERS.names())
def test_that_keras_has_a_layer_of_this_name(name: str) -> None:
    assert hasattr(keras.layers, name)
