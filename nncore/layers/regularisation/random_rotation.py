"""The layer RandomRotation."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Op, register
from nncore.layers.regularisation import pictures
from nncore.types import Array


@register
class RandomRotation(pictures.PictureLayer):
    """Turns every training picture about its middle by a random angle.

    y at (i, j) = x at (u, v):  u = c cos t + d sin t,  v = d cos t - c sin t

    with the angle t = 2 pi f, f drawn evenly from ``factor``, and with (c, d) and (u, v) counted from the middle of the
    picture. A positive angle turns counter-clockwise.

    Shapes: x and y (rows, height, width) or (rows, height, width, channels). In prediction y = x. Backward: each dy
    goes to the pixels it was read from, by their shares.
    Source: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis" (2003).
    """

    equation: ClassVar[str] = "y = x turned by 2π f"

    factor: tuple[float, float] = hyper(
        ge=-1, le=1, suggested=(-0.05, 0.05), key=True, help="The angle, as a fraction of a whole turn."
    )
    fill_mode: str = pictures.fill_mode()
    interpolation: str = pictures.interpolation()
    fill_value: float = pictures.fill_value()

    def compile_training(self, bind: Binding) -> Op:
        middle = np.array([(size - 1) / 2 for size in bind.x.shape[1:3]])

        def draw(rng: np.random.Generator, maps: Array) -> None:
            angle = 2 * math.pi * rng.uniform(*self.factor, len(maps))
            cos, sin = np.cos(angle), np.sin(angle)
            maps[:, 0, 0], maps[:, 0, 1] = cos, sin
            maps[:, 1, 0], maps[:, 1, 1] = -sin, cos
            maps[:, 0, 2] = middle[0] - cos * middle[0] - sin * middle[1]
            maps[:, 1, 2] = middle[1] + sin * middle[0] - cos * middle[1]

        return pictures.PictureOp(draw, self.fill_mode, self.interpolation, self.fill_value, bind)
