"""Activations that end flat on both sides, and the exponential function.

Sources: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986); Bergstra et al.,
"Quadratic polynomials learn better image features" (2009) for softsign; Courbariaux et al., "BinaryConnect" (2015) for
the hard sigmoid.
"""

from __future__ import annotations

import numpy as np

from nncore.activations.base import HALF, ONE, activation
from nncore.types import Array


def sigmoid_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * y * (1 - y)"""
    slope = ONE - y
    np.multiply(slope, y, slope)
    np.multiply(dy, slope, dx)


@activation("1 / (1 + e^{-x})", sigmoid_backward, probabilities=True)
def sigmoid(x: Array, y: Array) -> None:
    """y = 1 / (1 + e^-x), computed as (1 + tanh(x / 2)) / 2, which cannot overflow."""
    np.multiply(x, HALF, y)
    np.tanh(y, y)
    np.multiply(y, HALF, y)
    np.add(y, HALF, y)


def tanh_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (1 - y^2)"""
    slope = y * y
    np.subtract(ONE, slope, slope)
    np.multiply(dy, slope, dx)


@activation("tanh(x)", tanh_backward)
def tanh(x: Array, y: Array) -> None:
    """y = tanh(x)"""
    np.tanh(x, y)


def softsign_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (1 - |y|)^2, which is dy / (1 + |x|)^2"""
    slope = np.abs(y)
    np.subtract(1, slope, out=slope)
    slope *= slope
    np.multiply(dy, slope, out=dx)


@activation("x / (1 + |x|)", softsign_backward)
def softsign(x: Array, y: Array) -> None:
    """y = x / (1 + |x|)"""
    size = np.abs(x)
    size += 1
    np.divide(x, size, out=y)


def hard_sigmoid_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy / 6 where 0 < y < 1, else 0"""
    inside = y > 0
    inside &= y < 1
    np.multiply(dy, inside, out=dx)
    dx *= 1 / 6


@activation("min(max(0, x + 3), 6) / 6", hard_sigmoid_backward, probabilities=True)
def hard_sigmoid(x: Array, y: Array) -> None:
    """y = min(max(0, x + 3), 6) / 6: straight lines near the sigmoid"""
    np.add(x, 3, out=y)
    np.clip(y, 0, 6, out=y)
    y /= 6


def exponential_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * y"""
    with np.errstate(over="ignore", invalid="ignore"):
        np.multiply(dy, y, out=dx)


@activation("e^x", exponential_backward)
def exponential(x: Array, y: Array) -> None:
    """y = e^x; infinite where that is larger than every number of the dtype"""
    with np.errstate(over="ignore"):
        np.exp(x, out=y)
