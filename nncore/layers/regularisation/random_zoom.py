"""The layer RandomZoom."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.layers.base import Binding, Op, register
from nncore.layers.regularisation import pictures
from nncore.types import Array


@register
class RandomZoom(pictures.PictureLayer):
    """Makes what every training picture shows larger or smaller by a random factor.

    y at (i, j) = x at ((1 + a) i, (1 + b) j),  a drawn evenly from ``height_factor``, b from ``width_factor``

    with places counted from the middle of the picture. Positive factors show more of the surroundings, so things get
    smaller; negative ones less. Without ``width_factor`` b is a, and the proportions stay.

    Shapes: x and y (rows, height, width) or (rows, height, width, channels). In prediction y = x. Backward: each dy
    goes to the pixels it was read from, by their shares.
    Source: Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
    analysis" (2003).
    """

    equation: ClassVar[str] = "y_{ij} = x_{(1 + a) i, (1 + b) j}"

    height_factor: tuple[float, float] = hyper(
        gt=-1, le=1, suggested=(-0.1, 0.1), key=True, help="How much more of the height is shown, as a fraction of it."
    )
    width_factor: tuple[float, float] | None = hyper(
        None,
        gt=-1,
        le=1,
        empty="as the height",
        help="How much more of the width is shown; empty keeps the proportions.",
    )
    fill_mode: str = pictures.fill_mode()
    interpolation: str = pictures.interpolation()
    fill_value: float = pictures.fill_value()

    def compile_training(self, bind: Binding) -> Op:
        height, width = bind.x.shape[1:3]

        def draw(rng: np.random.Generator, maps: Array) -> None:
            maps[...] = 0
            maps[:, 0, 0] = maps[:, 1, 1] = 1 + rng.uniform(*self.height_factor, len(maps))
            if self.width_factor is not None:
                maps[:, 1, 1] = 1 + rng.uniform(*self.width_factor, len(maps))
            maps[:, 0, 2] = (height - 1) / 2 * (1 - maps[:, 0, 0])
            maps[:, 1, 2] = (width - 1) / 2 * (1 - maps[:, 1, 1])

        return pictures.PictureOp(draw, self.fill_mode, self.interpolation, self.fill_value, bind)
