"""Keras's activation functions by name, as PyTorch computes them."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda x: x,
    "relu": functional.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: functional.softmax(x, dim=-1),
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": lambda x: functional.softplus(x, threshold=1000.0),  # PyTorch is linear above 20 by itself
    "softsign": functional.softsign,
    "leaky_relu": lambda x: functional.leaky_relu(x, 0.2),
    "hard_sigmoid": lambda x: functional.relu6(x + 3) / 6,  # PyTorch's own takes a sixth in float32
    "exponential": torch.exp,
    "relu6": functional.relu6,
    "mish": functional.mish,
}


def activate(name: str | None, x: Tensor) -> Tensor:
    """Return f(x) for the function called ``name``; None is linear."""
    return ACTIVATIONS[name or "linear"](x)
