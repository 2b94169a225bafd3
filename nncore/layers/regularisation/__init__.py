"""Layers against overfitting."""

from __future__ import annotations

from nncore.layers.regularisation.dropout import Dropout

__all__ = ["Dropout"]
