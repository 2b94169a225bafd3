"""Turning the column or array to be predicted into class numbers with names.

Whole numbers are taken for classes when they count from a small start without large gaps; words always are.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.files import shown
from nncore.errors import DataError
from nncore.types import Array

MOST_CLASSES = 10_000
FEW = 20


def class_numbers(values: Array) -> tuple[Array, tuple[str, ...]]:
    """Return (rows,) int64 class numbers and the names of the classes.

    Whole numbers from 0 upwards are class numbers already, even if some class has no sample in a small file; other
    whole numbers, and words, are numbered in their order.

    Args:
        values: (rows,) whole numbers or words.
    """
    found = np.unique(values)
    if len(found) > MOST_CLASSES:
        raise DataError(
            f"The targets have {len(found):,} different values, which are too many for classes.",
            "If they are measurements, save them with decimal places, as floating point numbers."
            if found.dtype.kind in "iu"
            else "Choose another column as the target; measurements must be numbers and nothing else.",
        )
    if found.dtype.kind in "iu" and found[0] == 0 and int(found[-1]) < 2 * len(found):
        return values.astype(np.int64), tuple(str(number) for number in range(int(found[-1]) + 1))
    return np.searchsorted(found, values).astype(np.int64), tuple(str(name) for name in found)


def looks_like_classes(values: Array) -> bool:
    """Tell whether whole numbers (rows,) are classes rather than a measurement.

    They are if there are few of them, each used twice on average, and without large gaps: 3, 4, 5 are marks or
    classes, but 10, 250, 4000 are prices.
    """
    found = np.unique(values)
    if len(found) > FEW or 2 * len(found) > max(len(values), 4):
        return False
    return int(found[-1]) - int(found[0]) <= 2 * len(found) and int(found[0]) >= -1


def named_numbers(names: tuple[str, ...]) -> Array | None:
    """Return the numbers that classes are named by, (classes,) float64; None if a name is no number."""
    try:
        return np.array([float(name) for name in names])
    except ValueError:
        return None


def numbers_by_name(names: list[str], known: tuple[str, ...], where: str) -> Array:
    """Return (rows,) int64: the place of each name in ``known``; raise ``DataError`` for a name that is not there."""
    places = {name: number for number, name in enumerate(known)}
    for name in names:
        if name not in places:
            raise DataError(
                f"{where} has the class {shown(name)}, which the network has not learned.",
                f"It knows: {', '.join(known[:FEW])}{', ...' if len(known) > FEW else ''}.",
            )
    return np.array([places[name] for name in names], dtype=np.int64)
