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
from nncore.layers.recurrent.base import Recurrent, RecurrentOp, slope
from nncore.layers.recurrent.products import RecurrentProduct
from nncore.regularizers import Regularizer
from nncore.types import Array


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


class GRUOp(RecurrentOp):
    """What both ways to reset have in common. ``gates`` holds z, r and g."""

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        time, units, rows = len(self.a), layer.units, bind.rows
        self.two = 2 * units
        self.gate = ACTIVATIONS.get(layer.recurrent_activation)
        keeps = self.activation.keeps_input or self.gate.keeps_input
        self.gates = bind.buffer("gates", self.a.shape) if keeps else self.a
        self.blocks = [slice(k * units, (k + 1) * units) for k in range(3)]
        self.z, self.r, self.g = (self.gates[:, block] for block in self.blocks)
        if bind.training:
            self.dz, self.dr, self.dg = (self.da[:, block] for block in self.blocks)
            self.kept = bind.buffer("kept", (units, rows))
            self.update_slope = bind.buffer("1 - z", (time, units, rows))

    def update(self, t: int) -> None:
        """Fill h[t + 1] from the gates: h_t = g + z (h_{t-1} - g)."""
        before, after = self.h[t], self.h[t + 1]
        np.subtract(before, self.g[t], out=after)
        after *= self.z[t]
        after += self.g[t]
        if self.skip is not None:
            np.copyto(after, before, where=self.skip[t])

    def prepare(self, steps: slice) -> None:
        """Do so; what the way to reset adds to the factor of r is still missing."""
        two, z, dz, dg = self.two, self.z[steps], self.dz[steps], self.dg[steps]
        slope(self.gate, self.a[steps, :two], self.gates[steps, :two], self.da[steps, :two])
        slope(self.activation, self.a[steps, two:], self.g[steps], dg)
        update_slope = self.update_slope[steps]
        np.subtract(self.h[:-1][steps], self.g[steps], out=update_slope)
        dz *= update_slope
        np.subtract(1, z, out=update_slope)
        dg *= update_slope
        if self.skip is not None:  # dh passes such a step as it is
            np.copyto(self.da[steps], 0, where=self.skip[steps])
            np.copyto(z, 1, where=self.skip[steps])


class ResetAfterOp(GRUOp):
    """The reset gate acts on the product: one product for all gates."""

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        self.recurrent = RecurrentProduct(
            bind, "recurrent", self.h[:-1], slice(None), layer.recurrent_dropout, self.groups
        )
        self.recurrent_bias = None if self.bias is None else bind.buffer("recurrent bias", self.a.shape[1:])
        self.candidate = bind.buffer("candidate", self.g.shape)
        if bind.training:
            self.dproduct = bind.buffer("dproduct", self.a.shape)
            self.product_by_number = bind.buffer("dproduct by number", self.by_number.shape)

    def input_bias(self, bias: Array) -> Array:
        part: Array = bias[0]
        return part

    def walk(self) -> None:
        two = self.two
        self.recurrent.start()
        if self.recurrent_bias is not None and self.bias is not None:
            np.copyto(self.recurrent_bias, self.bias[1][:, np.newaxis])
        for t, (a, gates, candidate) in enumerate(zip(self.a, self.gates, self.candidate, strict=True)):
            product = self.recurrent.forward(self.h[t])
            if self.recurrent_bias is not None:
                product += self.recurrent_bias
            a[:two] += product[:two]
            self.gate.forward(a[:two], gates[:two])
            np.copyto(candidate, product[two:])
            product[two:] *= self.r[t]
            a[two:] += product[two:]
            self.activation.forward(a[two:], gates[two:])
            self.update(t)

    def prepare(self, steps: slice) -> None:
        super().prepare(steps)
        two, da, dproduct = self.two, self.da[steps], self.dproduct[steps]
        dr = self.dr[steps]
        dr *= self.dg[steps]
        dr *= self.candidate[steps]
        np.copyto(dproduct[:, :two], da[:, :two])
        np.multiply(da[:, two:], self.r[steps], out=dproduct[:, two:])

    def walk_back(self) -> None:
        for t in self.steps_back():
            dproduct = self.dproduct[t]
            for block in self.blocks:
                dproduct[block] *= self.dh
            self.dg[t] *= self.dh
            np.multiply(self.dh, self.z[t], out=self.kept)
            self.recurrent.backward(dproduct, self.dh)
            self.dh += self.kept
        np.copyto(self.da[:, : self.two], self.dproduct[:, : self.two])

    def finish(self) -> None:
        time, width, rows = self.da.shape
        np.copyto(self.product_by_number.reshape(width, time, rows), self.dproduct.swapaxes(0, 1))
        self.recurrent.finish(self.product_by_number)
        if self.bias_gradient is not None:
            np.sum(self.product_by_number, axis=1, out=self.bias_gradient[1])


class ResetBeforeOp(GRUOp):
    """The reset gate acts on the last output: the candidate has a product of its own."""

    def __init__(self, layer: GRU, bind: Binding) -> None:
        super().__init__(layer, bind)
        rate, two = layer.recurrent_dropout, self.two
        self.reset = bind.buffer("r h", self.g.shape)
        self.gate_product = RecurrentProduct(
            bind, "gates", self.h[:-1], slice(None, two), rate, 2 if self.groups > 1 else 1
        )
        self.candidate_product = RecurrentProduct(bind, "candidate", self.reset, slice(two, None), rate, 1)
        if bind.training:
            self.dreset = bind.buffer("d(r h)", (layer.units, bind.rows))

    def walk(self) -> None:
        two = self.two
        self.gate_product.start()
        self.candidate_product.start()
        for t, (a, gates, reset) in enumerate(zip(self.a, self.gates, self.reset, strict=True)):
            a[:two] += self.gate_product.forward(self.h[t])
            self.gate.forward(a[:two], gates[:two])
            np.multiply(self.r[t], self.h[t], out=reset)
            a[two:] += self.candidate_product.forward(reset)
            self.activation.forward(a[two:], gates[two:])
            self.update(t)

    def prepare(self, steps: slice) -> None:
        super().prepare(steps)
        dr = self.dr[steps]
        dr *= self.h[:-1][steps]

    def walk_back(self) -> None:
        for t in self.steps_back():
            self.dz[t] *= self.dh
            self.dg[t] *= self.dh
            self.candidate_product.backward(self.dg[t], self.dreset)
            self.dr[t] *= self.dreset
            np.multiply(self.dh, self.z[t], out=self.kept)
            self.dreset *= self.r[t]
            self.kept += self.dreset
            self.gate_product.backward(self.da[t, : self.two], self.dh)
            self.dh += self.kept

    def finish(self) -> None:
        self.gate_product.finish(self.by_number[: self.two])
        self.candidate_product.finish(self.by_number[self.two :])
