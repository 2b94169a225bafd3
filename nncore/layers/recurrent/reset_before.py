"""The GRU whose reset gate acts before the product with the recurrent weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.layers.base import Binding
from nncore.layers.recurrent.gru_op import GRUOp, GRUWalk
from nncore.layers.recurrent.products import KernelGradient, WayBack

if TYPE_CHECKING:
    from nncore.layers.recurrent.gru import GRU


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

    def backward(self, steps: slice) -> None:
        dh, kept, dreset = self.dh, self.kept, self.dreset
        for t, k in self.steps_back(steps):
            dg, dz, dr, past = self.da[t - steps.start]
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
