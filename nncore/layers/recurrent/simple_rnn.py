"""The layer SimpleRNN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp, slope
from nncore.layers.recurrent.products import RecurrentProduct
from nncore.regularizers import Regularizer


@register
@dataclass(frozen=True)
class SimpleRNN(Recurrent):
    """Reads a sequence step by step; each output also depends on the last one.

    h_t = f(x_t K + h_{t-1} R + b),  h_0 = 0

    Shapes: x (rows, time, features), K = ``kernel`` (features, units), R = ``recurrent_kernel`` (units, units),
    b = ``bias`` (units,); y (rows, time, units), all h_t, with ``return_sequences``, or else (rows, units), the last.
    Where the mask is False, h_t = h_{t-1}.

    Backward, from the last step to the first, where dh_t collects what comes from above and from the step after:
    da_t = dh_t f'(a_t),  dh_{t-1} += da_t R^T; and then
    dK = sum over t of x_t^T da_t,  dR = sum of h_{t-1}^T da_t,  db = sum of da_t,  dx_t = da_t K^T.
    Source: Elman, "Finding structure in time" (1990).
    """

    equation: ClassVar[str] = "h_t = f(x_t K + h_{t−1} R + b)"

    units: int = settings.units()
    activation: str = settings.activation("tanh", help="The function applied to each output.")
    use_bias: bool = common.use_bias()
    kernel_initializer: Initializer = common.kernel_initializer()
    recurrent_initializer: Initializer = settings.recurrent_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    kernel_regularizer: Regularizer | None = common.kernel_regularizer()
    recurrent_regularizer: Regularizer | None = settings.recurrent_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()
    dropout: float = settings.dropout()
    recurrent_dropout: float = settings.recurrent_dropout()
    return_sequences: bool = settings.return_sequences()
    go_backwards: bool = settings.go_backwards()

    def compile(self, bind: Binding) -> RecurrentOp:
        return SimpleRNNOp(self, bind)


class SimpleRNNOp(RecurrentOp):
    """One step: a product, a sum and the activation."""

    def __init__(self, layer: SimpleRNN, bind: Binding) -> None:
        super().__init__(layer, bind)
        self.recurrent = RecurrentProduct(
            bind, "recurrent", self.h[:-1], slice(None), layer.recurrent_dropout, self.groups
        )

    def walk(self) -> None:
        self.recurrent.start()
        for t, (a, before, after) in enumerate(zip(self.a, self.h[:-1], self.h[1:], strict=True)):
            a += self.recurrent.forward(before)
            self.activation.forward(a, after)
            if self.skip is not None:
                np.copyto(after, before, where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        slope(self.activation, self.a[steps], self.h[1:][steps], self.da[steps])
        if self.skip is not None:
            np.copyto(self.da[steps], 0, where=self.skip[steps])

    def walk_back(self) -> None:
        for t in self.steps_back():
            da = self.da[t]
            da *= self.dh
            if self.skip is not None:
                np.multiply(self.dh, self.skip[t], out=self.held)
            self.recurrent.backward(da, self.dh)
            if self.skip is not None:
                self.dh += self.held

    def finish(self) -> None:
        self.recurrent.finish(self.by_number)
