"""Matrix products bound to their arrays when a layer is compiled, so that a step only has to call them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nncore.computing.threads import Team, halves
from nncore.types import Array

SHARED_FROM = 2**22
"""Multiply-adds from which on two hands make a product: one hand then takes some 70 microseconds."""

SHARED_SIDE = 128
"""A product is divided along its longer side, which must have so many numbers: narrow ones are slow to compute."""


def product(team: Team, a: Array, b: Array, out: Array) -> Callable[[], object]:
    """Return what computes ``out = a b`` for the numbers that are then in ``a`` and ``b``.

    A large product is made by two hands, each of which fills half of the rows or half of the columns.

    Args:
        team: the two hands.
        a, b: (rows, inner) and (inner, columns), each C-contiguous or the transpose of such an array.
        out: (rows, columns), C-contiguous.
    """
    rows, columns = out.shape
    if rows * columns * a.shape[1] < SHARED_FROM or max(rows, columns) < SHARED_SIDE:
        return partial(np.dot, a, b, out)  # of two matrices; it starts faster than matmul, which also knows stacks
    if rows >= columns:
        jobs = [partial(np.dot, a[part], b, out[part]) for part in halves(rows)]
    else:
        jobs = [partial(np.matmul, a, b[:, part], out=out[:, part]) for part in halves(columns)]
    return partial(team.run, *jobs)
