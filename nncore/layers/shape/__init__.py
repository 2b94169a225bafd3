"""Layers that only rearrange numbers."""

from __future__ import annotations

from nncore.layers.shape.flatten import Flatten
from nncore.layers.shape.repeat_vector import RepeatVector
from nncore.layers.shape.reshape import Reshape
from nncore.layers.shape.upsampling2d import UpSampling2D
from nncore.layers.shape.zero_padding2d import ZeroPadding2D

__all__ = ["Flatten", "RepeatVector", "Reshape", "UpSampling2D", "ZeroPadding2D"]
