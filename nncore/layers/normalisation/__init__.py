"""Layers that keep numbers in a range that is good to learn from."""

from __future__ import annotations

from nncore.layers.normalisation.batch_normalization import BatchNormalization
from nncore.layers.normalisation.layer_normalization import LayerNormalization

__all__ = ["BatchNormalization", "LayerNormalization"]
