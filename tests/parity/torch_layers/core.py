"""References of the core layers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tests.parity.torch_activations import activate
from tests.parity.torch_layers.references import reference, variant


@reference(
    "Dense",
    variant(5, units=3),
    variant(1, units=1, use_bias=False),
    variant(7, units=4, activation="relu"),
    variant(4, 3, units=5, activation="softmax"),
    variant(3, 2, 5, units=2, activation="tanh"),
    variant(5, units=3, activation="sigmoid"),
)
def dense(x: Tensor, weights: list[Tensor], units: int, activation: str | None = None, use_bias: bool = True) -> Tensor:
    kernel, *bias = weights
    return activate(activation, functional.linear(x, kernel.T, *bias))


@reference(
    "Activation",
    variant(5, activation="relu"),
    variant(4, 3, activation="softmax"),
    variant(3, 5, 2, activation="tanh"),
)
def activation(x: Tensor, weights: list[Tensor], activation: str) -> Tensor:
    return activate(activation, x)


@reference("LeakyReLU", variant(5), variant(4, 3, negative_slope=0.05), variant(3, 5, 2, negative_slope=0.0))
def leaky_relu(x: Tensor, weights: list[Tensor], negative_slope: float = 0.3) -> Tensor:
    return functional.leaky_relu(x, negative_slope)


@reference("ELU", variant(5), variant(4, 3, alpha=0.5))
def elu(x: Tensor, weights: list[Tensor], alpha: float = 1.0) -> Tensor:
    return functional.elu(x, alpha)


@reference("PReLU", variant(5), variant(4, 3), variant(5, 3, 2, shared_axes=(1, 2)))
def prelu(x: Tensor, weights: list[Tensor], shared_axes: tuple[int, ...] | None = None) -> Tensor:
    return torch.where(x > 0, x, weights[0] * x)


@reference("Softmax", variant(5), variant(4, 3, axis=2), variant(3, 5, 2))
def softmax(x: Tensor, weights: list[Tensor], axis: int = -1) -> Tensor:
    return functional.softmax(x, dim=axis)


@reference("Flatten", variant(5), variant(4, 3), variant(3, 5, 2))
def flatten(x: Tensor, weights: list[Tensor]) -> Tensor:
    return x.reshape(len(x), -1)


@reference(
    "Reshape",
    variant(12, target_shape=(4, 3)),
    variant(4, 3, target_shape=(2, 3, 2)),
    variant(4, 5, target_shape=(-1,)),
    variant(6, 5, target_shape=(3, -1, 2)),
)
def reshape(x: Tensor, weights: list[Tensor], target_shape: tuple[int, ...]) -> Tensor:
    return x.reshape(len(x), *target_shape)


@reference("RepeatVector", variant(5, n=3), variant(1, n=1))
def repeat_vector(x: Tensor, weights: list[Tensor], n: int) -> Tensor:
    return torch.stack([x] * n, dim=1)


@reference(
    "Embedding",
    variant(6, indices=9, input_dim=9, output_dim=4),
    variant(7, indices=3, input_dim=3, output_dim=1, mask_zero=True),  # the mask changes nothing in this layer itself
)
def embedding(x: Tensor, weights: list[Tensor], input_dim: int, output_dim: int, mask_zero: bool = False) -> Tensor:
    return functional.embedding(x.long(), weights[0])


@reference(
    "BatchNormalization",
    variant(5),
    variant(4, 3, axis=2, momentum=0.9, epsilon=0.01),
    variant(5, 3, 2, center=False),
    variant(3, 4, scale=False),
    variant(4, center=False, scale=False),
    prediction=lambda x, weights, **keywords: _normalised_by_moving(x, weights, **keywords),
    moved=lambda x, weights, **keywords: _moved(x, weights, **keywords),
)
def batch_normalization(
    x: Tensor,
    weights: list[Tensor],
    axis: int = -1,  # the last one, counted from either end
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    mask: Tensor | None = None,
) -> Tensor:
    gamma, beta, _, _ = _split(weights, center, scale)
    mean, variance = _statistics(x if mask is None else x[mask])
    return gamma * (x - mean) / torch.sqrt(variance + epsilon) + beta


def _normalised_by_moving(
    x: Tensor,
    weights: list[Tensor],
    axis: int = -1,  # the last one, counted from either end
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> Tensor:
    gamma, beta, mean, variance = _split(weights, center, scale)
    return gamma * (x - mean) / torch.sqrt(variance + epsilon) + beta


def _moved(
    x: Tensor,
    weights: list[Tensor],
    axis: int = -1,  # the last one, counted from either end
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> list[Tensor]:
    _, _, *moving = _split(weights, center, scale)
    # The variance of the batch, not the unbiased one that PyTorch's own layer keeps.
    return [momentum * old + (1 - momentum) * new for old, new in zip(moving, _statistics(x), strict=True)]


def _split(weights: list[Tensor], center: bool, scale: bool) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    *trainable, mean, variance = weights
    gamma = trainable.pop(0) if scale else torch.ones_like(mean)
    beta = trainable.pop(0) if center else torch.zeros_like(mean)
    assert not trainable
    return gamma, beta, mean, variance


def _statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    rows = x.reshape(-1, x.shape[-1])
    return rows.mean(dim=0), rows.var(dim=0, correction=0)


@reference(
    "LayerNormalization",
    variant(5),
    variant(4, 3, axis=2, epsilon=0.1),
    variant(5, 3, 2, center=False),
    variant(3, 4, scale=False),
    variant(4, center=False, scale=False),
)
def layer_normalization(
    x: Tensor,
    weights: list[Tensor],
    axis: int = -1,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
) -> Tensor:
    weights = list(weights)
    gamma = weights.pop(0) if scale else None
    beta = weights.pop(0) if center else None
    return functional.layer_norm(x, x.shape[-1:], gamma, beta, epsilon)
