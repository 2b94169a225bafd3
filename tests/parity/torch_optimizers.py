"""References of the optimizers, in Keras's form, on torch tensors.

Where ``torch.optim`` has the same formula it is the reference. Elsewhere the two differ in where epsilon stands or in
what the velocity holds, so the formula is written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, optim

from nncore.optimizers import OPTIMIZERS as REGISTRY

Rate = Callable[[int], float]
Maker = Callable[..., optim.Optimizer]


class Formula(optim.Optimizer):
    """An optimizer given by ``change(gradient, state, step, rate, **options)``, which returns what is subtracted."""

    def __init__(self, weights: Sequence[Tensor], change: Callable[..., Tensor], lr: float, **options: Any) -> None:
        super().__init__(list(weights), {"lr": lr})
        self.change, self.options, self.steps = change, options, 0

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        self.steps += 1
        for group in self.param_groups:
            for weight in group["params"]:
                weight -= self.change(weight.grad, self.state[weight], self.steps, group["lr"], **self.options)


def sgd(gradient: Tensor, state: dict[str, Any], step: int, rate: float, momentum: float, nesterov: bool) -> Tensor:
    """The velocity holds steps, not gradients, so that a changed rate acts on later gradients only."""
    velocity = state["velocity"] = momentum * state.get("velocity", 0) - rate * gradient
    return rate * gradient - momentum * velocity if nesterov else -velocity


def rmsprop(
    gradient: Tensor,
    state: dict[str, Any],
    step: int,
    rate: float,
    rho: float,
    momentum: float,
    epsilon: float,
    centered: bool,
) -> Tensor:
    square = state["square"] = rho * state.get("square", 0) + (1 - rho) * gradient**2
    mean = state["mean"] = rho * state.get("mean", 0) + (1 - rho) * gradient
    variance = square - mean**2 if centered else square
    change = rate * gradient / torch.sqrt(variance + epsilon)
    state["change"] = momentum * state.get("change", 0) + change
    result: Tensor = state["change"]
    return result


def adagrad(
    gradient: Tensor, state: dict[str, Any], step: int, rate: float, initial_accumulator_value: float, epsilon: float
) -> Tensor:
    state["sum"] = state.get("sum", initial_accumulator_value) + gradient**2
    return rate * gradient / torch.sqrt(state["sum"] + epsilon)


def adam(
    gradient: Tensor,
    state: dict[str, Any],
    step: int,
    rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    amsgrad: bool,
) -> Tensor:
    """Kingma and Ba's form with the corrections in the rate, so that epsilon is their "epsilon hat"."""
    mean = state["mean"] = beta_1 * state.get("mean", 0) + (1 - beta_1) * gradient
    square = state["square"] = beta_2 * state.get("square", 0) + (1 - beta_2) * gradient**2
    if amsgrad:
        square = state["largest"] = torch.maximum(state.get("largest", torch.zeros_like(square)), square)
    return rate * (1 - beta_2**step) ** 0.5 / (1 - beta_1**step) * mean / (torch.sqrt(square) + epsilon)


def nadam(
    gradient: Tensor, state: dict[str, Any], step: int, rate: float, beta_1: float, beta_2: float, epsilon: float
) -> Tensor:
    """Dozat's form, with a momentum that grows by 0.96^t; PyTorch's own keeps the product of momenta in float32."""
    mean = state["mean"] = beta_1 * state.get("mean", 0) + (1 - beta_1) * gradient
    square = state["square"] = beta_2 * state.get("square", 0) + (1 - beta_2) * gradient**2
    now, following = (beta_1 * (1 - 0.5 * 0.96**time) for time in (step, step + 1))
    product = state["product"] = state.get("product", 1.0) * now
    ahead = following * mean / (1 - product * following) + (1 - now) * gradient / (1 - product)
    return rate * ahead / (torch.sqrt(square / (1 - beta_2**step)) + epsilon)


def _sgd(weights: list[Tensor], learning_rate: float, momentum: float = 0.0, nesterov: bool = False) -> optim.Optimizer:
    return optim.SGD(weights, learning_rate, momentum=momentum, nesterov=nesterov)


def _sgd_with_any_rate(
    weights: list[Tensor], learning_rate: float, momentum: float = 0.0, nesterov: bool = False
) -> optim.Optimizer:
    return Formula(weights, sgd, learning_rate, momentum=momentum, nesterov=nesterov)


def _rmsprop(
    weights: list[Tensor],
    learning_rate: float = 0.001,
    rho: float = 0.9,
    momentum: float = 0.0,
    epsilon: float = 1e-7,
    centered: bool = False,
) -> optim.Optimizer:
    return Formula(weights, rmsprop, learning_rate, rho=rho, momentum=momentum, epsilon=epsilon, centered=centered)


def _adagrad(
    weights: list[Tensor], learning_rate: float, initial_accumulator_value: float = 0.1, epsilon: float = 1e-7
) -> optim.Optimizer:
    return Formula(
        weights, adagrad, learning_rate, initial_accumulator_value=initial_accumulator_value, epsilon=epsilon
    )


