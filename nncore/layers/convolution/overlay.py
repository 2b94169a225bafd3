"""Windows written where they overlap: the transpose of reading ``Patches``."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from nncore.computing.scratch import Scratch
from nncore.layers.convolution.patches import Patches
from nncore.layers.convolution.runs import as_items
from nncore.layers.windows import Axes, Axis, Taps, taps
from nncore.types import Array

_WORTH_UNROLLING = 1.25
_PARTS = "parts"
_PART = "one of the parts"
_SHORT = 128
"""Bytes of a place's channels up to which it pays to put the places of a part side by side before they are added."""


class Spread(Protocol):
    """Adds up what windows hand to the places that they see.

    target_i = sum over windows o and positions k that see place i of  sum_f numbers_of kernel_kcf
    """

    def take_kernel(self) -> None:
        """Read the kernel anew; to be called when it has changed."""

    def write(self, rows: slice) -> None:
        """Fill rows of the target from the numbers of these rows."""


def spreading(target: Array, axes: Axes, numbers: Array, kernel: Array, rows: int, scratch: Scratch) -> Spread:
    """Return the cheaper way for these shapes.

    Args:
        target: pictures (rows, height, width, channels) to be written.
        numbers: (rows, windows down, windows across, features); read anew in each call.
        kernel: (kernel height, kernel width, channels, features).
        rows: the most rows that are written at once.
        scratch: memory that is written to meanwhile.
    """
    height, width = axes
    overlapping = not (height.one_to_one and width.one_to_one)
    # The product grows from one row for each window down to one for each place down.
    few_more = height.size <= _WORTH_UNROLLING * height.count
    if overlapping and height.stride == 1 and few_more:
        return Unrolled(target, axes, numbers, kernel, rows, scratch)
    return Overlay(target, axes, numbers, kernel, rows, scratch)


class Overlay:
    """One product for each position of the kernel, laid over each other."""

    def __init__(self, target: Array, axes: Axes, numbers: Array, kernel: Array, rows: int, scratch: Scratch) -> None:
        *_, channels, features = kernel.shape
        self._target, self._numbers = target, numbers
        self._taps = taps(axes)
        self._kernel = kernel.reshape(-1, channels, features).transpose(0, 2, 1)
        self._one_to_one = all(axis.one_to_one for axis in axes)
        self._shape = (*(axis.count for axis in axes), channels)
        self._size = len(self._taps) * math.prod(self._shape)
        self._scratch = scratch
        if not self._one_to_one:
            scratch.reserve(_PARTS, rows * self._size, target.dtype)

    def take_kernel(self) -> None:
        """Do nothing: the kernel is a view."""

    def write(self, rows: slice) -> None:
        """Fill rows of the target; see ``Spread``."""
        target, numbers = self._target[rows], self._numbers[rows]
        flat = numbers.reshape(-1, numbers.shape[-1])
        if self._one_to_one:
            np.matmul(flat, self._kernel[0], out=target.reshape(len(flat), -1))
            return
        memory = self._scratch.take(_PARTS, None, len(target) * self._size, target.dtype)
        parts = memory.reshape(len(self._taps), len(target), *self._shape)
        np.matmul(flat, self._kernel, out=parts.reshape(len(parts), len(flat), -1))
        _lay(target, self._taps, parts)


class Unrolled:
    """Products down the picture, laid over each other only across it; for windows that move down place by place.

    The windows that see a place lie one above the other, so they are themselves what a window sees, over the numbers
    and with the kernel upside down. With these as the rows of a matrix, one large product does all sums down the
    picture, and there are far fewer numbers left to be added across it.
    """

    def __init__(self, target: Array, axes: Axes, numbers: Array, kernel: Array, rows: int, scratch: Scratch) -> None:
        height, width = axes
        down, across, channels, features = kernel.shape
        self._target = target
        self._upside_down = kernel[::-1].transpose(0, 3, 1, 2)
        self._kernel = np.empty((down, features, across, channels), kernel.dtype)
        before = height.extent - 1 - height.before
        turned = Axis(height.count, down, 1, height.dilation, height.size, before)
        self._patches = Patches(numbers, (turned, _each(width.count)), rows, scratch)
        self._taps = taps((_each(height.size), width))
        self._shape = (height.size, width.count, across, channels)
        self._size = math.prod(self._shape)
        self._scratch = scratch
        self._short = channels * target.itemsize <= _SHORT
        scratch.reserve(_PARTS, rows * self._size, target.dtype)
        if self._short:
            scratch.reserve(_PART, rows * self._size // across, target.dtype)

    def take_kernel(self) -> None:
        """Turn the kernel upside down."""
        np.copyto(self._kernel, self._upside_down)

    def write(self, rows: slice) -> None:
        """Fill rows of the target; see ``Spread``."""
        target = self._target[rows]
        parts = self._scratch.take(_PARTS, None, len(target) * self._size, target.dtype).reshape(-1, *self._shape)
        seen = self._patches.matrix(rows)
        np.matmul(seen, self._kernel.reshape(seen.shape[1], -1), out=parts.reshape(len(seen), -1))
        parts = parts.transpose(3, 0, 1, 2, 4)
        if self._short:
            part = self._scratch.take(_PART, None, parts[0].size, target.dtype)
            _lay_places(target, self._taps, parts, part.reshape(parts[0].shape))
        else:
            _lay(target, self._taps, parts)


def _lay(target: Array, taps: Taps, parts: Array) -> None:
    """Fill the target with parts (positions, rows, windows, windows, channels), added up where they overlap."""
    target.fill(0)
    windows, places = taps[0]
    target[places] = parts[0][windows]
    for (windows, places), part in zip(taps[1:], parts[1:], strict=True):
        target[places] += part[windows]


def _lay_places(target: Array, taps: Taps, parts: Array, part: Array) -> None:
    """Do the same where the numbers of a place lie side by side, but those of its neighbours elsewhere.

    Each part is gathered in ``part`` before it is added; the first one goes straight to where it belongs.
    """
    items, gathered = as_items(parts), as_items(part)
    target.fill(0)
    windows, places = taps[0]
    np.copyto(as_items(target)[places], items[0][windows])
    for (windows, places), scattered in zip(taps[1:], items[1:], strict=True):
        np.copyto(gathered, scattered)
        target[places] += part[windows]


def _each(size: int) -> Axis:
    return Axis(size, 1, 1, 1, size, 0)
