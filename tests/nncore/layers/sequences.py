"""Sequences for the tests of recurrent layers: running one layer with a mask, and references in plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.layers import GRU, LSTM, Layer, SimpleRNN
from nncore.layers.recurrent.base import Recurrent
from nncore.network import Network
from nncore.plan import LayerBinding, Plan, layout
from nncore.types import Array, Shape

CELLS: tuple[Recurrent, ...] = (SimpleRNN(3), LSTM(3), GRU(3), GRU(3, reset_after=False))
"""One of each way to compute a step."""

MASKS = np.array(
    [
        [True, True, True, True, True],
        [False, False, True, True, True],
        [True, True, True, False, False],
        [True, False, True, False, True],
        [False, False, False, False, False],
    ]
)
"""Not padded, padded on the left, on the right, with gaps, and nothing but padding."""


def cell_name(layer: Layer) -> str:
    """Return a test id."""
    return f"{layer.type_name}{'' if getattr(layer, 'reset_after', True) else ' reset before'}"


def random_numbers(*shape: int, seed: int = 5) -> Array:
    """Return normal random numbers."""
    return np.random.default_rng(seed).normal(size=shape)


def random_weights(layer: Layer, shape: Shape, seed: int = 6) -> dict[str, Array]:
    """Return random weights by name for samples of ``shape``."""
    rng = np.random.default_rng(seed)
    return {weight.name: rng.normal(0.0, 0.7, weight.shape) for weight in layer.weights(shape)}


def run(
    layer: Layer,
    x: Array,
    weights: dict[str, Array] | None = None,
    mask: Array | None = None,
    *,
    training: bool = False,
    seed: int = 0,
) -> Array:
    """Return what one layer makes of ``x`` with these weights and this mask."""
    network = Network(x.shape[1:], (layer,))
    parameters = np.zeros(network.count_params(), x.dtype)
    for slot in layout(network):
        slot.view(parameters)[...] = (weights or random_weights(layer, x.shape[1:]))[slot.weight.name]
    plan = Plan(network, parameters, len(x), training=training, rng=np.random.default_rng(seed))
    op = layer.compile(LayerBinding(plan, 0, len(x), x.copy(), None, mask))
    op.forward()
    return op.y.copy()


def function(name: str, x: Array) -> Array:
    """Return an activation of a new array."""
    y = x.copy()
    ACTIVATIONS.get(name).forward(x.copy(), y)
    return y


def looped(layer: Any, x: Array, weights: dict[str, Array], mask: Array | None = None) -> Array:
    """Return the outputs of a recurrent layer, one sample and one step at a time, gate by gate."""
    units = layer.units
    found = np.zeros((*x.shape[:2], units))
    for row, sequence in enumerate(x):
        h, c = np.zeros(units), np.zeros(units)
        times = range(len(sequence))
        for place, time in enumerate(reversed(times) if layer.go_backwards else times):
            if mask is None or mask[row, time]:
                h, c = _step(layer, sequence[time], h, c, weights)
            found[row, place] = h
    return found if layer.return_sequences else found[:, -1]


def _step(layer: Any, x: Array, h: Array, c: Array, weights: dict[str, Array]) -> tuple[Array, Array]:
    units = layer.units
    bias = weights.get("bias", np.zeros((2, 3 * units) if getattr(layer, "reset_after", False) else 4 * units))
    first, second = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))

    def of_input(gate: int) -> Array:
        block = slice(gate * units, (gate + 1) * units)
        return x @ weights["kernel"][:, block] + first[block]

    def of_state(gate: int, state: Array) -> Array:
        block = slice(gate * units, (gate + 1) * units)
        return state @ weights["recurrent_kernel"][:, block] + second[block]

    if isinstance(layer, SimpleRNN):
        return function(layer.activation, of_input(0) + of_state(0, h)), c
    if isinstance(layer, LSTM):
        enters, keeps, leaves = (
            function(layer.recurrent_activation, of_input(gate) + of_state(gate, h)) for gate in (0, 1, 3)
        )
        c = keeps * c + enters * function(layer.activation, of_input(2) + of_state(2, h))
        return leaves * function(layer.activation, c), c
    update, reset = (function(layer.recurrent_activation, of_input(gate) + of_state(gate, h)) for gate in (0, 1))
    inner = reset * of_state(2, h) if layer.reset_after else of_state(2, reset * h)
    return update * h + (1 - update) * function(layer.activation, of_input(2) + inner), c
