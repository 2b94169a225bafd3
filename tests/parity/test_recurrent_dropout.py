"""Dropout inside recurrent layers: which inputs and states were dropped is read off, and the rest must follow from it.

With one sample, a row of a kernel's gradient is exactly zero if, and only if, that input was dropped in that gate. The
reference then gets these masks; they hold for all time steps.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore.layers import LAYERS
from nncore.network import Network
from nncore.types import Array
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, inputs, make
from tests.parity.torch_layers import REFERENCES, Variant
from tests.parity.torch_networks import tensors

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
DROPPING = [
    pytest.param(name, variant, id=f"{name}-{variant}")
    for name in GATES
    if name in LAYERS
    for variant in REFERENCES[name].variants
    if variant.random
]


def driven(name: str, variant: Variant, rows: int, dtype: DTypeLike) -> Driven:
    return Driven(Network(variant.shape, (make(name, variant),)), inputs(variant, rows, dtype))


def masks(gradient: Array, gates: int, rate: float) -> Array:
    """Return the masks (gates, 1, size) that the gradient of a kernel (size, gates * units) shows."""
    parts = np.stack(np.split(gradient, gates, axis=1))
    dropped = (parts == 0).all(axis=2)
    # The reset gate of a state that is dropped afterwards has no effect at all.
    effective = (parts != 0).any(axis=1)
    expected = ~dropped[:, :, np.newaxis] & effective[:, np.newaxis]
    np.testing.assert_array_equal(parts != 0, expected, "an input is dropped for some units only")
    return np.where(dropped, 0.0, 1 / (1 - rate))[:, np.newaxis]


def larger(variant: Variant) -> Variant:
    """Return the variant with so many inputs and units that chance evens out."""
    return Variant((6, 60), {**variant.keywords, "units": 50})


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "variant"), DROPPING)
def test_that_what_was_not_dropped_gives_the_numbers_of_pytorch(name: str, variant: Variant, dtype: DTypeLike) -> None:
    forward, gates = REFERENCES[name].forward, GATES[name]
    assert forward is not None
    case = driven(name, variant, 1, dtype)
    found = case.train()
    keywords: dict[str, Any] = dict(variant.keywords)
    for argument, rate, key in (
        ("input_masks", "dropout", "gradient of layers.0.kernel"),
        ("state_masks", "recurrent_dropout", "gradient of layers.0.recurrent_kernel"),
    ):
        keywords[argument] = torch.tensor(masks(found[key], gates, keywords.get(rate, 0.0)))
    (x,) = tensors([case.x])
    weights = tensors(case.before)
    for tensor in (x, *weights):
        tensor.requires_grad_(True)
    y = forward(x, weights, **keywords)
    (y * torch.tensor(case.case.target)).sum().backward()
    expected = [y.detach(), *(tensor.grad for tensor in (x, *weights))]
    for (key, values), theirs in zip(found.items(), expected, strict=True):
        assert theirs is not None
        assert_same(values, theirs.numpy(), dtype, f"{name}({variant}): {key}")


@pytest.mark.parametrize(("name", "variant"), DROPPING)
def test_that_the_share_is_the_rate_and_gates_drop_as_in_keras(name: str, variant: Variant) -> None:
    variant = larger(variant)
    found = driven(name, variant, 1, np.float64).train()
    rate, recurrent_rate = (variant.keywords.get(key, 0.0) for key in ("dropout", "recurrent_dropout"))
    gates = GATES[name]
    seen = masks(found["gradient of layers.0.kernel"], gates, rate)
    states = masks(found["gradient of layers.0.recurrent_kernel"], gates, recurrent_rate)
    # In Keras the gates draw for themselves once states are dropped, too.
    apart = recurrent_rate > 0 and gates > 1
    for drawn, share in ((seen, rate), (states, recurrent_rate)):
        own = drawn if apart else drawn[:1]
        assert abs(float((own == 0).mean()) - share) <= 5 * math.sqrt(share * (1 - share) / own.size)
        if share and gates > 1:
            assert all((mask == drawn[0]).all() for mask in drawn[1:]) != apart


@pytest.mark.parametrize(("name", "variant"), DROPPING)
def test_that_every_sample_is_dropped_from_for_itself_and_at_all_steps(name: str, variant: Variant) -> None:
    if variant.keywords.get("recurrent_dropout"):  # an input that one gate dropped still reaches the others
        return
    dropped = driven(name, larger(variant), 5, np.float64).train()["input gradient"] == 0
    np.testing.assert_array_equal(dropped, np.broadcast_to(dropped[:, :1], dropped.shape))
    assert len(np.unique(dropped[:, 0], axis=0)) == 5
