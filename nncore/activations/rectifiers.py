"""Activations that let positive numbers through and hold negative ones back.

Sources: Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines" (2010); Maas et al.,
"Rectifier nonlinearities improve neural network acoustic models" (2013) for the leaky one; Clevert et al., "Fast and
accurate deep network learning by exponential linear units" (2016); Klambauer et al., "Self-normalizing neural
networks" (2017) for SELU; Krizhevsky, "Convolutional deep belief networks on CIFAR-10" (2010) for ReLU6.
"""

from __future__ import annotations

import numpy as np

from nncore.activations.base import ZERO, activation
from nncore.types import Array

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946
"""With these two numbers, layers of SELU keep the mean 0 and the variance 1 of what goes through them."""


def linear_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy"""
    if dx is not dy:
        np.copyto(dx, dy)


@activation("x", linear_backward)
def linear(x: Array, y: Array) -> None:
    """y = x"""
    if y is not x:
        np.copyto(y, x)


def relu_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy where y > 0, else 0"""
    np.multiply(dy, y > ZERO, dx)


@activation("max(0, x)", relu_backward)
def relu(x: Array, y: Array) -> None:
    """y = max(0, x)"""
    np.maximum(x, ZERO, out=y)


def relu6_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy where 0 < y < 6, else 0"""
    inside = y > 0
    inside &= y < 6
    np.multiply(dy, inside, out=dx)


@activation("min(max(0, x), 6)", relu6_backward)
def relu6(x: Array, y: Array) -> None:
    """y = min(max(0, x), 6)"""
    np.clip(x, 0, 6, out=y)


def leaky_relu_backward(x: Array, y: Array, dy: Array, dx: Array, negative_slope: float = 0.2) -> None:
    """dx = dy where y > 0, else ``negative_slope`` * dy; with a slope of at least 0, y tells the sign of x."""
    # Arithmetic on the truth values 0 and 1 is far faster than a choice by them.
    slope = np.greater(y, 0, out=np.empty_like(y), casting="unsafe")
    slope *= 1 - negative_slope
    slope += negative_slope
    np.multiply(dy, slope, out=dx)


@activation("x if x > 0, else 0.2 x", leaky_relu_backward)
def leaky_relu(x: Array, y: Array, negative_slope: float = 0.2) -> None:
    """y = x where x > 0, else ``negative_slope`` * x"""
    below = np.minimum(x, 0)
    below *= negative_slope
    np.maximum(x, 0, out=y)
    y += below


def elu_backward(x: Array, y: Array, dy: Array, dx: Array, alpha: float = 1.0) -> None:
    """dx = dy where y > 0, else dy * (y + alpha), which is dy * alpha e^x; alpha is at least 0."""
    slope = np.greater(y, 0, out=np.empty_like(y), casting="unsafe")
    slope *= 1 - alpha
    slope += np.minimum(y, 0)
    slope += alpha
    np.multiply(dy, slope, out=dx)


@activation("x if x > 0, else e^x − 1", elu_backward)
def elu(x: Array, y: Array, alpha: float = 1.0) -> None:
    """y = x where x > 0, else alpha * (e^x - 1)"""
    below = np.minimum(x, 0)
    np.expm1(below, out=below)
    below *= alpha
    np.maximum(x, 0, out=y)
    y += below


def selu_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = scale * dy where y > 0, else dy * (y + scale * alpha)"""
    slope = np.greater(y, 0, out=np.empty_like(y), casting="unsafe")
    slope *= SELU_SCALE - SELU_SCALE * SELU_ALPHA
    slope += np.minimum(y, 0)
    slope += SELU_SCALE * SELU_ALPHA
    np.multiply(dy, slope, out=dx)


@activation("1.0507 x if x > 0, else 1.7581 (e^x − 1)", selu_backward)
def selu(x: Array, y: Array) -> None:
    """y = scale * x where x > 0, else scale * alpha * (e^x - 1)"""
    below = np.minimum(x, 0)
    np.expm1(below, out=below)
    below *= SELU_SCALE * SELU_ALPHA
    np.maximum(x, 0, out=y)
    y *= SELU_SCALE
    y += below
