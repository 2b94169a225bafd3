"""The layer RandomFlip."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Op, register
from nncore.layers.regularisation.pictures import PictureLayer
from nncore.types import Shape

_MODES = {"horizontal": (2,), "vertical": (1,), "horizontal_and_vertical": (1, 2)}
"""The axes that are turned round."""


@register
class RandomFlip(PictureLayer):
    """Mirrors every other training picture, so that the network learns more than it is shown.

    y_ij = x_i,width-1-j  with probability 1/2, else x_ij  (horizontal; vertical alike with i)

    Shapes: x and y (rows, height, width) or (rows, height, width, channels). With both directions, a picture is
    mirrored in both or in none, like in Keras. In prediction y = x. Backward: dx is dy, mirrored again.
    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks" (2012).
    """

    equation: ClassVar[str] = "y = x or its mirror image"

    mode: str = hyper(
        "horizontal_and_vertical",
        suggested="horizontal",
        choices=lambda: list(_MODES),
        key=True,
        help="Whether left and right are exchanged, top and bottom, or both.",
    )

    def kept(self, shape: Shape, rows: int) -> int:
        return rows * math.prod(shape)

    def compile_training(self, bind: Binding) -> Op:
        return RandomFlipOp(self, bind)


class RandomFlipOp(Op):
    """Mirror images during training."""

    def __init__(self, layer: RandomFlip, bind: Binding) -> None:
        self.x, self.dx, self.rng = bind.x, bind.dx, bind.rng
        self.y = bind.buffer("y", bind.x.shape)
        self.dy = None if bind.dx is None else bind.buffer("dy", bind.x.shape)
        axes = _MODES[layer.mode]
        self.mirrored_x = np.flip(self.x, axes)
        self.mirrored_dy = None if self.dy is None else np.flip(self.dy, axes)
        each = (bind.rows, *(1,) * (bind.x.ndim - 1))
        self.draw = bind.buffer("draw", each, np.float32)
        self.flipped = bind.buffer("flipped", each, np.bool_)

    def forward(self) -> None:
        self.rng.random(out=self.draw, dtype=np.float32)
        np.less(self.draw, 0.5, out=self.flipped)
        np.copyto(self.y, self.x)
        np.copyto(self.y, self.mirrored_x, where=self.flipped)

    def backward(self) -> None:
        if self.dx is not None and self.dy is not None and self.mirrored_dy is not None:
            np.copyto(self.dx, self.dy)
            np.copyto(self.dx, self.mirrored_dy, where=self.flipped)
