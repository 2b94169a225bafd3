"""Matrix products bound to their arrays when a layer is compiled, so that a step only has to call them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nncore.computing.blas import has_small_products
from nncore.computing.threads import Team, halves
from nncore.types import Array

SHARED_FROM = 2**22
"""Multiply-adds from which on two hands make a product: one hand then takes some 70 microseconds."""

SHARED_SIDE = 128
"""A product is divided along its longer side, which must have so many numbers: narrow ones are slow to compute."""

SMALL = 10**6
"""Multiply-adds up to which OpenBLAS takes its way for small products, where it has one."""

REGISTER = 16
"""Numbers that are computed at once."""

LONG = 2**19
"""Multiply-adds from which on ``matmul`` makes a product. ``dot`` starts faster, since it knows no stacks of matrices,
but takes 15 % longer for x^T dz, and copies a part of a transposed matrix first."""

Product = Callable[[], object]


def product(team: Team, a: Array, b: Array, out: Array) -> Product:
    """Return what computes ``out = a b`` for the numbers that are then in ``a`` and ``b``.

    A large product is made by two hands, each of which fills half of the rows or half of the columns.

    Args:
        team: the two hands.
        a, b: (rows, inner) and (inner, columns), each C-contiguous or the transpose of such an array.
        out: (rows, columns), C-contiguous.
    """
    rows, columns = out.shape
    if rows * columns * a.shape[1] < SHARED_FROM or max(rows, columns) < SHARED_SIDE:
        return _of_one_hand(a, b, out)
    if rows >= columns:
        jobs = [_of_one_hand(a[part], b, out[part]) for part in halves(rows)]
    else:
        jobs = [_of_one_hand(a, b[:, part], out[:, part]) for part in halves(columns)]
    return partial(team.run, *jobs)


def _of_one_hand(a: Array, b: Array, out: Array) -> Product:
    """Return what computes ``out = a b`` at once, or in pieces that are small enough to be fast."""
    pieces = _pieces(a, b, out)
    if len(pieces) == 1:
        return _at_once(a, b, out)
    return partial(_one_after_the_other, [_at_once(*piece) for piece in pieces])


def _at_once(a: Array, b: Array, out: Array) -> Product:
    (rows, columns), inner = out.shape, a.shape[1]
    long = rows * inner * columns >= LONG and min(rows, inner, columns) > 1
    if long or not out.flags.c_contiguous:
        return partial(np.matmul, a, b, out)
    return partial(np.dot, a, b, out)


def _one_after_the_other(products: list[Product]) -> None:
    for multiply in products:
        multiply()


def _pieces(a: Array, b: Array, out: Array) -> list[tuple[Array, Array, Array]]:
    """Return the products that fill ``out`` piece by piece; a single one where pieces would not be faster.

    Measured with OpenBLAS 0.3.31: x W takes 0.4 to 0.9 of the time in pieces of some rows each, x^T dz 0.5 to 0.9 in
    pieces of some columns. dz W^T gains nothing, nor do columns that fill no vector registers, nor a W that no longer
    stays in the cache from piece to piece.
    """
    (rows, columns), inner = out.shape, a.shape[1]
    whole = [(a, b, out)]
    fills = columns <= REGISTER or columns % 4 == 0
    if not (fills and SMALL < rows * inner * columns < SHARED_FROM and has_small_products()) or _transposed(b):
        return whole
    if not _transposed(a):
        return [(a[part], b, out[part]) for part in _evenly(rows, SMALL // (inner * columns))] or whole
    unit, least = (REGISTER, 2 * REGISTER) if columns > REGISTER else (1, 4)
    return [(a, b[:, part], out[:, part]) for part in _evenly(columns, SMALL // (rows * inner), unit, least)] or whole


def _transposed(matrix: Array) -> bool:
    return matrix.strides[0] < matrix.strides[1]


def _evenly(count: int, most: int, unit: int = 1, least: int = 2) -> list[slice]:
    """Return as few equal parts of so many things as hold at most ``most`` each, and all but the last a multiple of
    ``unit``; none if ``most`` is less than ``least``."""
    most -= most % unit
    if most < least:
        return []
    parts = -(-count // most)
    size = -(-count // (parts * unit)) * unit
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