def _adadelta(weights: list[Tensor], learning_rate: float, rho: float = 0.95, epsilon: float = 1e-7) -> optim.Optimizer:
    return optim.Adadelta(weights, learning_rate, rho, epsilon)


def _adam(
    weights: list[Tensor],
    learning_rate: float,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    amsgrad: bool = False,
) -> optim.Optimizer:
    return Formula(weights, adam, learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, amsgrad=amsgrad)


def _nadam(
    weights: list[Tensor], learning_rate: float, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
) -> optim.Optimizer:
    return Formula(weights, nadam, learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


@dataclass(frozen=True)
class OptimizerReference:
    """How the optimizer is made on torch tensors, its defaults that all optimizers have, and the ways to compare it."""

    make: Maker
    learning_rate: float
    variants: tuple[dict[str, Any], ...]
    weight_decay: float | None = None
    scheduled: Maker | None = None


COMMON: tuple[dict[str, Any], ...] = (
    {},
    {"weight_decay": 0.05},
    {"clipnorm": 0.3},
    {"clipvalue": 0.05},
    {"global_clipnorm": 0.4},
    {"weight_decay": 0.02, "clipnorm": 0.5},
)
"""What every optimizer of Keras can do."""

OPTIMIZERS: dict[str, OptimizerReference] = {
    "SGD": OptimizerReference(
        _sgd,
        0.01,
        ({"learning_rate": 0.1}, {"momentum": 0.9}, {"momentum": 0.8, "nesterov": True, "learning_rate": 0.05}),
        scheduled=_sgd_with_any_rate,
    ),
    "RMSprop": OptimizerReference(
        _rmsprop,
        0.001,
        (
            {"learning_rate": 0.01, "rho": 0.8},
            {"momentum": 0.7},
            {"centered": True},
            {"centered": True, "momentum": 0.5, "epsilon": 1e-3},
        ),
    ),
    "Adagrad": OptimizerReference(
        _adagrad, 0.001, ({"learning_rate": 0.1}, {"initial_accumulator_value": 0.5, "epsilon": 0.01})
    ),
    "Adadelta": OptimizerReference(_adadelta, 0.001, ({"learning_rate": 1.0, "rho": 0.9}, {"epsilon": 1e-4})),
    "Adam": OptimizerReference(
        _adam,
        0.001,
        (
            {"learning_rate": 0.02},
            {"amsgrad": True, "learning_rate": 0.05},
            {"beta_1": 0.7, "beta_2": 0.9},
            {"epsilon": 0.1},
        ),
    ),
    "AdamW": OptimizerReference(
        _adam,
        0.001,
        (
            {"learning_rate": 0.02, "weight_decay": 0.1},
            {"amsgrad": True},
            {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 0.1},
        ),
        weight_decay=0.004,
    ),
    "Nadam": OptimizerReference(
        _nadam, 0.001, ({"learning_rate": 0.02}, {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 0.1})
    ),
}


def variants() -> list[Any]:
    """Return the name of an optimizer and some of its settings, for all optimizers that have a reference."""
    return [
        pytest.param(name, keywords, id=f"{name}-{keywords}")
        for name in REGISTRY.names()
        if name in OPTIMIZERS
        for keywords in (*COMMON, *OPTIMIZERS[name].variants)
    ]


def train(
    name: str,
    keywords: dict[str, Any],
    weights: list[Tensor],
    loss: Callable[[], Tensor],
    steps: int = 20,
    rate: Rate | None = None,
) -> None:
    """Make ``steps`` steps; gradients are clipped first, then weights decay, then the optimizer acts, as in Keras."""
    reference = OPTIMIZERS[name]
    options = {"weight_decay": reference.weight_decay, "learning_rate": reference.learning_rate} | keywords
    decay = options.pop("weight_decay")
    clipping = {key: options.pop(key, None) for key in ("clipnorm", "clipvalue", "global_clipnorm")}
    make = (reference.scheduled or reference.make) if rate else reference.make
    optimizer = make(weights, **options)
    for step in range(steps):
        if rate:
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
        optimizer.zero_grad()
        loss().backward()
        with torch.no_grad():
            clip(weights, **clipping)
            for weight in weights:
                weight *= 1 - (decay or 0.0) * optimizer.param_groups[0]["lr"]
        optimizer.step()


def clip(weights: list[Tensor], clipnorm: float | None, clipvalue: float | None, global_clipnorm: float | None) -> None:
    """Clip the gradients in place: each by its own norm, each number, or all by their common norm."""
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    if clipvalue:
        for gradient in gradients:
            gradient.clamp_(-clipvalue, clipvalue)
    if clipnorm:
        for gradient in gradients:
            gradient *= min(1.0, clipnorm / float(gradient.norm()))
    if global_clipnorm:
        norm = float(torch.cat([gradient.flatten() for gradient in gradients]).norm())
        for gradient in gradients:
            gradient *= min(1.0, global_clipnorm / norm)
