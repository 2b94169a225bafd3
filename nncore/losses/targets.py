"""What targets and weights must be, said in sentences."""

from __future__ import annotations

import math

import numpy as np

from nncore.errors import DataError
from nncore.types import Array, Shape


def check_class_numbers(y: Array, classes: int) -> None:
    """Raise ``DataError`` for the first class number outside 0 to ``classes`` - 1, with its place."""
    wrong = np.flatnonzero(~((y >= 0) & (y < classes)))
    if len(wrong):
        sample, *place = (int(index) + 1 for index in np.unravel_index(wrong[0], y.shape))
        where = f" at position {', '.join(f'{index:,}' for index in place)}" if place else ""
        too_few = y.flat[wrong[0]] >= classes
        raise DataError(
            f"Classes are numbered from 0 to {classes - 1}, but sample {sample:,} has the class "
            f"{y.flat[wrong[0]]}{where}.",
            "Number the classes from 0 on" + (", or give the last layer more units." if too_few else "."),
        )


def require_size(y: Array, shape: Shape) -> None:
    """Raise ``DataError`` unless the targets have one entry for each of a sample's ``shape``."""
    if y.size != len(y) * math.prod(shape):
        raise DataError(
            f"The targets have {shape_words(y.shape[1:])} for each sample, but the loss needs {shape_words(shape)}.",
            "Give one target for each output, or change the last layer.",
        )


def weights_for(weights: Array, places: Shape) -> Array:
    """Return weights as an op takes them: for each row, or for each place."""
    if weights.ndim == 0:
        return np.full(places, weights)
    if weights.ndim == len(places) + 1 and weights.shape[-1] == 1:
        weights = weights[..., 0]
    if weights.shape not in (places, places[:1]):
        raise DataError(
            f"The sample weights are {shape_words(weights.shape)}, but this output needs {shape_words(places[:1])}.",
            "Give one weight for each sample.",
        )
    return weights


def shape_words(shape: Shape) -> str:
    """Return a shape as a sentence says it: ``10 numbers``, ``28 × 28``."""
    if len(shape) > 1:
        return " × ".join(map(str, shape))
    count = math.prod(shape)
    return f"{count} {'number' if count == 1 else 'numbers'}"
