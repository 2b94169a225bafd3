"""What a sample must be: the checks of the layers that work on pictures or sequences.

Each raises ``ShapeError`` with a remedy that fits what came instead.
"""

from __future__ import annotations

import math

from nncore.errors import ShapeError
from nncore.layers.base import LAYERS
from nncore.layers.windows import Axis
from nncore.types import Shape


def product(sizes: tuple[int, ...]) -> str:
    """Return sizes as people write them: ``28 × 28 × 1``."""
    return " × ".join(f"{size:,}" for size in sizes) or "a single number"


def picture(owner: str, shape: Shape) -> tuple[int, int, int]:
    """Return (height, width, channels); ``owner`` is the layer that needs them."""
    if len(shape) == 3:
        return shape[0], shape[1], shape[2]
    raise ShapeError(
        f"{owner} needs pictures: height × width × channels, but gets {product(shape)}.", _to_picture(owner, shape)
    )


def sequence(owner: str, shape: Shape) -> tuple[int, int]:
    """Return (time steps, features); ``owner`` is the layer that needs them."""
    if len(shape) == 2:
        return shape[0], shape[1]
    raise ShapeError(
        f"{owner} needs sequences: time steps × features, but gets {product(shape)}.", _to_sequence(owner, shape)
    )


def check_fit(owner: str, noun: str, axes: tuple[Axis, ...]) -> None:
    """Raise ``ShapeError`` unless at least one window fits along each axis; ``noun`` is kernel or pool."""
    if all(axis.count > 0 for axis in axes):
        return
    size, kernel, extent = (
        product(tuple(sizes)) for sizes in zip(*((axis.size, axis.kernel, axis.extent) for axis in axes), strict=True)
    )
    spaced = f", which spreads over {extent} with its dilation," if extent != kernel else ""
    raise ShapeError(
        f"{owner}: a {noun} of {kernel}{spaced} does not fit into an input of {size}.",
        f'Choose a smaller {noun}, or the padding "same".',
    )


def _to_picture(owner: str, shape: Shape) -> str:
    if not shape:
        return "Check the input shape."
    if len(shape) == 1:
        side = math.isqrt(shape[0])
        wanted = product((side, side, 1)) if side * side == shape[0] else "height × width × channels"
        return f"Remove it, put it above a Flatten, or insert Reshape to {wanted} above it."
    if len(shape) == 2:
        sibling = owner.replace("2D", "1D")
        other = f"; for sequences, use {sibling}" if sibling != owner and sibling in LAYERS else ""
        return f"Insert Reshape to {product((*shape, 1))} above it{other}."
    return f"Insert Reshape to {product((*shape[:2], math.prod(shape[2:])))} above it."


def _to_sequence(owner: str, shape: Shape) -> str:
    if not shape:
        return "Check the input shape."
    if len(shape) == 1:
        return f"Insert Reshape to {product((*shape, 1))} above it."
    wanted = product((shape[0], math.prod(shape[1:])))
    return f"Use {owner.replace('1D', '2D')} for pictures, or insert Reshape to {wanted} above it."
