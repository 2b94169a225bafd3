"""Cross-entropies for one of several classes."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.losses.base import Loss, Problem, Target, register
from nncore.losses.crossentropy import EPSILON, CrossEntropy, SmoothedOp, smoothing
from nncore.losses.operation import LossOp
from nncore.types import Array, Shape


@register()
class CategoricalCrossentropy(CrossEntropy):
    """For several classes, with one-hot targets.

    L = -mean over places of sum_k t_k log p_k

    Fused with softmax, with logits z:  log p_k = z_k - log sum_j exp(z_j),  dL/dz = (p sum(t) - t) / n

    With label smoothing s and K classes the targets are (1 - s) t + s / K (Szegedy et al., "Rethinking the Inception
    architecture", 2016).
    Source: Bridle, "Training stochastic model recognition algorithms as networks" (1990).
    """

    type_name: ClassVar[str] = "categorical_crossentropy"
    needs_classes: ClassVar[bool] = True
    fuses: ClassVar[str] = "softmax"
    equation: ClassVar[str] = "L = −mean Σ_k t_k log p_k"

    label_smoothing: float = smoothing("The share of each target that is spread over all classes.")

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        if not target.classes and len(target.shape) == 0:
            return _needs_classes(self)
        return super().problem(output, activation, target)

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        if fused or self.from_logits:
            return SoftmaxCrossentropyOp(output, gradient, target, self.label_smoothing, fused)
        return CategoricalCrossentropyOp(output, gradient, target, self.label_smoothing, output.shape[-1])


@register()
class SparseCategoricalCrossentropy(CrossEntropy):
    """For several classes, with class numbers as targets.

    L = -mean over places of log p_t

    Fused with softmax, with logits z:  L = mean(log sum_j exp(z_j) - z_t),  dL/dz = (p - onehot(t)) / n
    Source: Bridle, "Training stochastic model recognition algorithms as networks" (1990).
    """

    type_name: ClassVar[str] = "sparse_categorical_crossentropy"
    needs_classes: ClassVar[bool] = True
    fuses: ClassVar[str] = "softmax"
    target_kind: ClassVar[str] = "index"
    equation: ClassVar[str] = "L = −mean log p_t"

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        return super().problem(output, activation, target) if target.classes else _needs_classes(self)

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        if fused or self.from_logits:
            return SparseSoftmaxCrossentropyOp(output, gradient, target, 0.0, fused)
        return SparseCategoricalCrossentropyOp(output, gradient, target)


def _needs_classes(loss: Loss) -> Problem:
    return Problem(
        f"The loss {loss.type_name} needs classes, but the targets of these data are numbers.",
        "Use mean_squared_error; or, if they are classes, save them as words or whole numbers.",
    )


class CategoricalCrossentropyOp(SmoothedOp):
    """The plain formula on probabilities; rows are scaled to the sum 1 first, as in Keras."""

    def _probabilities(self) -> tuple[Array, Array, Array]:
        # Sigmoids far in the negative are all exactly 0; their sum must still divide.
        total = np.maximum(self.output.sum(axis=-1, keepdims=True), np.finfo(self.output.dtype).tiny)
        raw = self.output / total
        return np.clip(raw, EPSILON, 1 - EPSILON), raw, total

    def losses(self) -> Array:
        p, _, _ = self._probabilities()
        found: Array = -(self.shares() * np.log(p)).sum(axis=-1)
        return found

    def slopes(self) -> None:
        assert self.gradient is not None
        p, raw, total = self._probabilities()
        # d/dy of log(y_k / sum y): the quotient rule leaves the mean of the slope to be subtracted.
        slope = np.where(p == raw, -self.shares() / p, 0)
        inner = (slope * raw).sum(axis=-1, keepdims=True)
        np.divide(slope - inner, total, out=self.gradient)
        self.gradient *= self.share


class SparseCategoricalCrossentropyOp(CategoricalCrossentropyOp):
    """The same with class numbers."""

    def shares(self) -> Array:
        classes = np.arange(self.output.shape[-1])
        return np.asarray(self.target[..., None] == classes, dtype=self.output.dtype)


class SoftmaxCrossentropyOp(SmoothedOp):
    """Categorical cross-entropy computed from logits; works on the places in one row, (places, classes)."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, smoothing: float, activated: bool) -> None:
        probabilities = np.empty_like(logits)
        output = probabilities if activated else logits
        super().__init__(output, gradient, target, smoothing, logits.shape[-1])
        self.logits = logits.reshape(-1, logits.shape[-1])
        self.flat_gradient = None if gradient is None else gradient.reshape(self.logits.shape)
        self.shifted = np.empty_like(self.logits)
        self.p = probabilities.reshape(self.logits.shape)
        places, classes = self.logits.shape
        self.sums = np.empty((places, 1), logits.dtype)
        self.ones = np.ones((classes, 1), logits.dtype)
        self.every_logit = self.logits.reshape(-1)
        self.first = np.arange(0, places * classes, classes).reshape(-1, 1)  # where each place begins
        self.highest = np.empty_like(self.first)

    def log_sums(self) -> Array:
        """Fill ``p`` with softmax(z), ``shifted`` with z - max z; return log sum exp(shifted), (places,), lent."""
        self.logits.argmax(1, self.highest, keepdims=True)  # to look for it and fetch it is faster than ``max``
        np.add(self.first, self.highest, self.highest)
        np.subtract(self.logits, self.every_logit.take(self.highest), self.shifted)
        np.exp(self.shifted, self.p)
        np.dot(self.p, self.ones, self.sums)  # a product with ones is faster than a sum
        np.divide(self.p, self.sums, self.p)
        np.log(self.sums, self.sums)
        logs: Array = self.sums[:, 0]
        return logs

    def losses(self) -> Array:
        logs = self.log_sums()
        flat = self.shares().reshape(self.logits.shape)
        losses: Array = flat.sum(axis=1) * logs - (flat * self.shifted).sum(axis=1)
        return losses.reshape(self.output.shape[:-1])

    def slopes(self) -> None:
        assert self.flat_gradient is not None
        flat = self.shares().reshape(self.logits.shape)
        np.multiply(self.p, flat.sum(axis=1, keepdims=True), out=self.flat_gradient)
        self.flat_gradient -= flat
        self.flat_gradient *= self.share


class SparseSoftmaxCrossentropyOp(SoftmaxCrossentropyOp):
    """The same with class numbers: only the target's own logit is looked up."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, smoothing: float, activated: bool) -> None:
        super().__init__(logits, gradient, target, smoothing, activated)
        self.starts = self.first[:, 0]
        self.picked = np.empty_like(self.starts)
        self.every_shifted = self.shifted.reshape(-1)
        self.indices = target.reshape(-1)
        self.every_gradient = None if gradient is None else gradient.reshape(-1)

    def losses(self) -> Array:
        logs = self.log_sums()
        np.add(self.starts, self.indices, self.picked)  # where the target's own logit lies
        losses: Array = logs - self.every_shifted.take(self.picked)
        return losses.reshape(self.output.shape[:-1])

    def slopes(self) -> None:
        assert self.flat_gradient is not None
        assert self.every_gradient is not None
        np.multiply(self.p, self.share, self.flat_gradient)
        self.every_gradient[self.picked] -= self.share
