"""Softmax: numbers to probabilities that sum to 1.

Source: Bridle, "Training stochastic model recognition algorithms as networks can lead to maximum mutual information
estimation of parameters" (1990).
"""

from __future__ import annotations

import numpy as np

from nncore.activations.base import activation
from nncore.types import Array


def softmax_backward(x: Array, y: Array, dy: Array, dx: Array) -> None:
    """dx_i = y_i * (dy_i - sum_j dy_j y_j)"""
    inner = (dy * y).sum(axis=-1, keepdims=True)
    np.subtract(dy, inner, out=dx)
    dx *= y


@activation("exp(x_i) / Σ_j exp(x_j)", softmax_backward, probabilities=True)
def softmax(x: Array, y: Array) -> None:
    """y_i = e^x_i / sum_j e^x_j over the last axis; the largest x is subtracted first, so nothing overflows."""
    np.subtract(x, x.max(axis=-1, keepdims=True), out=y)
    np.exp(y, out=y)
    y /= y.sum(axis=-1, keepdims=True)
