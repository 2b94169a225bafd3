"""The layers AveragePooling1D and AveragePooling2D."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.layers.base import Binding, Op, register
from nncore.layers.pooling.base import Pooling1D, Pooling2D, PoolingOp
from nncore.layers.windows import Axes


@register
class AveragePooling2D(Pooling2D):
    """Takes the mean of each small square, channel by channel.

    y_hwc = (1 / n_hw) sum over i, j of x_{s h + i - p, s w + j - q, c}

    with strides s, p rows and q columns above and left of the picture, and n_hw the places of the pool that lie inside
    the picture: padding does not dilute the mean.

    Shapes: x (rows, height, width, channels), y (rows, pools down, pools across, channels); pools as in MaxPooling2D.
    Backward: dx_{s h + i - p, s w + j - q, c} gets dy_hwc / n_hw.
    Source: LeCun et al., "Gradient-based learning applied to document recognition" (1998).
    """

    equation: ClassVar[str] = "y_hwc = mean_ij x_{s h+i,s w+j,c}"

    def compile(self, bind: Binding) -> Op:
        return AveragePoolingOp(bind, self.axes(bind.x.shape[1:]))


@register
class AveragePooling1D(Pooling1D):
    """Takes the mean of each few time steps, channel by channel.

    y_tc = (1 / n_t) sum over k of x_{s t + k - p, c}

    with strides s, p steps before the sequence, and n_t the steps of the pool that lie inside the sequence.

    Shapes: x (rows, steps, channels), y (rows, pools, channels); pools as in MaxPooling1D.
    Backward: as in AveragePooling2D.
    Source: Waibel et al., "Phoneme recognition using time-delay neural networks" (1989).
    """

    equation: ClassVar[str] = "y_tc = mean_k x_{s t+k,c}"

    def compile(self, bind: Binding) -> Op:
        return AveragePoolingOp(bind, self.axes(bind.x.shape[1:]))


class AveragePoolingOp(PoolingOp):
    """One sum of whole pictures for each position in the pool."""

    def __init__(self, bind: Binding, axes: Axes) -> None:
        super().__init__(bind, axes)
        inside = np.zeros(self.out.shape[:3])[:1, ..., None]
        for pools, _ in self.taps:
            inside[pools] += 1
        self.factor = (1 / inside).astype(bind.x.dtype)

    def pool(self, rows: slice, share: int) -> None:
        x, y = self.x[rows], self.out[rows]
        y.fill(0)
        for pools, places in self.taps:
            y[pools] += x[places]
        y *= self.factor

    def hand_out(self, rows: slice, share: int) -> None:
        assert self.dx is not None
        each, dx = self.dout[rows], self.dx[rows]
        each *= self.factor
        for pools, places in self.taps:
            self.give(dx, places, each[pools])
