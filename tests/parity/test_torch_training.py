"""Twenty steps of whole networks, one for each family, against PyTorch's automatic gradients and its own optimizers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore.layers import LAYERS
from nncore.losses import LOSSES
from nncore.optimizers import OPTIMIZERS
from tests.parity import torch_optimizers
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, bind
from tests.parity.torch_losses import draw, mean_loss
from tests.parity.torch_networks import FAMILIES, tensors

LOSS = {
    "CNN": ("categorical_crossentropy", "one-hot"),
    "normalised CNN": ("categorical_crossentropy", "one-hot"),
    "text": ("binary_crossentropy", "bits"),
}
READY = [name for name, stack in FAMILIES.items() if all(layer.name in LAYERS for layer in stack.layers)]


@pytest.mark.parametrize("name", FAMILIES)
def test_that_the_layers_of_the_family_exist(name: str) -> None:
    assert name in READY


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", READY)
def test_that_training_is_that_of_pytorch(name: str, dtype: DTypeLike) -> None:
    stack = FAMILIES[name]
    loss, kind = LOSS.get(name, ("mean_squared_error", "numbers"))
    keywords = {"learning_rate": 0.01, "momentum": 0.9}
    rng = np.random.default_rng(6)
    shape = (7, *stack.shape)
    x = (rng.integers(0, stack.indices, shape) if stack.indices else rng.normal(size=shape)).astype(dtype)
    network = stack.network()
    target = draw(kind, (7, *network.shapes()[-1]), rng).astype(dtype)
    case = Driven(network, x, LOSSES.get(loss)(), target)
    weights = tensors(case.before)
    learned = [weight for weight, trains in zip(weights, case.trainable, strict=True) if trains]
    for weight in learned:
        weight.requires_grad_(True)
    inputs, targets = tensors([x, target])
    losses: list[float] = []

    def measured() -> torch.Tensor:
        if name in LOSS:
            logits = stack.without_last_activation().forward(inputs, weights)
            value = mean_loss(loss, targets, logits, from_logits=True)
        else:
            value = mean_loss(loss, targets, stack.forward(inputs, weights))
        losses.append(float(value.detach()))
        return value

    torch_optimizers.train("SGD", keywords, learned, measured)
    updater = bind(OPTIMIZERS.get("SGD")(**keywords), case.case.plan)
    ours = []
    for _ in range(20):
        ours.append(case.case.loss())
        case.case.backward()
        updater.step()
    assert_same(ours, losses, dtype, f"{name}: the losses")
    found = [weight for weight, trains in zip(case.weights, case.trainable, strict=True) if trains]
    for index, (weight, expected) in enumerate(zip(found, learned, strict=True)):
        assert_same(weight, expected.detach().numpy(), dtype, f"{name}: weight {index}")
