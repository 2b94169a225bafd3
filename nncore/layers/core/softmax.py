"""The layer Softmax."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.core.activation import ActivationOp
from nncore.types import Array, Shape


@register
class Softmax(Layer):
    """Turns numbers into probabilities that sum to 1.

    y_i = e^x_i / sum_j e^x_j

    Shapes: x and y (rows, ..., classes); each last axis is worked on for itself. Backward:
    dx_i = y_i (dy_i - sum_j dy_j y_j). Where a time step is masked, y and dx are 0.
    Source: Bridle, "Training stochastic model recognition algorithms as networks can lead to maximum mutual information
    estimation of parameters" (1990).
    """

    equation: ClassVar[str] = "y_i = exp(x_i) / Σ_j exp(x_j)"
    supports_masking: ClassVar[bool] = True
    activation: ClassVar[str] = "softmax"

    axis: int = hyper(-1, ge=-32, le=32, hidden=True, help="In scripts: the axis that sums to 1; only the last one.")

    def output_shape(self, shape: Shape) -> Shape:
        if not shape:
            raise ShapeError("Softmax needs several numbers per sample, but gets one.", "Check the input shape.")
        if self.axis not in (-1, len(shape)):
            raise ShapeError(f"Softmax works along the last axis only, but its axis is {self.axis}.", "Set axis to -1.")
        return shape

    def compile(self, bind: Binding) -> Op:
        return SoftmaxOp(bind)


class SoftmaxOp(ActivationOp):
    """Softmax, with zeros where a time step does not count."""

    def __init__(self, bind: Binding) -> None:
        super().__init__(ACTIVATIONS.get(Softmax.activation), bind)
        # A mask counts time steps, so it says something about the numbers only where they lie along (time, classes).
        self.left_out: Array | None = None
        if bind.mask is not None and bind.mask.ndim == bind.x.ndim - 1:
            self.counts = bind.mask
            self.left_out = bind.buffer("left_out", bind.mask.shape, np.bool_)

    def forward(self) -> None:
        super().forward()
        if self.left_out is not None:
            np.logical_not(self.counts, out=self.left_out)
            self.y[self.left_out] = 0
