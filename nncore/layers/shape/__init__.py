"""Layers that only rearrange numbers."""

from __future__ import annotations

from nncore.layers.shape.flatten import Flatten

__all__ = ["Flatten"]
