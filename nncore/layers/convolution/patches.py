"""Windows as numbers, read as the rows of a matrix."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nncore.computing.scratch import Scratch
from nncore.layers.convolution.runs import as_items
from nncore.layers.windows import Axes
from nncore.types import Array

_FEW_CHANNELS = 4
_MATRIX = "matrix"


class Windows:
    """The windows over pictures (rows, height, width, channels), with zeros around them where windows reach beyond.

    Args:
        source: the pictures; read anew in each call.
        rows: the most rows that are asked for at once.
        scratch: memory for the pictures with the zeros around them, which windows over others of the same size share.
    """

    def __init__(self, source: Array, axes: Axes, rows: int, scratch: Scratch) -> None:
        height, width = axes
        channels = source.shape[-1]
        self._source = source
        self._padded: Array | None = None
        seen = source
        if height.padded or width.padded:
            shape = (rows, *(axis.before + axis.size + axis.after for axis in axes), channels)
            down, across = (slice(axis.before, axis.before + axis.size) for axis in axes)
            self._padded = seen = scratch.frame(shape, (down, across), source.dtype)
            self._inside = self._padded[:, down, across]
        every = sliding_window_view(seen, (height.extent, width.extent), axis=(1, 2))
        self._windows: Array = every[
            :, :: height.stride, :: width.stride, :, :: height.dilation, :: width.dilation
        ].transpose(0, 1, 2, 4, 5, 3)[:, : height.count, : width.count]

    def view(self, rows: slice) -> Array:
        """Return (rows, windows down, windows across, kernel height, kernel width, channels), until the next call."""
        return self._windows[self.update(rows)]

    def update(self, rows: slice) -> slice:
        """Read rows of the source, and return which of the windows are theirs."""
        if self._padded is None:
            return rows
        count = rows.stop - rows.start
        np.copyto(self._inside[:count], self._source[rows])
        return slice(0, count)


class Patches(Windows):
    """Windows as the rows of a matrix (rows * windows, kernel height * kernel width * channels).

    With few channels the matrix is stored by columns: a column is a whole shifted picture, and copying that beats
    copying many short runs. Such a matrix is small, and has memory of its own; all others take turns with ``scratch``.

    Args:
        scratch: memory for the matrix, too.
        ones: ask for a last column of ones; only a matrix that is stored by columns gets it, see ``has_ones``.
    """

    def __init__(self, source: Array, axes: Axes, rows: int, scratch: Scratch, *, ones: bool = False) -> None:
        super().__init__(source, axes, rows, scratch)
        self._is_source = all(axis.one_to_one for axis in axes)
        self._shape = self._windows.shape[1:]
        self._by_columns = source.shape[-1] <= _FEW_CHANNELS and not self._is_source
        self.has_ones = ones and self._by_columns
        windows, seen = rows * math.prod(self._shape[:2]), math.prod(self._shape[2:])
        self._scratch, self._token = scratch, object()
        if self._by_columns:
            self._columns = np.empty((seen + self.has_ones, windows), source.dtype)
            self._columns[seen:] = 1
        elif not self._is_source:
            scratch.reserve(_MATRIX, seen * windows, source.dtype)
            # Neighbours across, with all their channels, lie side by side unless there is something between them.
            seamless = axes[1].dilation == 1
            across = self._windows.reshape(*self._windows.shape[:4], -1) if seamless else self._windows
            self._items = as_items(across)

    @property
    def kept(self) -> bool:
        """Whether the matrix of the last call is still there, if ``source`` is what it was then."""
        return self._by_columns or self._is_source or self._scratch.is_kept(_MATRIX, self._token)

    def matrix(self, rows: slice) -> Array:
        """Return the matrix of a block of rows, valid until the next call, or until another matrix is made."""
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
        memory = self._scratch.take(_MATRIX, self._token, windows * seen, self._source.dtype)
        items = self._items[self.update(rows)]
        np.copyto(memory.view(items.dtype).reshape(items.shape), items)
        return memory.reshape(windows, seen)
