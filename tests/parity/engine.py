"""The engine's side of every comparison: one layer, or a network, driven through a plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import DTypeLike

from nncore import layers
from nncore.layers import LAYERS, Layer
from nncore.losses import Loss
from nncore.network import Network
from nncore.optimizers import Optimizer, Updater
from nncore.plan import Plan, Slot, initial_parameters, layout
from nncore.types import Array
from tests.nncore.harness import Case
from tests.parity.torch_layers import REFERENCES, Variant

ROWS = (1, 5)
DTYPES = (np.float64, np.float32)


def layer_variants() -> list[Any]:
    """Return (name, variant) of every registered layer that has a reference, with ids."""
    return [
        pytest.param(name, variant, id=f"{name}-{variant}")
        for name in LAYERS.names()
        if name in REFERENCES
        for variant in REFERENCES[name].variants
    ]


def make(name: str, variant: Variant) -> Layer:
    """Return the engine's layer."""
    layer: Layer = variant.make(layers, name)
    return layer


def inputs(variant: Variant, rows: int, dtype: DTypeLike, seed: int = 3) -> Array:
    """Return a batch that the variant takes."""
    rng = np.random.default_rng(seed)
    if variant.indices:
        return rng.integers(0, variant.indices, (rows, *variant.shape)).astype(dtype)
    return rng.normal(size=(rows, *variant.shape)).astype(dtype)


class Driven:
    """A network with random weights; those that are not trainable are positive, because a variance is.

    Attributes:
        weights: views of all weights, in Keras's order.
    """

    def __init__(self, network: Network, x: Array, loss: Loss | None = None, target: Array | None = None) -> None:
        self.network, self.x = network, x
        self.case = Case(network, len(x), x=x, dtype=x.dtype, loss=loss, target=target)
        self.slots: tuple[Slot, ...] = layout(network)
        self.weights = [slot.view(self.case.parameters) for slot in self.slots]
        for slot, weight in zip(self.slots, self.weights, strict=True):
            if not slot.weight.trainable:
                weight[...] = np.abs(weight) + 0.1
        self.before = [weight.copy() for weight in self.weights]

    @property
    def trainable(self) -> list[bool]:
        """Which weights are trainable."""
        return [slot.weight.trainable for slot in self.slots]

    def predict(self) -> Array:
        """Return the output of prediction."""
        return predict(self.network, self.case.parameters, self.x)

    def train(self) -> dict[str, Array]:
        """Run forward and backward once; return output, input gradient and the gradients of trainable weights.

        Inputs that are whole numbers have no gradient.
        """
        self.case.backward()
        bound, plan = self.case.bound, self.case.plan
        found = {"output": bound.output.copy()}
        if bound.dx is not None:
            found["input gradient"] = bound.dx.copy()
        return found | {
            f"gradient of {slot.key}": slot.view(plan.gradients).copy() for slot in self.slots if slot.weight.trainable
        }


def predict(network: Network, parameters: Array, x: Array) -> Array:
    """Return a copy of the network's output for a batch."""
    bound = Plan(network, parameters, len(x)).bind(len(x))
    bound.x[...] = x
    bound.forward()
    return bound.output.copy()


def initial_weights(network: Network, seed: int) -> list[Array]:
    """Return the weights with which training would start, in Keras's order."""
    flat = initial_parameters(network, seed)
    return [slot.view(flat) for slot in layout(network)]


def bind(optimizer: Optimizer, plan: Plan) -> Updater:
    """Return the optimizer bound to the parameters that it may change."""
    return optimizer.bind(plan.trainable, plan.gradients, plan.segments)
