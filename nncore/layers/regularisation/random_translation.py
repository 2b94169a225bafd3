"""The layer RandomTranslation."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Op, register
from nncore.layers.regularisation import pictures
from nncore.types import Array


@register
class RandomTranslation(pictures.PictureLayer):
    """Moves every training picture by a random distance, so that the network learns to look everywhere.

    y_ij = x at (i - a height, j - b width),  a drawn evenly from ``height_factor``, b from ``width_factor``

    Shapes: x and y (rows, height, width) or (rows, height, width, channels). A positive a moves down, a positive b to
    the right. In prediction y = x. Backward: each dy goes to the pixels it was read from, by their shares.
    Source: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis" (2003).
    """

    equation: ClassVar[str] = "y_{ij} = x_{i − a, j − b}"

    height_factor: tuple[float, float] = hyper(
        ge=-1, le=1, suggested=(-0.1, 0.1), key=True, help="How far down, as a fraction of the height."
    )
    width_factor: tuple[float, float] = hyper(
        ge=-1, le=1, suggested=(-0.1, 0.1), key=True, help="How far to the right, as a fraction of the width."
    )
    fill_mode: str = pictures.fill_mode()
    interpolation: str = pictures.interpolation()
    fill_value: float = pictures.fill_value()

    def compile_training(self, bind: Binding) -> Op:
        height, width = bind.x.shape[1:3]

        def draw(rng: np.random.Generator, maps: Array) -> None:
            maps[:, :, :2] = ((1, 0), (0, 1))
            maps[:, 0, 2] = -height * rng.uniform(*self.height_factor, len(maps))
            maps[:, 1, 2] = -width * rng.uniform(*self.width_factor, len(maps))

        return pictures.PictureOp(draw, self.fill_mode, self.interpolation, self.fill_value, bind)
