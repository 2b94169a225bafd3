"""The layer LSTM."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Weight, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp
from nncore.layers.recurrent.products import KernelGradient, StackedKernel, WayBack
from nncore.layers.recurrent.walk import Walk, slope
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape


@register
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
        True,
        advanced=True,
        applies=attrgetter("use_bias"),
        label="Start remembering",
        short="forget bias 0",
        help="Start the forget gate's bias at 1, so that a new network remembers.",
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

    def draw_bias(self, shape: Shape, rng: np.random.Generator) -> Array:
        """Return the bias with ones for the forget gate; the rest as ``bias_initializer`` says."""
        parts = [self.bias_initializer((size * self.units,), rng) for size in (1, 2)]
        return np.concatenate([parts[0], np.ones(self.units), parts[1]])

    def kept_of_step(self) -> int:
        keeps_sums = any(ACTIVATIONS.get(name).keeps_input for name in (self.activation, self.recurrent_activation))
        return 10 if keeps_sums else 6  # the gates, c and f(c)

    def compile(self, bind: Binding) -> RecurrentOp:
        return LSTMOp(self, bind)


ORDER = (3, 0, 1, 2)
"""o, i, f, g: the gates of one function together, and next to g the memory, as f is to i: (i, f) meet (g, c)."""


class LSTMOp(RecurrentOp):
    """What the walks share: the gates with the memory, (time + 1, 5, rows, units), in the order o, i, f, g, c.

    c is the memory that the step finds. Without training two steps are enough, each in its turn.
    """

    sums = 4

    def __init__(self, layer: LSTM, bind: Binding) -> None:
        super().__init__(layer, bind)
        time, rows, units, state = self.time, self.rows, self.units, self.state
        self.gate = ACTIVATIONS.get(layer.recurrent_activation)
        # sigmoid(a) = (1 + tanh(a / 2)) / 2: with half the kernel for them, one tanh computes all gates.
        self.one_tanh = (self.gate.name, self.activation.name) == ("sigmoid", "tanh")
        kept = time + 1 if bind.training else 2
        self.gates = bind.buffer("gates", (kept, 5, rows, units))
        # The gates overwrite their sums unless a derivative needs the sum itself.
        keeps = self.activation.keeps_input or self.gate.keeps_input
        self.a = bind.buffer("a", (kept, 4, rows, units)) if keeps else self.gates[:, :4]
        self.read = bind.buffer("f(c)", (kept, rows, units))
        self.fresh = bind.buffer("i g, f c", (self.piece if bind.training else 1, 2, rows, units))
        whole = slice(0, state.width)
        kernel = StackedKernel(state, ORDER, whole, (0.5, 0.5, 0.5, 1) if self.one_tanh else 1)
        kernel.put(bind.weight("kernel"), state.x_columns)
        kernel.put(bind.weight("recurrent_kernel"), state.h_columns)
        if layer.use_bias:
            kernel.put(bind.weight("bias"), state.one)
        self.kernels = [kernel]
        if bind.training:
            self.dc = bind.buffer("dc", (rows, units))
            self.factors = bind.buffer("factors of da", (self.piece, 4, rows, units))
            self.read_slope = bind.buffer("df(c)", (self.piece, rows, units))
            groups = range(4)
            gradient = KernelGradient(state.seen, self.units, ORDER, whole, groups, self.da)
            gradient.put(bind.gradient("kernel"), state.x_columns)
            gradient.put(bind.gradient("recurrent_kernel"), state.h_columns)
            if layer.use_bias:
                gradient.put(bind.gradient("bias"), state.one)
            self.gradients = [gradient]
            self.past = WayBack(state, ORDER, state.h_columns, groups, bind.weight("recurrent_kernel"))
            self.ways_back = [self.past]
            self.leads_to_inputs(bind.weight("kernel"), ORDER, groups)
        self.walks = [LSTMWalk(self, part) for part in self.parts]


class LSTMWalk(Walk):
    """One step: a product, the gates, the memory."""

    def __init__(self, op: LSTMOp, part: slice) -> None:
        super().__init__(op, part)
        time = op.time
        self.gate, self.activation, self.one_tanh = op.gate, op.activation, op.one_tanh
        self.kernel = op.kernels[0].all
        self.half = np.array(0.5, self.kernel.dtype)
        self.gates, self.a, self.read = op.gates[:, :, part], op.a[:, :, part], op.read[:, part]
        self.fresh = op.fresh[:, :, part]
        now = [t % len(op.gates) for t in range(time + 1)]
        self.steps = [
            (seen, self.a[k], self.gates[k], self.gates[after, 4], self.read[k], h)
            for seen, k, after, h in zip(op.state.steps(part), now[:-1], now[1:], self.after, strict=True)
        ]
        if op.training:
            self.dc, self.factors, self.read_slope = op.dc[part], op.factors[:, :, part], op.read_slope[:, part]
            da = op.da[:, part]
            blocks = da.reshape(len(da), -1, 4, op.units).swapaxes(1, 2)
            self.da = [(each, block[0], block[1:]) for each, block in zip(da, blocks, strict=True)]

    def forward(self) -> None:
        kernel, half, fresh = self.kernel, self.half, self.fresh[0]
        entering, staying = fresh
        self.gates[0, 4] = 0
        for t, (seen, a, gates, c, read, h) in enumerate(self.steps):
            if self.dropping is not None:
                np.multiply(*self.dropping[t])
            np.matmul(seen, kernel, a)
            sigmoids = gates[:3]
            if self.one_tanh:
                np.tanh(a, a)
                np.multiply(sigmoids, half, sigmoids)
                np.add(sigmoids, half, sigmoids)
            else:
                self.gate.forward(a[:3], sigmoids)
                self.activation.forward(a[3], gates[3])
            np.multiply(gates[1:3], gates[3:], fresh)
            np.add(entering, staying, c)
            self.activation.forward(c, read)
            np.multiply(gates[0], read, h)
            if self.skip is not None:
                np.copyto(c, gates[4], where=self.skip[t])
                np.copyto(h, self.before[t], where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        gates, read = self.gates[steps], self.read[steps]
        factors, read_slope = self.factors[: len(gates)], self.read_slope[: len(gates)]
        if self.one_tanh:
            self.prepare_one_tanh(gates, read, factors, read_slope)
        else:
            a, c = self.a[steps], self.gates[1:][steps, 4]
            slope(self.gate, a[:, :3], gates[:, :3], factors[:, :3])
            slope(self.activation, a[:, 3], gates[:, 3], factors[:, 3])
            slope(self.activation, c, read, read_slope)
            np.multiply(factors[:, 0], read, factors[:, 0])
            np.multiply(factors[:, 1:3], gates[:, 3:], factors[:, 1:3])
            np.multiply(factors[:, 3], gates[:, 1], factors[:, 3])
            np.multiply(read_slope, gates[:, 0], read_slope)
        if self.skipped is not None:  # dc passes such a step as it is
            skip = self.skipped[steps]
            np.copyto(factors, 0, where=skip)
            np.copyto(read_slope, 0, where=skip[:, 0])
            np.copyto(gates[:, 2], 1, where=skip[:, 0])

    def prepare_one_tanh(self, gates: Array, read: Array, factors: Array, read_slope: Array) -> None:
        """Fill factors and f'(c) o in as few passes as there are with r = tanh(c) and h = o r:

        g s'(a^i) = g i (1 - i) = i g - (i g) i,  and so for f and o;
        i f'(a^g) = i (1 - g^2) = i - (i g) g,  o f'(c) = o (1 - r^2) = o - h r
        """
        of_o, of_if, of_g = factors[:, 0], factors[:, 1:3], factors[:, 3]
        o, i, g = gates[:, 0], gates[:, 1], gates[:, 3]
        parts = self.fresh[: len(gates)]
        np.multiply(gates[:, 1:3], gates[:, 3:], parts)
        np.multiply(parts, gates[:, 1:3], of_if)
        np.subtract(parts, of_if, of_if)
        np.multiply(parts[:, 0], g, of_g)
        np.subtract(i, of_g, of_g)
        h = np.multiply(o, read, read_slope)
        np.multiply(h, o, of_o)
        np.subtract(h, of_o, of_o)
        np.multiply(h, read, read_slope)
        np.subtract(o, read_slope, read_slope)

    def turn(self) -> None:
        super().turn()
        self.dc.fill(0)

    def backward(self, steps: slice) -> None:
        dh, dc, fresh = self.dh, self.dc, self.held
        for t, k in self.steps_back(steps):
            da, do, others = self.da[t - steps.start]
            factors = self.factors[k]
            np.multiply(dh, self.read_slope[k], fresh)
            np.add(dc, fresh, dc)
            np.multiply(factors[1:], dc, others)
            np.multiply(factors[0], dh, do)
            np.multiply(dc, self.gates[t, 2], dc)
            self.step_back(t, da)
