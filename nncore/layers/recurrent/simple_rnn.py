"""The layer SimpleRNN."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp
from nncore.layers.recurrent.products import KernelGradient, StackedKernel, WayBack
from nncore.layers.recurrent.walk import Walk, slope
from nncore.regularizers import Regularizer


@register
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

    def kept_of_step(self) -> int:
        return 1

    def compile(self, bind: Binding) -> RecurrentOp:
        return SimpleRNNOp(self, bind)


class SimpleRNNOp(RecurrentOp):
    """What the walks share: the sums, (time, rows, units); without training that of one step."""

    sums = 1

    def __init__(self, layer: SimpleRNN, bind: Binding) -> None:
        super().__init__(layer, bind)
        state = self.state
        whole = slice(0, state.width)
        kernel = StackedKernel(state, (0,), whole)
        kernel.put(bind.weight("kernel"), state.x_columns)
        kernel.put(bind.weight("recurrent_kernel"), state.h_columns)
        if layer.use_bias:
            kernel.put(bind.weight("bias"), state.one)
        self.kernels = [kernel]
        self.a = bind.buffer("a", (self.time if bind.training else 1, self.rows, self.units))
        if bind.training:
            self.slope = bind.buffer("slope", (self.piece, self.rows, self.units))
            gradient = KernelGradient(state.seen, self.units, (0,), whole, (0,), self.da)
            gradient.put(bind.gradient("kernel"), state.x_columns)
            gradient.put(bind.gradient("recurrent_kernel"), state.h_columns)
            if layer.use_bias:
                gradient.put(bind.gradient("bias"), state.one)
            self.gradients = [gradient]
            self.past = WayBack(state, (0,), state.h_columns, (0,), bind.weight("recurrent_kernel"))
            self.ways_back = [self.past]
            self.leads_to_inputs(bind.weight("kernel"), (0,), (0,))
        self.walks = [SimpleRNNWalk(self, part) for part in self.parts]


class SimpleRNNWalk(Walk):
    """One step: a product and the activation."""

    def __init__(self, op: SimpleRNNOp, part: slice) -> None:
        super().__init__(op, part)
        self.activation, self.a, self.h = op.activation, op.a[:, part], op.state.h[:, part]
        self.kernel = op.kernels[0].all[0]
        self.steps = [
            (seen, self.a[t % len(self.a)], h)
            for t, (seen, h) in enumerate(zip(op.state.steps(part, gates=0), self.after, strict=True))
        ]
        if op.training:
            self.slope, self.da = op.slope[:, part], list(op.da[:, part])

    def forward(self) -> None:
        for t, (seen, a, h) in enumerate(self.steps):
            if self.dropping is not None:
                np.multiply(*self.dropping[t])
            np.matmul(seen, self.kernel, a)
            self.activation.forward(a, h)
            if self.skip is not None:
                np.copyto(h, self.before[t], where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        part = self.slope[: steps.stop - steps.start]
        slope(self.activation, self.a[steps], self.h[1:][steps], part)
        if self.skipped is not None:
            np.copyto(part, 0, where=self.skipped[steps, 0])

    def backward(self, steps: slice) -> None:
        for t, k in self.steps_back(steps):
            da = self.da[t - steps.start]
            np.multiply(self.slope[k], self.dh, da)
            self.step_back(t, da)
