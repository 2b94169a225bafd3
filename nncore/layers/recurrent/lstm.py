"""The layer LSTM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Weight, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp, slope
from nncore.layers.recurrent.products import RecurrentProduct
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape


@register
@dataclass(frozen=True)
class LSTM(Recurrent):
    """Reads a sequence step by step, with a memory that gates write, keep and read.

    a_t = x_t K + h_{t-1} R + b, whose four parts of ``units`` numbers are a^i, a^f, a^g, a^o;
    i_t = s(a^i),  f_t = s(a^f),  g_t = f(a^g),  o_t = s(a^o)      input, forget, candidate and output gate
    c_t = f_t c_{t-1} + i_t g_t                                    the memory
    h_t = o_t f(c_t)                                               the output;  h_0 = c_0 = 0

    with f = ``activation`` and s = ``recurrent_activation``; products of gates are taken number by number.

    Shapes: x (rows, time, features), K = ``kernel`` (features, 4 units), R = ``recurrent_kernel`` (units, 4 units),
    b = ``bias`` (4 units,); y (rows, time, units), all h_t, with ``return_sequences``, or else (rows, units), the last.
    Where the mask is False, h_t = h_{t-1} and c_t = c_{t-1}. With ``unit_forget_bias`` the forget gate's bias starts
    at 1, so that a new network keeps what it has seen.

    Backward, from the last step to the first, where dh_t and dc_t collect what comes from above and from the step
    after:
    dc_t += dh_t o_t f'(c_t)
    da^i = dc_t g_t s'(a^i),  da^f = dc_t c_{t-1} s'(a^f),  da^g = dc_t i_t f'(a^g),  da^o = dh_t f(c_t) s'(a^o)
    dc_{t-1} = dc_t f_t,  dh_{t-1} += da_t R^T; and then
    dK = sum over t of x_t^T da_t,  dR = sum of h_{t-1}^T da_t,  db = sum of da_t,  dx_t = da_t K^T.
    Sources: Hochreiter and Schmidhuber, "Long short-term memory" (1997); the forget gate: Gers, Schmidhuber and
    Cummins, "Learning to forget" (2000).
    """

    equation: ClassVar[str] = "c_t = f_t c_{t−1} + i_t g_t,  h_t = o_t tanh(c_t)"
    gates: ClassVar[int] = 4

    units: int = settings.units()
    activation: str = settings.activation("tanh", help="The function applied to what is written and to what is read.")
    recurrent_activation: str = settings.activation("sigmoid", help="The function of the gates, best from 0 to 1.")
    use_bias: bool = common.use_bias()
    kernel_initializer: Initializer = common.kernel_initializer()
    recurrent_initializer: Initializer = settings.recurrent_initializer()
    bias_initializer: Initializer = common.bias_initializer()
    unit_forget_bias: bool = hyper(
        True, advanced=True, help="Start the forget gate's bias at 1, so that a new network remembers."
    )
    kernel_regularizer: Regularizer | None = common.kernel_regularizer()
    recurrent_regularizer: Regularizer | None = settings.recurrent_regularizer()
    bias_regularizer: Regularizer | None = common.bias_regularizer()
    dropout: float = settings.dropout()
    recurrent_dropout: float = settings.recurrent_dropout()
    return_sequences: bool = settings.return_sequences()
    go_backwards: bool = settings.go_backwards()

    def typeset(self) -> str:
        return self.equation.replace("tanh(", f"{self.activation}(")

    def bias(self) -> Weight:
        bias = super().bias()
        if not self.unit_forget_bias:
            return bias
        return Weight("bias", bias.shape, self.draw_bias, self.bias_regularizer)

    def draw_bias(self, shape: Shape, rng: Generator) -> Array:
        """Return the bias with ones for the forget gate; the rest as ``bias_initializer`` says."""
        parts = [self.bias_initializer((size * self.units,), rng) for size in (1, 2)]
        return np.concatenate([parts[0], np.ones(self.units), parts[1]])

    def compile(self, bind: Binding) -> RecurrentOp:
        return LSTMOp(self, bind)


class LSTMOp(RecurrentOp):
    """One step: a product, the gates, the memory."""

    def __init__(self, layer: LSTM, bind: Binding) -> None:
        super().__init__(layer, bind)
        time, units, rows = len(self.a), layer.units, bind.rows
        self.gate = ACTIVATIONS.get(layer.recurrent_activation)
        self.recurrent = RecurrentProduct(
            bind, "recurrent", self.h[:-1], slice(None), layer.recurrent_dropout, self.groups
        )
        # The gates overwrite their sums unless a derivative needs the sum itself.
        keeps = self.activation.keeps_input or self.gate.keeps_input
        self.gates = bind.buffer("gates", self.a.shape) if keeps else self.a
        self.c = bind.buffer("c", self.h.shape)
        self.read = bind.buffer("f(c)", (time, units, rows))
        self.fresh = bind.buffer("fresh", (units, rows))
        self.blocks = [slice(k * units, (k + 1) * units) for k in range(4)]
        if bind.training:
            self.dc = bind.buffer("dc", (units, rows))
            self.read_slope = bind.buffer("df(c)", (time, units, rows))

    def walk(self) -> None:
        self.recurrent.start()
        self.c[0] = 0
        two, three = 2 * self.c.shape[1], 3 * self.c.shape[1]
        for t, (a, gates, read) in enumerate(zip(self.a, self.gates, self.read, strict=True)):
            h, c, h_after, c_after = self.h[t], self.c[t], self.h[t + 1], self.c[t + 1]
            a += self.recurrent.forward(h)
            self.gate.forward(a[:two], gates[:two])
            self.activation.forward(a[two:three], gates[two:three])
            self.gate.forward(a[three:], gates[three:])
            i, f, g, o = (gates[block] for block in self.blocks)
            np.multiply(f, c, out=c_after)
            np.multiply(i, g, out=self.fresh)
            c_after += self.fresh
            self.activation.forward(c_after, read)
            np.multiply(o, read, out=h_after)
            if self.skip is not None:
                np.copyto(c_after, c, where=self.skip[t])
                np.copyto(h_after, h, where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        i, f, g, o = (self.gates[steps, block] for block in self.blocks)
        functions = (self.gate, self.gate, self.activation, self.gate)
        factors = (g, self.c[:-1][steps], i, self.read[steps])
        for block, function, factor in zip(self.blocks, functions, factors, strict=True):
            part = self.da[steps, block]
            slope(function, self.a[steps, block], self.gates[steps, block], part)
            part *= factor
        read_slope = self.read_slope[steps]
        slope(self.activation, self.c[1:][steps], self.read[steps], read_slope)
        read_slope *= o
        if self.skip is not None:  # dc passes such a step as it is
            skip = self.skip[steps]
            np.copyto(self.da[steps], 0, where=skip)
            np.copyto(read_slope, 0, where=skip)
            np.copyto(f, 1, where=skip)

    def walk_back(self) -> None:
        self.dc.fill(0)
        for t in self.steps_back():
            da = self.da[t]
            np.multiply(self.dh, self.read_slope[t], out=self.fresh)
            self.dc += self.fresh
            for block in self.blocks[:3]:
                da[block] *= self.dc
            da[self.blocks[3]] *= self.dh
            self.dc *= self.gates[t, self.blocks[1]]
            if self.skip is not None:
                np.multiply(self.dh, self.skip[t], out=self.held)
            self.recurrent.backward(da, self.dh)
            if self.skip is not None:
                self.dh += self.held

    def finish(self) -> None:
        self.recurrent.finish(self.by_number)
