"""Layers that every network is made of."""

from __future__ import annotations

from nncore.layers.core.activation import Activation
from nncore.layers.core.dense import Dense

__all__ = ["Activation", "Dense"]
