"""Activation functions, each with the derivative that backpropagation needs.

An activation works on buffers it is given: ``forward`` may write over its input, ``backward`` over the incoming
gradient. Where the derivative can be told from the output alone, the input is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.registry import Registry
from nncore.types import Array


@dataclass(frozen=True)
class Activation:
    """One activation function y = f(x).

    Attributes:
        name: Keras's name.
        equation: the formula, as it is typeset beside a layer.
        forward: ``forward(x, y)`` fills ``y``; ``x`` and ``y`` may be the same array.
        backward: ``backward(x, y, dy, dx)`` fills ``dx`` with dy * f'(x); ``dy`` and ``dx`` may be the same array.
        keeps_input: whether ``backward`` reads ``x``; if not, x may have been overwritten by y.
        probabilities: whether every output lies between 0 and 1, so that a cross-entropy can use it.
    """

    name: str
    equation: str
    forward: Callable[[Array, Array], None]
    backward: Callable[[Array, Array, Array, Array], None]
    keeps_input: bool = False
    probabilities: bool = False


ACTIVATIONS: Registry[Activation] = Registry("activation")


def linear(x: Array, y: Array) -> None:
    """y = x"""
    if y is not x:
        np.copyto(y, x)


def linear_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy"""
    if dx is not dy:
        np.copyto(dx, dy)


def relu(x: Array, y: Array) -> None:
    """y = max(0, x)"""
    np.maximum(x, 0, out=y)


def relu_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy where y > 0, else 0"""
    np.multiply(dy, y > 0, out=dx)


def sigmoid(x: Array, y: Array) -> None:
    """y = 1 / (1 + exp(-x)), computed as (1 + tanh(x / 2)) / 2, which cannot overflow."""
    np.multiply(x, 0.5, out=y)
    np.tanh(y, out=y)
    y *= 0.5
    y += 0.5


def sigmoid_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * y * (1 - y)"""
    slope = 1 - y
    slope *= y
    np.multiply(dy, slope, out=dx)


def tanh(x: Array, y: Array) -> None:
    """y = tanh(x)"""
    np.tanh(x, out=y)


def tanh_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (1 - y^2)"""
    slope = y * y
    np.subtract(1, slope, out=slope)
    np.multiply(dy, slope, out=dx)


def softmax(x: Array, y: Array) -> None:
    """y_i = exp(x_i) / sum_j exp(x_j) over the last axis; the largest x is subtracted first, so nothing overflows."""
    np.subtract(x, x.max(axis=-1, keepdims=True), out=y)
    np.exp(y, out=y)
    y /= y.sum(axis=-1, keepdims=True)


def softmax_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx_i = y_i * (dy_i - sum_j dy_j y_j)"""
    inner = (dy * y).sum(axis=-1, keepdims=True)
    np.subtract(dy, inner, out=dx)
    dx *= y


ACTIVATIONS.add("linear", Activation("linear", "x", linear, linear_backward))
ACTIVATIONS.add("relu", Activation("relu", "max(0, x)", relu, relu_backward))
ACTIVATIONS.add("sigmoid", Activation("sigmoid", "1 / (1 + e^{-x})", sigmoid, sigmoid_backward, probabilities=True))
ACTIVATIONS.add("tanh", Activation("tanh", "tanh(x)", tanh, tanh_backward))
ACTIVATIONS.add(
    "softmax", Activation("softmax", "e^{x_i} / Σ_j e^{x_j}", softmax, softmax_backward, probabilities=True)
)
