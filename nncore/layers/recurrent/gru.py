"""The layer GRU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Weight, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp, Walk, slope
from nncore.layers.recurrent.products import KernelGradient, StackedKernel, WayBack
from nncore.regularizers import Regularizer


@register
@dataclass(frozen=True)
class GRU(Recurrent):
    """Reads a sequence step by step; two gates decide how much of the last output is kept and used.

    With a_t = x_t K + b and its three parts of ``units`` numbers, and R and r with three parts each:
    z_t = s(a^z + h_{t-1} R^z + r^z)                  update gate
    r_t = s(a^r + h_{t-1} R^r + r^r)                  reset gate
    g_t = f(a^g + r_t (h_{t-1} R^g + r^g))            candidate; with ``reset_after=False`` f(a^g + (r_t h_{t-1}) R^g)
    h_t = z_t h_{t-1} + (1 - z_t) g_t                 the output;  h_0 = 0

    with f = ``activation`` and s = ``recurrent_activation``; products of gates are taken number by number.

    Shapes: x (rows, time, features), K = ``kernel`` (features, 3 units), R = ``recurrent_kernel`` (units, 3 units),
    (b, r) = ``bias`` (2, 3 units), or only b (3 units,) with ``reset_after=False``; y (rows, time, units), all h_t,
    with ``return_sequences``, or else (rows, units), the last. Where the mask is False, h_t = h_{t-1}.

    Backward, from the last step to the first, where dh_t collects what comes from above and from the step after, and
    p_t = h_{t-1} R^g + r^g:
    da^z = dh_t (h_{t-1} - g_t) s',  da^g = dh_t (1 - z_t) f',  da^r = da^g p_t s',
    dh_{t-1} += dh_t z_t + (da^z, da^r, da^g r_t) R^T
    and with ``reset_after=False``, where q_t = da^g (R^g)^T is the gradient of r_t h_{t-1}:
    da^r = q_t h_{t-1} s',  dh_{t-1} += dh_t z_t + q_t r_t + (da^z, da^r) (R^z, R^r)^T
    Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
    translation" (2014); ``reset_after`` as in its version for graphics processors, which is Keras's default.
    """

    equation: ClassVar[str] = "h_t = z_t h_{t−1} + (1 − z_t) g_t"
    gates: ClassVar[int] = 3

    units: int = settings.units()
    activation: str = settings.activation("tanh", help="The function applied to the candidate for the next output.")
    recurrent_activation: str = settings.activation("sigmoid", help="The function of the gates, best from 0 to 1.")
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
    reset_after: bool = hyper(
        True, advanced=True, help="Apply the reset gate after the product with the recurrent weights, not before it."
    )

    def bias(self) -> Weight:
        bias = super().bias()
        if not self.reset_after:
            return bias
        return Weight("bias", (2, *bias.shape), self.bias_initializer, self.bias_regularizer)

    def compile(self, bind: Binding) -> RecurrentOp:
        return ResetAfterOp(self, bind) if self.reset_after else ResetBeforeOp(self, bind)


CANDIDATE_FIRST = (2, 0, 1)
"""g, z, r: the order of the gates in da, where those that meet h_{t-1} R then lie together, last."""


class GRUOp(RecurrentOp):
    """What the walks share in both ways to reset. Without training, the buffers are those of one step.

    Attributes:
        a, gates: the sums of z and r, and their values, (time, 2, rows, units).
        a_g, g: the sum of the candidate, and its value, (time, rows, units).
        past_g: h_{t-1} R^g + r^g, or (r_t h_{t-1}) R^g.
        change: h_{t-1} - g_t.
        two, input_g, recurrent_g: the kernels of both gates, of x_t K^g + b^g and of ``past_g``.
    """

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        rows, units, state = self.rows, self.units, self.state
        self.gate = ACTIVATIONS.get(layer.recurrent_activation)
        self.halved = self.gate.name == "sigmoid"  # sigmoid(a) = (1 + tanh(a / 2)) / 2, with a / 2 from half the kernel
        kept = self.time if bind.training else 1
        self.gates = bind.buffer("gates", (kept, 2, rows, units))
        self.a = bind.buffer("a", self.gates.shape) if self.gate.keeps_input else self.gates
        self.a_g = bind.buffer("a g", (kept, rows, units))
        self.g = bind.buffer("g", self.a_g.shape) if self.activation.keeps_input else self.a_g
        self.past_g, self.change = bind.buffer("past g", self.a_g.shape), bind.buffer("h - g", self.a_g.shape)
        self.fresh = bind.buffer("fresh", (rows, units))
        whole, inputs = slice(0, state.width), slice(0, state.one.stop)
        self.past_columns = slice(state.one.start, state.width) if layer.reset_after else state.h_columns
        self.two = StackedKernel(state, (0, 1), whole, 0.5 if self.halved else 1)
        self.input_g = StackedKernel(state, (2,), inputs)
        self.recurrent_g = StackedKernel(state, (2,), self.past_columns)
        self.kernels = [self.two, self.input_g, self.recurrent_g]
        self.two.put(bind.weight("kernel"), state.x_columns)
        self.input_g.put(bind.weight("kernel"), state.x_columns)
        self.two.put(bind.weight("recurrent_kernel"), state.h_columns)
        self.recurrent_g.put(bind.weight("recurrent_kernel"), state.h_columns)
        if bind.training:
            self.factors = bind.buffer("factors of da", (self.piece, self.sums, rows, units))
            self.kept = bind.buffer("kept", (rows, units))
            da = self.da[..., : 3 * units]
            self.input_gradient = KernelGradient(state.seen, units, CANDIDATE_FIRST, inputs, CANDIDATE_FIRST, da)
            self.input_gradient.put(bind.gradient("kernel"), state.x_columns)
            self.leads_to_inputs(bind.weight("kernel"), CANDIDATE_FIRST, CANDIDATE_FIRST)


class GRUWalk(Walk):
    """One step: the gates, the candidate, and how far the output goes from where it was to the candidate."""

    def __init__(self, op: GRUOp, part: slice) -> None:
        super().__init__(op, part)
        self.gate, self.activation, self.halved = op.gate, op.activation, op.halved
        self.kernel, self.input_g, self.recurrent_g = op.two.all, op.input_g.all[0], op.recurrent_g.all[0]
        self.half = np.array(0.5, self.kernel.dtype)
        self.a, self.gates = op.a[:, :, part], op.gates[:, :, part]
        self.z, self.r = self.gates[:, 0], self.gates[:, 1]
        self.a_g, self.g, self.past_g, self.change = (each[:, part] for each in (op.a_g, op.g, op.past_g, op.change))
        self.fresh, self.h = op.fresh[part], op.state.h[:, part]
        now = [t % len(op.gates) for t in range(op.time)]
        state = op.state
        seen = zip(state.steps(part, gates=slice(0, 2)), state.steps(part, slice(0, state.one.stop), 2), strict=True)
        self.seen = [
            (both, inputs, self.a[k], self.gates[k], self.a_g[k]) for (both, inputs), k in zip(seen, now, strict=True)
        ]
        self.arrays = [(self.z[k], self.r[k], self.a_g[k], self.g[k], self.past_g[k], self.change[k]) for k in now]
        if op.training:
            self.kept, self.factors = op.kept[part], op.factors[:, :, part]

    def open_gates(self, t: int) -> None:
        """Fill z and r, and a^g with the part that does not depend on them."""
        seen, inputs, a, gates, a_g = self.seen[t]
        if self.dropping is not None:
            np.multiply(*self.dropping[t])
        np.matmul(seen, self.kernel, a)
        np.matmul(inputs, self.input_g, a_g)
        if self.halved:
            np.tanh(a, gates)
            np.multiply(gates, self.half, gates)
            np.add(gates, self.half, gates)
        else:
            self.gate.forward(a, gates)

    def update(self, t: int) -> None:
        """Fill h_t from gates and candidate: g + z (h_{t-1} - g)."""
        z, _, a_g, g, _, change = self.arrays[t]
        self.activation.forward(a_g, g)
        np.subtract(self.before[t], g, change)
        np.multiply(change, z, self.fresh)
        np.add(self.fresh, g, self.after[t])
        if self.skip is not None:
            np.copyto(self.after[t], self.before[t], where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        """Fill the factors of g and z; what the way to reset adds to that of r is still missing."""
        z, factors = self.z[steps], self.factors[: steps.stop - steps.start]
        of_g, of_z = factors[:, 0], factors[:, 1]
        slope(self.gate, self.a[steps], self.gates[steps], factors[:, 1:3])
        slope(self.activation, self.a_g[steps], self.g[steps], of_g)
        change = self.change[steps]
        np.multiply(of_z, change, of_z)
        np.subtract(1, z, change)
        np.multiply(of_g, change, of_g)

    def skip_steps(self, steps: slice) -> None:
        """Let dh pass the steps that do not count as it is, and nothing else."""
        if self.skipped is not None:
            np.copyto(self.factors[: steps.stop - steps.start], 0, where=self.skipped[steps])
            np.copyto(self.z[steps], 1, where=self.skipped[steps, 0])


class ResetAfterOp(GRUOp):
    """The reset gate acts on the product. The sums of da: g, z, r, and r_t da^g, which is the gradient of past_g."""

    sums = 4

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        units, state = self.units, self.state
        self.bias = bind.weight("bias") if layer.use_bias else None
        self.both = np.zeros(3 * units, state.all.dtype)  # b + r, for the gates that add them
        if self.bias is not None:
            self.two.put(self.both, state.one)
            self.input_g.put(self.bias[0], state.one)
            self.recurrent_g.put(self.bias[1], state.one)
        if bind.training:
            order = range(3)
            weight = bind.weight("recurrent_kernel")
            gradient = KernelGradient(state.seen, units, order, self.past_columns, order, self.da[..., units:])
            gradient.put(bind.gradient("recurrent_kernel"), state.h_columns)
            if layer.use_bias:
                self.input_gradient.put(bind.gradient("bias")[0], state.one)
                gradient.put(bind.gradient("bias")[1], state.one)
            self.gradients = [self.input_gradient, gradient]
            self.past = WayBack(state, order, state.h_columns, order, weight)
            self.ways_back.append(self.past)
        self.walks = [ResetAfterWalk(self, part) for part in self.parts]

    def forward(self) -> None:
        if self.bias is not None:
            np.add(self.bias[0], self.bias[1], self.both)
        super().forward()


class ResetAfterWalk(GRUWalk):
    """One product for the whole past."""

    def __init__(self, op: ResetAfterOp, part: slice) -> None:
        super().__init__(op, part)
        self.past_seen = op.state.steps(part, op.past_columns, 2)
        if op.training:
            da = op.da[:, part]
            blocks = da.reshape(op.time, -1, 4, op.units).swapaxes(1, 2)
            self.da = [(each[:, op.units :], block) for each, block in zip(da, blocks, strict=True)]

    def forward(self) -> None:
        for t, (_, r, a_g, _, past_g, _) in enumerate(self.arrays):
            self.open_gates(t)
            np.matmul(self.past_seen[t], self.recurrent_g, past_g)
            np.multiply(r, past_g, self.fresh)
            np.add(a_g, self.fresh, a_g)
            self.update(t)

    def prepare(self, steps: slice) -> None:
        super().prepare(steps)
        factors = self.factors[: steps.stop - steps.start]
        of_g, of_r = factors[:, 0], factors[:, 2]
        np.multiply(of_r, of_g, of_r)
        np.multiply(of_r, self.past_g[steps], of_r)
        np.multiply(of_g, self.r[steps], factors[:, 3])
        self.skip_steps(steps)

    def backward(self) -> None:
        dh, kept = self.dh, self.kept
        for t, k in self.steps_back():
            past, blocks = self.da[t]
            np.multiply(self.factors[k], dh, blocks)
            np.multiply(dh, self.z[t], kept)
            self.past.multiply(past, dh, self.part)
            np.add(dh, kept, dh)


class ResetBeforeOp(GRUOp):
    """The reset gate acts on the last output: R^g meets r_t h_{t-1}, kept in ``reset``. The sums of da: g, z, r."""

    sums = 3

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        units, state = self.units, self.state
        self.reset = bind.buffer("r h", self.g.shape)
        if layer.use_bias:
            for kernel in (self.two, self.input_g):
                kernel.put(bind.weight("bias"), state.one)
        if bind.training:
            self.dreset = bind.buffer("d(r h)", (self.rows, units))
            weight, wanted = bind.weight("recurrent_kernel"), bind.gradient("recurrent_kernel")
            of_two = KernelGradient(state.seen, units, (0, 1), state.h_columns, (0, 1), self.da[..., units:])
            of_two.put(wanted, state.h_columns)
            past = slice(0, units)
            of_g = KernelGradient(self.reset[np.newaxis], units, (2,), past, (0,), self.da[..., :units])
            of_g.put(wanted, past)
            if layer.use_bias:
                self.input_gradient.put(bind.gradient("bias"), state.one)
            self.gradients = [self.input_gradient, of_two, of_g]
            self.past = WayBack(state, (0, 1), state.h_columns, (0, 1), weight)
            self.past_g_back = WayBack(state, (2,), state.h_columns, (2,), weight)
            self.ways_back += [self.past, self.past_g_back]
        self.walks = [ResetBeforeWalk(self, part) for part in self.parts]


class ResetBeforeWalk(GRUWalk):
    """A product for the gates, and then one for the candidate."""

    def __init__(self, op: ResetBeforeOp, part: slice) -> None:
        super().__init__(op, part)
        factors = op.state.factors
        self.zeros = None if factors is None else factors[-1, part, op.state.h_columns]
        self.reset = [op.reset[t % len(op.reset), part] for t in range(op.time)]
        if op.training:
            self.past_g_back, self.dreset = op.past_g_back, op.dreset[part]
            da, units = op.da[:, part], op.units
            self.da = [
                (each[:, :units], each[:, units : 2 * units], each[:, 2 * units :], each[:, units:]) for each in da
            ]

    def forward(self) -> None:
        for t, (_, r, a_g, _, past_g, _) in enumerate(self.arrays):
            self.open_gates(t)
            reset = self.reset[t]
            np.multiply(r, self.before[t], reset)
            if self.zeros is not None:
                np.multiply(reset, self.zeros, reset)
            np.matmul(reset, self.recurrent_g, past_g)
            np.add(a_g, past_g, a_g)
            self.update(t)

    def prepare(self, steps: slice) -> None:
        super().prepare(steps)
        of_r = self.factors[: steps.stop - steps.start, 2]
        np.multiply(of_r, self.h[steps], of_r)
        self.skip_steps(steps)

    def backward(self) -> None:
        dh, kept, dreset = self.dh, self.kept, self.dreset
        for t, k in self.steps_back():
            dg, dz, dr, past = self.da[t]
            of_g, of_z, of_r = self.factors[k]
            np.multiply(of_g, dh, dg)
            np.multiply(of_z, dh, dz)
            self.past_g_back.multiply(dg, dreset, self.part)
            np.multiply(of_r, dreset, dr)
            np.multiply(dh, self.z[t], kept)
            np.multiply(dreset, self.r[t], dreset)
            np.add(kept, dreset, kept)
            self.past.multiply(past, dh, self.part)
            np.add(dh, kept, dh)
