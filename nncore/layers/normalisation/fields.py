"""Fields and weights that all normalisations share."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.initializers import Initializer, Ones, Zeros
from nncore.layers.base import Weight
from nncore.regularizers import Regularizer
from nncore.types import Shape


def axis() -> Any:
    """Return the field ``axis``."""
    return hyper(-1, ge=-32, le=32, hidden=True, help="In scripts: the axis of the features; only the last one.")


def epsilon() -> Any:
    """Return the field ``epsilon``."""
    return hyper(
        0.001, gt=0, le=1, log=True, advanced=True, help="Added to the variance, so that nothing is divided by zero."
    )


def center() -> Any:
    """Return the field ``center``."""
    return hyper(True, label="Shift", help="Add a learned number to each feature.")


def scale() -> Any:
    """Return the field ``scale``."""
    return hyper(True, label="Scale", help="Multiply each feature with a learned number.")


def initializer(default: Initializer, label: str, applies: Callable[[Any], object] | None = None) -> Any:
    """Return the field of an initializer."""
    return hyper(default, label=label, advanced=True, applies=applies, help="What these numbers are before training.")


def beta_initializer() -> Any:
    """Return the field ``beta_initializer``."""
    return initializer(Zeros(), "Initial shift", attrgetter("center"))


def gamma_initializer() -> Any:
    """Return the field ``gamma_initializer``."""
    return initializer(Ones(), "Initial scale", attrgetter("scale"))


def beta_regularizer() -> Any:
    """Return the field ``beta_regularizer``."""
    return hyper(
        None,
        label="Shift regularizer",
        advanced=True,
        applies=attrgetter("center"),
        help="A penalty on large shifts.",
    )


def gamma_regularizer() -> Any:
    """Return the field ``gamma_regularizer``."""
    return hyper(
        None,
        label="Scale regularizer",
        advanced=True,
        applies=attrgetter("scale"),
        help="A penalty on large scales.",
    )


def check_shape(name: str, axis: int, shape: Shape) -> None:
    """Raise ``ShapeError`` unless ``axis`` means the last axis of samples of this shape."""
    if not shape:
        raise ShapeError(f"{name} needs at least one number per sample, but gets none.", "Check the input shape.")
    if axis not in (-1, len(shape)):
        raise ShapeError(f"{name} works along the last axis only, but its axis is {axis}.", "Set axis to -1.")


def scale_and_shift(
    features: int,
    gamma: tuple[bool, Initializer, Regularizer | None],
    beta: tuple[bool, Initializer, Regularizer | None],
) -> tuple[Weight, ...]:
    """Return the weights ``gamma`` and ``beta``; each is told by (whether it exists, initializer, regularizer)."""
    wanted = (("gamma", *gamma), ("beta", *beta))
    return tuple(Weight(name, (features,), start, penalty) for name, exists, start, penalty in wanted if exists)
