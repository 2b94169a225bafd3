"""Regularizers of the layers: on which weight they act is Keras's, and their slope is PyTorch's."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import torch

from nncore import layers, regularizers
from nncore.layers import LAYERS
from nncore.network import Network
from nncore.plan import layout
from tests.parity import keras_side
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, inputs
from tests.parity.torch_layers import REFERENCES
from tests.parity.torch_networks import tensors

FACTORS = {"l1": 0.03, "l2": 0.2}
FIELDS: list[Any] = [
    pytest.param(name, field.name, id=f"{name}-{field.name}")
    for name, entry in LAYERS.items()
    for field in entry.fields()
    if field.name.endswith("_regularizer")
]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_that_the_penalty_is_on_the_weight_of_keras_with_the_slope_of_pytorch(name: str, field: str) -> None:
    variant = REFERENCES[name].variants[0]
    theirs = variant.make(keras.layers, name, **{field: keras.regularizers.L1L2(**FACTORS)})
    model = keras_side.model_of(variant.shape, variant.indices, [theirs])
    expected = [weight.regularizer is not None for weight in model.layers[0].weights]
    assert any(expected)

    plain = Network(variant.shape, (variant.make(layers, name),))
    penalised = Network(variant.shape, (variant.make(layers, name, **{field: regularizers.L1L2(**FACTORS)}),))
    slots = layout(penalised)
    assert [slot.weight.regularizer is not None for slot in slots] == expected

    for dtype in DTYPES:
        x = inputs(variant, 5, dtype)
        without, case = Driven(plain, x), Driven(penalised, x)
        weights = [weight.requires_grad_(True) for weight in tensors(case.before)]
        penalties = [
            FACTORS["l1"] * weight.abs().sum() + FACTORS["l2"] * (weight**2).sum()
            for weight, has_penalty in zip(weights, expected, strict=True)
            if has_penalty
        ]
        penalty = torch.stack(penalties).sum()
        penalty.backward()
        assert_same(case.case.loss() - without.case.loss(), float(penalty.detach()), np.float32, f"{name}.{field}")
        base, found = without.train(), case.train()
        for slot, weight in zip(slots, weights, strict=True):
            if not slot.weight.trainable:
                continue
            slope = 0.0 if weight.grad is None else weight.grad.numpy()
            key = f"gradient of {slot.key}"
            assert_same(found[key], base[key].astype(np.float64) + slope, dtype, f"{name}.{field}: {key}")
