"""Every activation function against PyTorch, value and slope, also far from zero."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nncore.activations import ACTIVATIONS
from nncore.layers import Activation
from nncore.network import Network
from tests.parity import torch_activations
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven

NAMES = [name for name in ACTIVATIONS.names() if name in torch_activations.ACTIVATIONS]
FAR = np.array([[-90.0, -30.0, -6.0, -3.0, -1e-3, 1e-3, 3.0, 6.0, 15.0]])
NEAR = np.random.default_rng(2).normal(0.0, 2.0, (5, 7))


@pytest.mark.parametrize("name", NAMES)
def test_that_value_and_slope_are_those_of_pytorch(name: str) -> None:
    for x in (NEAR, NEAR[:1], FAR):
        for dtype in DTYPES:
            case = Driven(Network(x.shape[1:], (Activation(name),)), x.astype(dtype))
            found = case.train()
            inputs = torch.tensor(case.x, dtype=torch.float64, requires_grad=True)
            output = torch_activations.activate(name, inputs)
            (output * torch.tensor(case.case.target)).sum().backward()
            assert inputs.grad is not None
            assert_same(found["output"], output.detach().numpy(), dtype, f"{name} in {np.dtype(dtype)}")
            assert_same(found["input gradient"], inputs.grad.numpy(), dtype, f"slope of {name} in {np.dtype(dtype)}")
