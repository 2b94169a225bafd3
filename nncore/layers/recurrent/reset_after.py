"""The GRU whose reset gate acts after the product with the recurrent weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nncore.layers.base import Binding
from nncore.layers.recurrent.gru_op import GRUOp, GRUWalk
from nncore.layers.recurrent.products import KernelGradient, WayBack

if TYPE_CHECKING:
    from nncore.layers.recurrent.gru import GRU


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
            blocks = da.reshape(len(da), -1, 4, op.units).swapaxes(1, 2)
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

    def backward(self, steps: slice) -> None:
        dh, kept = self.dh, self.kept
        for t, k in self.steps_back(steps):
            past, blocks = self.da[t - steps.start]
            np.multiply(self.factors[k], dh, blocks)
            np.multiply(dh, self.z[t], kept)
            self.past.multiply(past, dh, self.part)
            np.add(dh, kept, dh)
