"""Twenty steps of every optimizer against PyTorch, on a small network whose gradients both sides compute themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore import optimizers, schedules
from nncore.losses import MeanSquaredError
from nncore.optimizers import OPTIMIZERS
from tests.parity import torch_optimizers
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, bind
from tests.parity.torch_networks import FAMILIES, tensors

NETWORK = FAMILIES["MLP"]
STEPS = 20


def compare(
    name: str,
    keywords: dict[str, Any],
    spec: optimizers.Optimizer,
    rate: torch_optimizers.Rate | None,
    dtype: DTypeLike,
) -> None:
    """Train both and compare all weights."""
    rng = np.random.default_rng(4)
    x, target = rng.normal(size=(8, 6)).astype(dtype), rng.normal(size=(8, 3)).astype(dtype)
    case = Driven(NETWORK.network(), x, MeanSquaredError(), target)
    updater = bind(spec, case.case.plan)
    weights = [weight.requires_grad_(True) for weight in tensors(case.before)]
    inputs, targets = tensors([x, target])
    torch_optimizers.train(
        name, keywords, weights, lambda: torch.mean((NETWORK.forward(inputs, weights) - targets) ** 2), STEPS, rate
    )
    for _ in range(STEPS):
        case.case.backward()
        updater.step()
    for slot, ours, theirs in zip(case.slots, case.weights, weights, strict=True):
        assert ours.dtype == dtype
        assert_same(ours, theirs.detach().numpy(), dtype, f"{name}({keywords}): {slot.key} after {STEPS} steps")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("name", "keywords"), torch_optimizers.variants())
def test_that_twenty_steps_are_those_of_pytorch(name: str, keywords: dict[str, Any], dtype: DTypeLike) -> None:
    compare(name, keywords, OPTIMIZERS.get(name)(**keywords), None, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [name for name in OPTIMIZERS.names() if name in torch_optimizers.OPTIMIZERS])
def test_that_a_schedule_sets_the_rate_of_every_step(name: str, dtype: DTypeLike) -> None:
    schedule = schedules.ExponentialDecay(0.1, 7, 0.5)
    spec = OPTIMIZERS.get(name)(learning_rate=schedule)
    compare(name, {}, spec, lambda step: 0.1 * 0.5 ** (step / 7), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("keywords", [{"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}])
def test_that_a_velocity_holds_steps_where_the_rate_changes(keywords: dict[str, Any], dtype: DTypeLike) -> None:
    schedule = schedules.ExponentialDecay(0.1, 7, 0.5)
    spec = OPTIMIZERS.get("SGD")(learning_rate=schedule, **keywords)
    compare("SGD", keywords, spec, lambda step: 0.1 * 0.5 ** (step / 7), dtype)
