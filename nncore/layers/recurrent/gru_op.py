"""The operation of a GRU, as far as both ways to reset share it; the symbols are those of the layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.activations.base import ONE
from nncore.layers.base import Binding
from nncore.layers.recurrent.base import RecurrentOp
from nncore.layers.recurrent.products import KernelGradient, StackedKernel
from nncore.layers.recurrent.walk import Walk, slope

if TYPE_CHECKING:
    from nncore.layers.recurrent.gru import GRU

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
        np.subtract(ONE, z, change)
        np.multiply(of_g, change, of_g)

    def skip_steps(self, steps: slice) -> None:
        """Let dh pass the steps that do not count as it is, and nothing else."""
        if self.skipped is not None:
            np.copyto(self.factors[: steps.stop - steps.start], 0, where=self.skipped[steps])
            np.copyto(self.z[steps], 1, where=self.skipped[steps, 0])
