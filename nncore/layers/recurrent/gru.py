"""The layer GRU."""

from __future__ import annotations

from typing import ClassVar

from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import common
from nncore.layers.base import Binding, Weight, register
from nncore.layers.recurrent import settings
from nncore.layers.recurrent.base import Recurrent, RecurrentOp
from nncore.layers.recurrent.reset_after import ResetAfterOp
from nncore.layers.recurrent.reset_before import ResetBeforeOp
from nncore.regularizers import Regularizer


@register
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
        True,
        advanced=True,
        label="Reset after product",
        short="reset before product",
        help="Apply the reset gate after the product with the recurrent weights, not before it.",
    )

    def bias(self) -> Weight:
        bias = super().bias()
        if not self.reset_after:
            return bias
        return Weight("bias", (2, *bias.shape), self.bias_initializer, self.bias_regularizer)

    def kept_of_step(self) -> int:
        gates = common.with_sums(self.recurrent_activation, 2)
        candidate = common.with_sums(self.activation, 1)
        return gates + candidate + (2 if self.reset_after else 3)  # with past_g, h - g and, before the product, r h

    def compile(self, bind: Binding) -> RecurrentOp:
        return ResetAfterOp(self, bind) if self.reset_after else ResetBeforeOp(self, bind)
