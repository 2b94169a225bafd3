"""The layers MaxPooling1D and MaxPooling2D."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.layers.base import Binding, Op, register
from nncore.layers.pooling import settings
from nncore.layers.pooling.base import Pooling1D, Pooling2D, PoolingOp
from nncore.layers.windows import Axes


@register
@dataclass(frozen=True)
class MaxPooling2D(Pooling2D):
    """Keeps the largest number of each small square, channel by channel.

    y_hwc = max over i, j of x_{s h + i - p, s w + j - q, c}

    with strides s, and p rows and q columns above and left of the picture, which count as minus infinity.

    Shapes: x (rows, height, width, channels), y (rows, pools down, pools across, channels). Pools along an axis of n
    places: floor((n - pool_size) / s) + 1 with padding ``valid``, ceil(n / s) with ``same``.

    Backward: dy goes to the place of the maximum, to the first one, row by row, where several are equal.
    Sources: Weng, Ahuja and Huang, "Cresceptron" (1992); Riesenhuber and Poggio, "Hierarchical models of object
    recognition in cortex" (1999).
    """

    equation: ClassVar[str] = "y_hwc = max_ij x_{s h+i,s w+j,c}"

    pool_size: tuple[int, int] = settings.pool_size(default=(2, 2))

    def compile(self, bind: Binding) -> Op:
        return MaxPoolingOp(bind, self.axes(bind.x.shape[1:]))


@register
@dataclass(frozen=True)
class MaxPooling1D(Pooling1D):
    """Keeps the largest number of each few time steps, channel by channel.

    y_tc = max over k of x_{s t + k - p, c}

    with strides s and p steps before the sequence, which count as minus infinity.

    Shapes: x (rows, steps, channels), y (rows, pools, channels). Pools: floor((steps - pool_size) / s) + 1 with padding
    ``valid``, ceil(steps / s) with ``same``. Backward: as in MaxPooling2D.
    Source: Collobert et al., "Natural language processing (almost) from scratch" (2011).
    """

    equation: ClassVar[str] = "y_tc = max_k x_{s t+k,c}"

    pool_size: int = settings.pool_size(default=2)

    def compile(self, bind: Binding) -> Op:
        return MaxPoolingOp(bind, self.axes(bind.x.shape[1:]))


class MaxPoolingOp(PoolingOp):
    """One maximum of whole pictures for each position in the pool."""

    def __init__(self, bind: Binding, axes: Axes) -> None:
        super().__init__(bind, axes)
        if self.dx is not None:
            self.hits = bind.buffer("hits", self.out.shape, bool)
            self.shares = bind.buffer("shares", self.out.shape)

    def forward(self) -> None:
        for rows in self.blocks:
            x, y = self.x[rows], self.out[rows]
            y.fill(-np.inf)
            for pools, places in self.taps:
                np.maximum(y[pools], x[places], out=y[pools])

    def backward(self) -> None:
        """Hand out the gradient position by position; a pool that has found its maximum has nothing left to give."""
        if self.dx is None:
            return
        self.clear()
        for rows in self.blocks:
            x, y, left, dx = self.x[rows], self.out[rows], self.dout[rows], self.dx[rows]
            # Each block uses the same first rows of both, which stay in the cache.
            all_hits, all_shares = self.hits[: len(x)], self.shares[: len(x)]
            for pools, places in self.taps[:-1]:
                hits, share = all_hits[pools], all_shares[pools]
                np.equal(x[places], y[pools], out=hits)
                np.multiply(left[pools], hits, out=share)
                left[pools] -= share
                self.give(dx, places, share)
            pools, places = self.taps[-1]
            self.give(dx, places, left[pools])
