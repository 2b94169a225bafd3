"""Layers that look at neighbours: convolutions."""

from __future__ import annotations

# The order of the palette.
# isort: off
from nncore.layers.convolution.conv import Conv1D, Conv2D
from nncore.layers.convolution.depthwise_conv2d import DepthwiseConv2D
from nncore.layers.convolution.conv2d_transpose import Conv2DTranspose
# isort: on

__all__ = ["Conv1D", "Conv2D", "Conv2DTranspose", "DepthwiseConv2D"]
