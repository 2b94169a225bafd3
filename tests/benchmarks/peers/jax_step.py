"""JAX: one compiled function for the whole step, which is given its old parameters' memory, and optax's Adam."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from nncore.layers import GRU, LSTM, Conv2D, Dense, Flatten, Layer, MaxPooling2D
from nncore.plan import initial_parameters, tensors
from tests.benchmarks.peers.rows import Row

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": jax.nn.relu, "tanh": jnp.tanh}

Weights = list[dict[str, Any]]


def _apply(layer: Layer, w: dict[str, Any], x: Any) -> Any:
    """Return the output of one layer; a softmax is left to the loss."""
    if isinstance(layer, LSTM | GRU):
        return _walk(layer, w, x)
    if isinstance(layer, MaxPooling2D):
        window = (1, *layer.pool_size, 1)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, window, "VALID")
    if isinstance(layer, Flatten):
        return x.reshape(len(x), -1)
    if isinstance(layer, Conv2D):
        x = jax.lax.conv_general_dilated(
            x, w["kernel"], layer.strides, "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
    elif isinstance(layer, Dense):
        x = x @ w["kernel"]
    return ACTIVATIONS.get(layer.output_activation() or "", lambda z: z)(x + w["bias"])


def _walk(layer: LSTM | GRU, w: dict[str, Any], x: Any) -> Any:
    """Return the outputs of all steps, or the last one."""
    step = _lstm if isinstance(layer, LSTM) else _gru
    bias = w["bias"] if isinstance(layer, LSTM) else w["bias"][0]
    inputs = jnp.swapaxes(x @ w["kernel"] + bias, 0, 1)
    zero = jnp.zeros((len(x), layer.units))
    _, outputs = jax.lax.scan(lambda state, a: step(w, state, a), (zero, zero), inputs)
    return jnp.swapaxes(outputs, 0, 1) if layer.return_sequences else outputs[-1]


def _lstm(w: dict[str, Any], state: tuple[Any, Any], a: Any) -> tuple[tuple[Any, Any], Any]:
    h, c = state
    i, f, g, o = jnp.split(a + h @ w["recurrent_kernel"], 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def _gru(w: dict[str, Any], state: tuple[Any, Any], a: Any) -> tuple[tuple[Any, Any], Any]:
    h, _ = state
    xz, xr, xg = jnp.split(a, 3, axis=-1)
    hz, hr, hg = jnp.split(h @ w["recurrent_kernel"] + w["bias"][1], 3, axis=-1)
    z = jax.nn.sigmoid(xz + hz)
    g = jnp.tanh(xg + jax.nn.sigmoid(xr + hr) * hg)
    h = z * h + (1 - z) * g
    return (h, h), h


def jit(row: Row) -> Callable[[int], object]:
    """Return what makes so many steps."""
    flat = initial_parameters(row.network, 0)
    weights: Weights = [{} for _ in row.network.layers]
    for key, value in tensors(row.network, flat).items():
        _, index, name = key.split(".")
        weights[int(index)][name] = jnp.asarray(value.copy())
    optimizer = optax.adam(1e-3, eps=1e-7)
    state: Any = optimizer.init(weights)

    def loss(weights: Weights, x: Any, y: Any) -> Any:
        for layer, w in zip(row.network.layers, weights, strict=True):
            x = _apply(layer, w, x)
        if row.classes:
            return optax.softmax_cross_entropy_with_integer_labels(x, y).mean()
        return jnp.mean((x - y) ** 2)

    def step(weights: Weights, state: Any, x: Any, y: Any) -> tuple[Weights, Any, Any]:
        value, gradients = jax.value_and_grad(loss)(weights, x, y)
        updates, state = optimizer.update(gradients, state)
        return optax.apply_updates(weights, updates), state, value

    compiled = jax.jit(step, donate_argnums=(0, 1))
    x, y = row.samples()
    parts = zip(*(np.split(part, len(x) // row.batch) for part in (x, y)), strict=True)
    batches = itertools.cycle([(jnp.asarray(inputs), jnp.asarray(wanted)) for inputs, wanted in parts])

    def run(steps: int) -> None:
        nonlocal weights, state
        for inputs, wanted in itertools.islice(batches, steps):
            weights, state, value = compiled(weights, state, inputs, wanted)
        jax.block_until_ready((weights, value))

    return run
