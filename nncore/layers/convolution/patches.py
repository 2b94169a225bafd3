"""Windows as numbers, read as the rows of a matrix."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nncore.layers.windows import Axes
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

    Args:
        ones: ask for a last column of ones; only a matrix that is stored by columns gets it, see ``has_ones``.
    """

    def __init__(self, source: Array, axes: Axes, rows: int, *, ones: bool = False) -> None:
        super().__init__(source, axes, rows)
        self._is_source = all(axis.one_to_one for axis in axes)
        self._shape = self._windows.shape[1:]
        self._by_columns = source.shape[-1] <= _FEW_CHANNELS and not self._is_source
        self.has_ones = ones and self._by_columns
        windows, seen = rows * math.prod(self._shape[:2]), math.prod(self._shape[2:])
        self._memory = np.empty(0 if self._is_source else (seen + self.has_ones) * windows, source.dtype)
        if self._by_columns:
            self._columns = self._memory.reshape(-1, windows)
            self._columns[seen:] = 1

    def matrix(self, rows: slice) -> Array:
        """Return the matrix of a block of rows, valid until the next call."""
        count = rows.stop - rows.start
        down, across, height, width, channels = self._shape
        seen, windows = height * width * channels, count * down * across
        if self._is_source:
            return self._source[rows].reshape(windows, seen)
        if self._by_columns:
            columns = self._columns[:, :windows]
            shape = (height, width, channels, count, down, across)
            np.copyto(columns[:seen].reshape(shape).transpose(3, 4, 5, 0, 1, 2), self.view(rows))
            return columns.T
        memory = self._memory[: windows * seen]
        np.copyto(memory.reshape(count, *self._shape), self.view(rows))
        return memory.reshape(windows, seen)
