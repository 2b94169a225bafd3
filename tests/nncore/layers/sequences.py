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
    _, op = compiled(layer, x, weights or random_weights(layer, x.shape[1:]), mask, training=training, seed=seed)
    op.forward()
    return op.y.copy()


def compiled(
    layer: Layer,
    x: Array,
    weights: dict[str, Array],
    mask: Array | None = None,
    dx: Array | None = None,
    *,
    training: bool = False,
    seed: int = 0,
) -> tuple[Plan, Any]:
    """Return the operation of one layer, bound to a copy of ``x``, and the plan that has its gradients."""
    network = Network(x.shape[1:], (layer,))
    parameters = np.zeros(network.count_params(), x.dtype)
    for slot in layout(network):
        slot.view(parameters)[...] = weights[slot.weight.name]
    plan = Plan(network, parameters, len(x), training=training, rng=np.random.default_rng(seed))
    return plan, layer.compile(LayerBinding(plan, 0, len(x), x.copy(), dx, mask))


def function(name: str, x: Array) -> Array:
    """Return an activation of a new array."""
    y = x.copy()
    ACTIVATIONS.get(name).forward(x.copy(), y)
    return y


def looped(layer: Any, x: Array, weights: dict[str, Array], mask: Array | None = None) -> Array:
    """Return the outputs of a recurrent layer, one sample and one step at a time, gate by gate.

    Numbers may be complex.
    """
    units = layer.units
    dtype = np.result_type(x, *weights.values())
    found = np.zeros((*x.shape[:2], units), dtype)
    for row, sequence in enumerate(x):
        h, c = np.zeros(units, dtype), np.zeros(units, dtype)
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


def looped_gradients(
    layer: Any, x: Array, weights: dict[str, Array], dy: Array, mask: Array | None = None
) -> dict[str, Array]:
    """Return the gradients of sum(y dy) for x and all weights, exact to the last digits.

    Where f is smooth, Im f(p + i h) / h is its derivative, and as nothing is subtracted, h may be as small as wanted:
    Squire and Trapp, "Using complex variables to estimate derivatives of real functions" (1998).
    """
    given = {"x": x, **weights}
    found = {}
    for name, array in given.items():
        found[name] = np.zeros(array.shape)
        for place in np.ndindex(array.shape):
            moved = {key: value.astype(complex) if key == name else value for key, value in given.items()}
            moved[name][place] += 1e-30j
            y = looped(layer, moved.pop("x"), moved, mask)
            found[name][place] = np.sum(y.imag * dy) / 1e-30
    return found


def gradients(
    layer: Layer, x: Array, weights: dict[str, Array], dy: Array, mask: Array | None = None, *, seed: int = 0
) -> dict[str, Array]:
    """Return the output of one layer, y, and the gradients of sum(y dy) for x and all weights."""
    dx = np.zeros_like(x)
    plan, op = compiled(layer, x, weights, mask, dx, training=True, seed=seed)
    with plan.team.at_work():
        op.forward()
        y = op.y.copy()
        op.dy[...] = dy
        op.backward()
        plan.team.settle()
    found = {slot.weight.name: slot.view(plan.gradients).copy() for slot in layout(plan.network)}
    return {"y": y, "x": dx, **found}
