"""What the layers that change training pictures share: their fields and one way to draw a picture anew.

For every place (row i, column j) of the new picture an affine map tells from where in the old one it comes:

[u, v] = A [i, j, 1],  A drawn anew for each sample, (2, 3)

There the old picture is read between its four neighbours, each by the share of its nearness (bilinear), or at the
nearest place. Beyond the border, ``fill_mode`` tells what is seen. The new picture is linear in the old one, so the
gradient goes back by the same shares.

Source: Jaderberg et al., "Spatial transformer networks" (2015), sections 3.2 and 3.3.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op
from nncore.layers.regularisation.dropout import IdentityOp
from nncore.layers.sample_kinds import product
from nncore.types import Array, Shape


def fill_mode() -> Any:
    """Return the field ``fill_mode``."""
    return hyper(
        "reflect",
        choices=lambda: list(_INSIDE),
        advanced=True,
        help="What is seen beyond the border: a mirror image, one number, the repeated picture or its last pixels.",
    )


def interpolation() -> Any:
    """Return the field ``interpolation``."""
    return hyper(
        "bilinear",
        choices=lambda: ["nearest", "bilinear"],
        advanced=True,
        help="Whether a place between pixels takes the nearest one or a mixture of its neighbours.",
    )


def fill_value() -> Any:
    """Return the field ``fill_value``."""
    return hyper(
        0.0,
        advanced=True,
        applies=lambda layer: layer.fill_mode == "constant",
        help='The number beyond the border with the fill mode "constant".',
    )


class PictureLayer(Layer):
    """Base of the layers that change training pictures; in prediction they change nothing."""

    family: ClassVar[str] = "augmentation"

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) not in (2, 3):
            raise ShapeError(
                f"{self.type_name} needs pictures: height × width, perhaps × channels, but gets {product(shape)}.",
                "Put it in front of the layer that changes the shape, such as Flatten.",
            )
        return shape

    def kept(self, shape: Shape, rows: int) -> int:
        # With a copy of the picture, the old place of each pixel, and four neighbours there with their shares.
        return 2 * super().kept(shape, rows) + 18 * rows * math.prod(shape[:2])

    def compile(self, bind: Binding) -> Op:
        return self.compile_training(bind) if bind.training else IdentityOp(bind)

    def compile_training(self, bind: Binding) -> Op:
        """Return the operation that changes pictures."""
        raise NotImplementedError


def _reflect(places: Array, size: int) -> None:
    """d c b a | a b c d | d c b a"""
    np.mod(places, 2 * size, out=places)
    np.minimum(places, 2 * size - 1 - places, out=places)


def _nearest(places: Array, size: int) -> None:
    """a a a a | a b c d | d d d d"""
    np.clip(places, 0, size - 1, out=places)


def _wrap(places: Array, size: int) -> None:
    """a b c d | a b c d | a b c d"""
    np.mod(places, size, out=places)


_INSIDE: dict[str, Callable[[Array, int], None]] = {
    "reflect": _reflect,
    "constant": _nearest,  # what is read there gets the weight 0
    "wrap": _wrap,
    "nearest": _nearest,
}


class PictureOp(Op):
    """Draws each picture of the batch anew by an affine map of its own.

    Args:
        draw: ``draw(rng, maps)`` fills ``maps`` (rows, 2, 3) with the maps from new to old places.
        fill_mode, interpolation, fill_value: the layer's fields.
        bind: of the layer; x is (rows, height, width) or (rows, height, width, channels).
    """

    def __init__(
        self,
        draw: Callable[[np.random.Generator, Array], None],
        fill_mode: str,
        interpolation: str,
        fill_value: float,
        bind: Binding,
    ) -> None:
        rows, height, width = bind.x.shape[:3]
        pixels = height * width
        self.draw, self.rng = draw, bind.rng
        self.inside, self.constant, self.fill_value = _INSIDE[fill_mode], fill_mode == "constant", fill_value
        self.size = (height, width)
        self.y = bind.buffer("y", bind.x.shape)
        self.x, self.out = bind.x.reshape(rows * pixels, -1), self.y.reshape(rows * pixels, -1)
        self.dy = self.dx = None
        if bind.dx is not None:
            self.dy, self.dx = bind.buffer("dy", bind.x.shape), bind.dx.reshape(self.x.shape)
        places = np.indices(self.size).reshape(2, pixels)
        self.grid = np.concatenate([places, np.ones((1, pixels))]).astype(self.x.dtype)
        self.first_pixels = (np.arange(rows) * pixels)[:, None]
        self.maps = bind.buffer("maps", (rows, 2, 3))
        self.old_places = bind.buffer("old_places", (rows, 2, pixels))
        self.corner = bind.buffer("corner", (rows, 2, pixels))
        self.place = bind.buffer("place", (rows, pixels), np.intp)
        self.valid = bind.buffer("valid", (rows, pixels), np.bool_)
        self.part = bind.buffer("part", self.out.shape)
        self.bilinear = interpolation == "bilinear"
        steps = list(itertools.product((0, 1), (0, 1))) if self.bilinear else [(0, 0)]
        self.neighbours = [
            (
                step,
                bind.buffer(f"pixel {step}", (rows, pixels), np.intp),
                bind.buffer(f"share {step}", (rows, pixels)),
            )
            for step in steps
        ]

    def forward(self) -> None:
        self.draw(self.rng, self.maps)
        np.matmul(self.maps, self.grid, out=self.old_places)
        (np.floor if self.bilinear else np.rint)(self.old_places, out=self.corner)
        self.old_places -= self.corner
        self.out[...] = self.fill_value if self.constant else 0
        for step, pixel, share in self.neighbours:
            self._read(step, pixel, share)
            np.take(self.x, pixel.reshape(-1), axis=0, out=self.part, mode="clip")
            if self.constant:
                self.part -= self.fill_value
            self.part *= share.reshape(-1, 1)
            self.out += self.part

    def _read(self, step: tuple[int, int], pixel: Array, share: Array) -> None:
        """Fill the numbers of the pixels one ``step`` from the corner, and their shares in the new picture."""
        share.fill(1)
        for axis, size in enumerate(self.size):
            np.add(self.corner[:, axis], step[axis], out=self.place, casting="unsafe")
            if self.constant:
                np.greater_equal(self.place, 0, out=self.valid)
                share *= self.valid
                np.less(self.place, size, out=self.valid)
                share *= self.valid
            if self.bilinear:
                share *= self.old_places[:, axis] if step[axis] else 1 - self.old_places[:, axis]
            self.inside(self.place, size)
            if axis == 0:
                np.multiply(self.place, self.size[1], out=pixel)
            else:
                pixel += self.place
        pixel += self.first_pixels

    def backward(self) -> None:
        if self.dx is None or self.dy is None:
            return
        self.dx[...] = 0
        for _, pixel, share in self.neighbours:
            np.multiply(self.dy.reshape(self.x.shape), share.reshape(-1, 1), out=self.part)
            np.add.at(self.dx, pixel.reshape(-1), self.part)
