"""Windows as numbers: read as the rows of a matrix, and written where they overlap."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nncore.layers.windows import Axes, taps
from nncore.types import Array

_FEW_CHANNELS = 4


class Windows:
    """The windows over pictures (rows, height, width, channels), with zeros around them where windows reach beyond.

    Args:
        source: the pictures; read anew in each call.
        rows: the most rows that are asked for at once.
    """

    def __init__(self, source: Array, axes: Axes, rows: int) -> None:
        height, width = axes
        channels = source.shape[-1]
        self._source = source
        self._padded: Array | None = None
        seen = source
        if height.padded or width.padded:
            shape = (rows, *(axis.before + axis.size + axis.after for axis in axes), channels)
            self._padded = seen = np.zeros(shape, source.dtype)
            inside = [slice(axis.before, axis.before + axis.size) for axis in axes]
            self._inside = self._padded[:, inside[0], inside[1]]
        every = sliding_window_view(seen, (height.extent, width.extent), axis=(1, 2))
        self._windows: Array = every[
            :, :: height.stride, :: width.stride, :, :: height.dilation, :: width.dilation
        ].transpose(0, 1, 2, 4, 5, 3)[:, : height.count, : width.count]

    def view(self, rows: slice) -> Array:
        """Return (rows, windows down, windows across, kernel height, kernel width, channels), until the next call."""
        if self._padded is None:
            return self._windows[rows]
        count = rows.stop - rows.start
        np.copyto(self._inside[:count], self._source[rows])
        return self._windows[:count]


class Patches(Windows):
    """Windows as the rows of a matrix (rows * windows, kernel height * kernel width * channels).

    With few channels the matrix is stored by columns: a column is a whole shifted picture, and copying that beats
    copying many short runs.
    """

    def __init__(self, source: Array, axes: Axes, rows: int) -> None:
        super().__init__(source, axes, rows)
        self._is_source = all(axis.one_to_one for axis in axes)
        self._shape = self._windows.shape[1:]
        self._by_columns = source.shape[-1] <= _FEW_CHANNELS
        self._memory = np.empty(0 if self._is_source else rows * math.prod(self._shape), source.dtype)

    def matrix(self, rows: slice) -> Array:
        """Return the matrix of a block of rows, valid until the next call."""
        count = rows.stop - rows.start
        down, across, height, width, channels = self._shape
        seen, windows = height * width * channels, count * down * across
        if self._is_source:
            return self._source[rows].reshape(windows, seen)
        memory = self._memory[: windows * seen]
        if self._by_columns:
            shape = (height, width, channels, count, down, across)
            np.copyto(memory.reshape(shape).transpose(3, 4, 5, 0, 1, 2), self.view(rows))
            return memory.reshape(seen, windows).T
        np.copyto(memory.reshape(count, *self._shape), self.view(rows))
        return memory.reshape(windows, seen)


class Overlay:
    """Adds up windows where they overlap: the transpose of reading ``Patches``.

    target_i = sum over windows o and positions k that see place i of  sum_c numbers_oc kernel_kc

    Args:
        target: pictures (rows, height, width, channels) to be written.
        rows: the most rows that are written at once.
    """

    def __init__(self, target: Array, axes: Axes, rows: int) -> None:
        self._target = target
        self._taps = taps(axes)
        self._windows = tuple(axis.count for axis in axes)
        self._one_to_one = all(axis.one_to_one for axis in axes)
        numbers = rows * math.prod(self._windows) * target.shape[-1]
        self._memory = np.empty(0 if self._one_to_one else len(self._taps) * numbers, target.dtype)

    def write(self, rows: slice, numbers: Array, kernel: Array) -> None:
        """Fill rows of the target.

        Args:
            numbers: (rows * windows, features).
            kernel: (positions, features, channels).
        """
        target = self._target[rows]
        channels = target.shape[-1]
        if self._one_to_one:
            np.matmul(numbers, kernel[0], out=target.reshape(-1, channels))
            return
        shape = (len(kernel), len(numbers), channels)
        memory = self._memory[: math.prod(shape)]
        np.matmul(numbers, kernel, out=memory.reshape(shape))
        parts = memory.reshape(len(kernel), -1, *self._windows, channels)
        target.fill(0)
        for (windows, places), part in zip(self._taps, parts, strict=True):
            target[places] += part[windows]
