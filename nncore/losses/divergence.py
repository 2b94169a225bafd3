"""The distance between two distributions."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from nncore.losses.base import Loss, Problem, Target, register
from nncore.losses.crossentropy import EPSILON, needs_probabilities, require_shares
from nncore.losses.operation import LossOp
from nncore.types import Array, Shape


@register("kld", "KLD")
class KLDivergence(Loss):
    """How far shares p are from the true shares t: the cross-entropy less what even the best p would cost.

    L = mean over places of sum_k t_k log(t_k / p_k),  dL/dp = -t / (p n)

    Both are kept from 1e-7 to 1, as in Keras.

    Source: Kullback and Leibler, "On information and sufficiency" (1951).
    """

    type_name: ClassVar[str] = "kl_divergence"
    needs_classes: ClassVar[bool] = True
    takes_shares: ClassVar[bool] = True
    equation: ClassVar[str] = "L = mean Σ_k t_k log (t_k / p_k)"

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        return super().problem(output, activation, target) or needs_probabilities(activation, "softmax")

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        encoded = super().encode(y, output, classes, dtype)
        require_shares(self, encoded)
        return encoded

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return KLDivergenceOp(output, gradient, target)


class KLDivergenceOp(LossOp):
    """The plain formula on probabilities, kept away from 0."""

    def losses(self) -> Array:
        t, p = np.clip(self.target, EPSILON, 1), np.clip(self.output, EPSILON, 1)
        found: Array = (t * np.log(t / p)).sum(axis=-1)
        return found

    def slopes(self) -> None:
        assert self.gradient is not None
        t, p = np.clip(self.target, EPSILON, 1), np.clip(self.output, EPSILON, 1)
        np.divide(t, p, out=self.gradient)
        self.gradient *= p == self.output
        self.gradient *= -self.share
