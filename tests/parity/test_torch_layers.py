"""Every layer against PyTorch: forward, gradients of input and weights, prediction, and what training moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore.layers import LAYERS
from nncore.network import Network
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, ROWS, Driven, inputs, layer_variants, make
from tests.parity.torch_layers import REFERENCES, Nested, Variant
from tests.parity.torch_networks import tensors


def driven(name: str, variant: Variant, rows: int, dtype: DTypeLike) -> Driven:
    return Driven(Network(variant.shape, (make(name, variant),)), inputs(variant, rows, dtype))


def wrapped() -> list[Any]:
    """Return (name, variant) of TimeDistributed around each other layer."""
    return [
        pytest.param(
            "TimeDistributed",
            Variant((3, *inner.shape), {"layer": Nested(name, inner.keywords)}, inner.indices),
            id=f"TimeDistributed-{name}",
        )
        for name, inner in ((name, REFERENCES[name].variants[0]) for name in LAYERS.names() if name in REFERENCES)
        # BatchNormalization takes its statistics over all steps here, Keras over one step after the other.
        if not inner.random and REFERENCES[name].moved is None
    ]


@pytest.mark.parametrize(("name", "variant"), layer_variants() + wrapped())
def test_that_forward_and_all_gradients_are_those_of_pytorch(name: str, variant: Variant) -> None:
    forward = REFERENCES[name].forward
    if variant.random:  # test_random_layers and test_recurrent_dropout watch it
        return
    assert forward is not None
    for rows in ROWS:
        for dtype in DTYPES:
            case = driven(name, variant, rows, dtype)
            found = case.train()
            (x,) = tensors([case.x])
            weights = tensors(case.before)
            x.requires_grad_(not variant.indices)
            changing = [weight for weight, trains in zip(weights, case.trainable, strict=True) if trains]
            for weight in changing:
                weight.requires_grad_(True)
            y = forward(x, weights, **variant.keywords)
            expected = {"output": y}
            if y.requires_grad:
                (y * torch.tensor(case.case.target)).sum().backward()
            if not variant.indices:
                assert x.grad is not None
                expected["input gradient"] = x.grad
            names = [key for key in found if key.startswith("gradient of")]
            expected |= dict(zip(names, (weight.grad for weight in changing), strict=True))
            assert list(found) == list(expected)
            for key, values in found.items():
                assert values.dtype == dtype
                what = f"{name}({variant}), {rows} rows, {np.dtype(dtype)}: {key}"
                assert_same(values, expected[key].detach().numpy(), dtype, what)


@pytest.mark.parametrize(("name", "variant"), layer_variants() + wrapped())
def test_that_prediction_is_that_of_pytorch(name: str, variant: Variant) -> None:
    for rows in ROWS:
        for dtype in DTYPES:
            case = driven(name, variant, rows, dtype)
            (x,) = tensors([case.x])
            expected = REFERENCES[name].prediction(x, tensors(case.before), **variant.keywords)
            assert_same(case.predict(), expected.numpy(), dtype, f"{name}({variant}), {rows} rows, {np.dtype(dtype)}")
            for before, after in zip(case.before, case.weights, strict=True):
                np.testing.assert_array_equal(before, after, f"{name}({variant}): prediction changed a weight")


@pytest.mark.parametrize(("name", "variant"), layer_variants())
def test_that_a_training_step_moves_the_other_weights_as_keras_does(name: str, variant: Variant) -> None:
    moved = REFERENCES[name].moved
    for rows in ROWS:
        for dtype in DTYPES:
            case = driven(name, variant, rows, dtype)
            case.train()
            after = [weight for weight, trains in zip(case.weights, case.trainable, strict=True) if not trains]
            (x,) = tensors([case.x])
            expected = moved(x, tensors(case.before), **variant.keywords) if moved else []
            assert len(after) == len(expected)
            for index, (ours, theirs) in enumerate(zip(after, expected, strict=True)):
                assert_same(ours, theirs.numpy(), dtype, f"{name}({variant}), {rows} rows: moving weight {index}")
