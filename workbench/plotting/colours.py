"""Outputs of a network as colours.

Invariant: what is uncertain looks like the panel itself, and the stronger the colour, the surer the network.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from nncore.types import Array
from workbench.theme import Tokens

FAINT, STRONG = 0.10, 0.52
"""Share of a class's colour where the network can just decide, and where it is sure."""


def rgb(colour: str) -> Array:
    """Return a ``#rrggbb`` colour as (3,) numbers from 0 to 255."""
    made = QColor(colour)
    return np.array([made.red(), made.green(), made.blue()], dtype=np.float64)


def class_image(values: Array, tokens: Tokens) -> Array:
    """Return (height, width, 3) uint8: each place in the colours of its likely classes.

    Args:
        values: (height, width, classes), or (height, width, 1) with the share of the second of two classes; outputs
            that are no shares are turned into shares by softmax. A place without finite numbers stays empty.
    """
    values = np.asarray(values, dtype=np.float64)
    known: Array = np.logical_and.reduce(np.isfinite(values), axis=2)
    values = np.where(known[:, :, None], values, 0.0)
    shares = np.clip(np.concatenate([1 - values, values], axis=2), 0, 1) if values.shape[2] == 1 else _shares(values)
    count = shares.shape[2]
    palette = np.array([rgb(tokens.classes[number % len(tokens.classes)]) for number in range(count)])
    sure = np.clip((shares.max(axis=2) - 1 / count) / (1 - 1 / count), 0, 1)
    # Squared, so that the second best class tints the winner's region only near the boundary.
    weights = shares**2 / np.maximum((shares**2).sum(axis=2, keepdims=True), 1e-12)
    strength = np.where(known, FAINT + (STRONG - FAINT) * sure, 0.0)[:, :, None]
    return _bytes((1 - strength) * rgb(tokens.panel) + strength * (weights @ palette))


def ramp(tokens: Tokens) -> tuple[str, str, str]:
    """Return the colours of low, middle and high numbers: the first class, the background, the second class."""
    return tokens.classes[0], tokens.raised, tokens.classes[1]


def number_image(values: Array, low: float, high: float, tokens: Tokens, strength: float = 0.7) -> Array:
    """Return (..., 3) uint8 for numbers (...): diverging from the middle of ``low`` to ``high`` to both sides."""
    first, middle, last = (rgb(colour) for colour in ramp(tokens))
    span = (high - low) or 1.0
    place = np.clip(np.nan_to_num((values - low) / span, nan=0.5) * 2 - 1, -1, 1)[..., None] * strength
    return _bytes(middle + np.where(place < 0, -place * (first - middle), place * (last - middle)))


def _shares(values: Array) -> Array:
    if values.min() >= -1e-6 and values.max() <= 1 + 1e-6:
        powers = np.maximum(values, 1e-12)
    else:
        powers = np.exp(values - values.max(axis=2, keepdims=True))
    shares: Array = powers / powers.sum(axis=2, keepdims=True)
    return shares


def _bytes(colours: Array) -> Array:
    whole: Array = np.clip(np.rint(colours), 0, 255).astype(np.uint8)
    return whole
