"""Cross-entropy for yes-or-no answers."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.losses.base import Problem, Target, register
from nncore.losses.crossentropy import EPSILON, CrossEntropy, SmoothedOp, smoothing
from nncore.losses.operation import LossOp
from nncore.types import Array, Shape


@register("bce", "BCE")
class BinaryCrossentropy(CrossEntropy):
    """For two classes told by one number, or for several yes-or-no answers.

    L = -mean(t log p + (1 - t) log(1 - p))

    Fused with sigmoid, with logits z:  L = mean(max(z, 0) - z t + log(1 + exp(-|z|))),  dL/dz = (p - t) / n

    With label smoothing s the targets are (1 - s) t + s / 2 (Szegedy et al., "Rethinking the Inception architecture",
    2016).
    Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), section 6.2.2.2.
    """

    type_name: ClassVar[str] = "binary_crossentropy"
    needs_classes: ClassVar[bool] = True
    takes_shares: ClassVar[bool] = True
    fuses: ClassVar[str] = "sigmoid"
    equation: ClassVar[str] = "L = −mean (t log p + (1 − t) log (1 − p))"

    label_smoothing: float = smoothing("How far the targets are moved towards 0.5.")

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        if not target.classes and not target.unit_interval:
            return Problem(
                f"The loss {self.type_name} needs two classes, or numbers from 0 to 1, but the targets are other "
                "numbers.",
                "Use mean_squared_error, or other targets.",
            )
        return super().problem(output, activation, target)

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        if fused or self.from_logits:
            return SigmoidCrossentropyOp(output, gradient, target, self.label_smoothing, fused)
        return BinaryCrossentropyOp(output, gradient, target, self.label_smoothing)


class BinaryCrossentropyOp(SmoothedOp):
    """The plain formula on probabilities, kept away from 0 and 1."""

    def losses(self) -> Array:
        p, t = np.clip(self.output, EPSILON, 1 - EPSILON), self.shares()
        found: Array = -(t * np.log(p) + (1 - t) * np.log1p(-p)).mean(axis=-1)
        return found

    def slopes(self) -> None:
        assert self.gradient is not None
        p = np.clip(self.output, EPSILON, 1 - EPSILON)
        np.divide(p - self.shares(), p * (1 - p), out=self.gradient)
        self.gradient *= p == self.output
        self.gradient *= self.share / p.shape[-1]


class SigmoidCrossentropyOp(SmoothedOp):
    """Binary cross-entropy computed from logits."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, smoothing: float, activated: bool) -> None:
        self.logits, self.p = logits, np.empty_like(logits)
        super().__init__(self.p if activated else logits, gradient, target, smoothing)

    def losses(self) -> Array:
        z = self.logits
        ACTIVATIONS.get("sigmoid").forward(z, self.p)
        losses = np.maximum(z, 0) - z * self.shares() + np.log1p(np.exp(-np.abs(z)))
        found: Array = losses.mean(axis=-1)
        return found

    def slopes(self) -> None:
        assert self.gradient is not None
        np.subtract(self.p, self.shares(), out=self.gradient)
        self.gradient *= self.share / self.p.shape[-1]
