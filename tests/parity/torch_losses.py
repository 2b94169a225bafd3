"""References of the losses: the value of each sample on torch tensors, before the mean over the batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from numpy.random import Generator
from torch import Tensor
from torch.nn import functional

from nncore.losses import LOSSES as REGISTRY
from nncore.types import Array

EPSILON = 1e-7
"""Keras's: probabilities are kept this far from 0 and 1."""


@dataclass(frozen=True)
class LossVariant:
    """One way to use a loss.

    Attributes:
        targets, outputs: what they are: ``"numbers"``, ``"signs"`` (-1 or 1), ``"bits"`` (0 or 1), ``"shares"`` (from 0
            to 1), ``"one-hot"``, ``"index"`` or ``"distribution"`` (sums to 1).
        keywords: arguments of the constructor.
    """

    targets: str
    outputs: str
    keywords: dict[str, Any]

    def __str__(self) -> str:
        words = ",".join(f"{key}={value}" for key, value in self.keywords.items())
        return f"{self.targets}-{self.outputs}-{words}"


@dataclass(frozen=True)
class LossReference:
    """``values(target, output, **keywords)`` returns one number for each sample, or for each of its places."""

    values: Callable[..., Tensor]
    variants: tuple[LossVariant, ...]


LOSSES: dict[str, LossReference] = {}


def variant(targets: str, outputs: str, **keywords: Any) -> LossVariant:
    """Return a variant."""
    return LossVariant(targets, outputs, keywords)


def loss(name: str, *variants: LossVariant) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """Decorator: make the function the reference of the loss ``name``."""

    def add(values: Callable[..., Tensor]) -> Callable[..., Tensor]:
        LOSSES[name] = LossReference(values, variants)
        return values

    return add


def loss_variants() -> list[Any]:
    """Return the name of a loss and one of its settings, for all losses that have a reference."""
    return [
        pytest.param(name, variant, id=f"{name}-{variant}")
        for name in REGISTRY.names()
        if name in LOSSES
        for variant in LOSSES[name].variants
    ]


def draw(kind: str, shape: tuple[int, ...], rng: Generator) -> Array:
    """Return random targets or outputs, in float64 or as class numbers."""
    numbers = rng.normal(0.0, 1.5, shape)
    if kind == "numbers":
        return numbers
    if kind in ("signs", "bits"):
        return np.where(numbers > 0, 1.0, -1.0 if kind == "signs" else 0.0)
    if kind == "shares":
        return np.asarray(1 / (1 + np.exp(-numbers)))
    if kind == "distribution":
        return np.asarray(np.exp(numbers) / np.exp(numbers).sum(axis=-1, keepdims=True))
    index = rng.integers(0, shape[-1], shape[:-1])
    return index if kind == "index" else np.eye(shape[-1])[index]


@loss("mean_squared_error", variant("numbers", "numbers"))
def mean_squared_error(target: Tensor, output: Tensor) -> Tensor:
    return functional.mse_loss(output, target, reduction="none").mean(dim=-1)


@loss("mean_absolute_error", variant("numbers", "numbers"))
def mean_absolute_error(target: Tensor, output: Tensor) -> Tensor:
    return functional.l1_loss(output, target, reduction="none").mean(dim=-1)


@loss("huber", variant("numbers", "numbers"), variant("numbers", "numbers", delta=0.3))
def huber(target: Tensor, output: Tensor, delta: float = 1.0) -> Tensor:
    return functional.huber_loss(output, target, reduction="none", delta=delta).mean(dim=-1)


@loss("log_cosh", variant("numbers", "numbers"))
def log_cosh(target: Tensor, output: Tensor) -> Tensor:
    return torch.log(torch.cosh(output - target)).mean(dim=-1)


@loss("hinge", variant("signs", "numbers"), variant("bits", "numbers"))
def hinge(target: Tensor, output: Tensor) -> Tensor:
    signs = target * 2 - 1 if bool(((target == 0) | (target == 1)).all()) else target
    return functional.relu(1 - signs * output).mean(dim=-1)


@loss("kl_divergence", variant("distribution", "distribution"), variant("one-hot", "distribution"))
def kl_divergence(target: Tensor, output: Tensor) -> Tensor:
    target, output = target.clip(EPSILON, 1), output.clip(EPSILON, 1)
    return (target * torch.log(target / output)).sum(dim=-1)


@loss(
    "binary_crossentropy",
    variant("bits", "shares"),
    variant("shares", "shares"),
    variant("bits", "shares", label_smoothing=0.2),
    variant("bits", "numbers", from_logits=True),
    variant("bits", "numbers", from_logits=True, label_smoothing=0.1),
)
def binary_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    target = target * (1 - label_smoothing) + 0.5 * label_smoothing
    if from_logits:
        return functional.binary_cross_entropy_with_logits(output, target, reduction="none").mean(dim=-1)
    clipped = output.clip(EPSILON, 1 - EPSILON)
    return functional.binary_cross_entropy(clipped, target, reduction="none").mean(dim=-1)


@loss(
    "categorical_crossentropy",
    variant("one-hot", "distribution"),
    variant("one-hot", "shares"),
    variant("distribution", "distribution"),
    variant("one-hot", "distribution", label_smoothing=0.2),
    variant("one-hot", "numbers", from_logits=True),
    variant("one-hot", "numbers", from_logits=True, label_smoothing=0.1),
)
def categorical_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, label_smoothing: float = 0.0
) -> Tensor:
    target = target * (1 - label_smoothing) + label_smoothing / target.shape[-1]
    if from_logits:
        return -(target * functional.log_softmax(output, dim=-1)).sum(dim=-1)
    shares = (output / output.sum(dim=-1, keepdim=True)).clip(EPSILON, 1 - EPSILON)
    return -(target * torch.log(shares)).sum(dim=-1)


@loss(
    "sparse_categorical_crossentropy",
    variant("index", "distribution"),
    variant("index", "shares"),
    variant("index", "numbers", from_logits=True),
)
def sparse_categorical_crossentropy(target: Tensor, output: Tensor, from_logits: bool = False) -> Tensor:
    return categorical_crossentropy(functional.one_hot(target, output.shape[-1]), output, from_logits)


def mean_loss(
    name: str,
    target: Tensor,
    output: Tensor,
    weights: Tensor | None = None,
    mask: Tensor | None = None,
    **keywords: Any,
) -> Tensor:
    """Return the loss as Keras reduces it.

    With sample weights, the sum is still divided by the number of samples; with a mask, by the number of places that
    count.
    """
    values = LOSSES[name].values(target, output, **keywords)
    if weights is not None:
        values = values * weights.reshape(-1, *(1 for _ in values.shape[1:]))
    if mask is not None:
        return (values * mask).sum() / mask.sum()
    return values.mean()
