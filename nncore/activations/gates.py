"""Smooth activations near ReLU: most are x times a gate between 0 and 1.

Sources: Dugas et al., "Incorporating second-order functional knowledge for better option pricing" (2001) for softplus;
Hendrycks and Gimpel, "Gaussian error linear units" (2016) for GELU and SiLU; Ramachandran et al., "Searching for
activation functions" (2017), which calls SiLU swish; Misra, "Mish" (2020).
"""

from __future__ import annotations

import math

import numpy as np

from nncore.activations.base import ACTIVATIONS, activation
from nncore.activations.normal import normal_cdf
from nncore.types import Array

_sigmoid = ACTIVATIONS.get("sigmoid").forward


def softplus_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (1 - e^-y), which is dy * sigmoid(x)"""
    slope = np.negative(y)
    np.expm1(slope, out=slope)
    np.negative(slope, out=slope)
    np.multiply(dy, slope, out=dx)


@activation("ln(1 + e^x)", softplus_backward)
def softplus(x: Array, y: Array) -> None:
    """y = ln(1 + e^x), computed as max(x, 0) + ln(1 + e^-|x|), which cannot overflow."""
    rest = np.abs(x)
    np.negative(rest, out=rest)
    np.exp(rest, out=rest)
    np.log1p(rest, out=rest)
    np.maximum(x, 0, out=y)
    y += rest


def silu_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * s * (1 + x (1 - s)) with s = sigmoid(x)"""
    gate = np.empty_like(x)
    _sigmoid(x, gate)
    slope = 1 - gate
    slope *= x
    slope += 1
    slope *= gate
    np.multiply(dy, slope, out=dx)


@activation("x / (1 + e^{-x})", silu_backward, "swish", keeps_input=True)
def silu(x: Array, y: Array) -> None:
    """y = x * sigmoid(x)"""
    gate = np.empty_like(x)
    _sigmoid(x, gate)
    np.multiply(x, gate, out=y)


def gelu_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (P(x) + x e^(-x^2 / 2) / sqrt(2 pi)), P as in ``gelu``"""
    bell = x * x
    bell *= -0.5
    np.exp(bell, out=bell)
    slope = normal_cdf(x, bell)
    bell *= 1 / math.sqrt(2 * math.pi)
    bell *= x
    slope += bell
    np.multiply(dy, slope, out=dx)


@activation("x Φ(x)", gelu_backward, keeps_input=True)
def gelu(x: Array, y: Array) -> None:
    """y = x * P(x), P the chance that a standard normal number is below x: (1 + erf(x / sqrt(2))) / 2"""
    bell = x * x
    bell *= -0.5
    np.exp(bell, out=bell)
    np.multiply(x, normal_cdf(x, bell), out=y)


def mish_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx = dy * (t + x s (1 - t^2)) with t = tanh(softplus(x)) and s = sigmoid(x)"""
    t = _tanh_of_softplus(x)
    slope = np.empty_like(x)
    _sigmoid(x, slope)
    slope *= x
    slope *= 1 - t * t
    slope += t
    np.multiply(dy, slope, out=dx)


@activation("x tanh(ln(1 + e^x))", mish_backward, keeps_input=True)
def mish(x: Array, y: Array) -> None:
    """y = x * tanh(ln(1 + e^x))"""
    np.multiply(x, _tanh_of_softplus(x), out=y)


def _tanh_of_softplus(x: Array) -> Array:
    t = np.empty_like(x)
    ACTIVATIONS.get("softplus").forward(x, t)
    return np.tanh(t, out=t)
