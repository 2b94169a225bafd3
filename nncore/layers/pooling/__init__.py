"""Layers that make pictures and sequences smaller."""

from __future__ import annotations

# The order of the palette.
# isort: off
from nncore.layers.pooling.max_pooling import MaxPooling1D, MaxPooling2D
from nncore.layers.pooling.average_pooling import AveragePooling1D, AveragePooling2D
from nncore.layers.pooling.global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
)
# isort: on

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "MaxPooling1D",
    "MaxPooling2D",
]
