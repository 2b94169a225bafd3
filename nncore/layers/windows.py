"""Windows that slide over pictures and sequences: where they lie.

Along one axis, window ``o`` sees, with its position ``k``, the place

    i = o * stride + k * dilation - before        o = 0 .. count - 1,  k = 0 .. kernel - 1

of the axis; places outside it hold zeros (or, in pooling, nothing). The kinds of padding are those of TensorFlow:
``valid`` has none; ``same`` makes ceil(size / stride) windows and puts the odd place at the end; ``causal`` has all of
it before, so that no window sees what comes later. Sequences are pictures of height 1.

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from nncore.computing.threads import WORTH_SHARING, halves

_STRIDE, _POSITION = re.compile(r"\bs (?=\w)"), re.compile(r"(?<=\+)(?=[ijk]\b)")
BLOCK = 2**19
"""How many numbers are worked on at a time: as many as stay in a processor's cache until they are used again."""


@dataclass(frozen=True)
class Axis:
    """The windows along one axis; see the equation above.

    Attributes:
        size: places of the axis.
        count: number of windows; not positive where not even one fits.
        before: zeros before the first place.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    count: int
    before: int

    @property
    def extent(self) -> int:
        """Places from the first to the last that one window sees."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def after(self) -> int:
        """Zeros after the last place."""
        return max((self.count - 1) * self.stride + self.extent - self.before - self.size, 0)

    @property
    def padded(self) -> bool:
        """Whether some window reaches beyond the axis."""
        return self.before > 0 or self.after > 0

    @property
    def one_to_one(self) -> bool:
        """Whether each window sees just one place, and each place is seen."""
        return self.kernel == self.stride == 1 and not self.padded

    def taps(self) -> list[tuple[slice, slice]]:
        """Return, for each position of the kernel, (the windows for which it lies inside, the places it then meets)."""
        found = []
        for position in range(self.kernel):
            offset = position * self.dilation - self.before
            first = max(-(offset // self.stride), 0)
            end = min((self.size - 1 - offset) // self.stride + 1, self.count)
            if first >= end:
                found.append((slice(0, 0), slice(0, 0)))
                continue
            start = first * self.stride + offset
            last = (end - 1) * self.stride + offset
            found.append((slice(first, end), slice(start, last + 1, self.stride)))
        return found


Axes: TypeAlias = tuple[Axis, Axis]
"""Height and width."""

ONE = Axis(1, 1, 1, 1, 1, 0)
"""The height of a sequence."""


def slide(size: int, kernel: int, stride: int = 1, dilation: int = 1, padding: str = "valid") -> Axis:
    """Return the windows over an axis of ``size`` places; ``padding`` is valid, same or causal."""
    extent = (kernel - 1) * dilation + 1
    if padding == "valid":
        return Axis(size, kernel, stride, dilation, (size - extent) // stride + 1, 0)
    count = -(-size // stride)
    if padding == "causal":
        return Axis(size, kernel, stride, dilation, count, extent - 1)
    total = max((count - 1) * stride + extent - size, 0)
    return Axis(size, kernel, stride, dilation, count, total // 2)


def spread(
    count: int, kernel: int, stride: int = 1, dilation: int = 1, padding: str = "valid", extra: int | None = None
) -> Axis:
    """Return the windows of a transposed convolution: ``count`` numbers, each spread over one window of a larger axis.

    Without ``extra`` (Keras's ``output_padding``) the larger axis has count * stride places with padding ``same``, and
    (count - 1) * stride + max(extent, stride) with ``valid``; ``extra`` counts from (count - 1) * stride + extent % 2
    and (count - 1) * stride + extent instead.
    """
    extent = (kernel - 1) * dilation + 1
    whole = (count - 1) * stride + extent
    if padding == "valid":
        return Axis(whole + (max(stride - extent, 0) if extra is None else extra), kernel, stride, dilation, count, 0)
    size = count * stride if extra is None else (count - 1) * stride + extent % 2 + extra
    return Axis(size, kernel, stride, dilation, count, max((whole - size) // 2, 0))


Taps: TypeAlias = list[tuple[tuple[slice, ...], tuple[slice, ...]]]


def taps(axes: Axes) -> Taps:
    """Return, for each position of the kernel row by row, what selects (the windows, the places they see) of a batch.

    The first selects from (rows, windows, windows, ...), the second from (rows, height, width, ...).
    """
    every = slice(None)
    return [
        ((every, down[0], across[0]), (every, down[1], across[1]))
        for down, across in product(axes[0].taps(), axes[1].taps())
    ]


def blocks(rows: slice, numbers: int) -> list[slice]:
    """Return slices of rows, each with at most ``BLOCK`` numbers if a row holds ``numbers``, and all about as large."""
    count = rows.stop - rows.start
    most = max(BLOCK // numbers, 1)
    size = -(-count // -(-count // most))
    return [slice(first, min(first + size, rows.stop)) for first in range(rows.start, rows.stop, size)]


def shares(rows: int, numbers: int) -> list[slice]:
    """Return the rows that are worked on side by side: two halves, or all together where that is not worth it."""
    if rows < 2 or rows * numbers < WORTH_SHARING:
        return [slice(0, rows)]
    return list(halves(rows))


def with_steps(equation: str, strides: int | Sequence[int], dilation: int | Sequence[int] = ()) -> str:
    """Return a layer's equation with strides and dilation filled in: ``x_{2h+i,w+j}`` for ``x_{s h+i,s w+j}``.

    Both are one number, or one for each axis in the order in which the equation names them.
    """
    return _filled(_POSITION, _filled(_STRIDE, equation, strides), dilation)


def _filled(places: re.Pattern[str], equation: str, steps: int | Sequence[int]) -> str:
    left = iter((steps,) if isinstance(steps, int) else steps)

    def factor(_: re.Match[str]) -> str:
        number = next(left, 1)
        return "" if number == 1 else str(number)

    return places.sub(factor, equation)
