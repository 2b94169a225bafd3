"""Losses for classes: the cross-entropies.

They are fused with the softmax or sigmoid before them: computed from the logits z, they are exact and stable for z of
+-10,000, and their gradient is the plain difference between probability and target.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from nncore.activations import ACTIVATIONS
from nncore.errors import DataError
from nncore.fields import hyper
from nncore.losses.base import Loss, LossOp, Problem, Target, register
from nncore.types import Array, Shape

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1 before a logarithm, as in Keras."""


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """What the three cross-entropies share: they need probabilities."""

    from_logits: bool = hyper(
        False,
        hidden=True,
        label="From logits",
        help="The network ends without softmax or sigmoid, and the loss applies it.",
    )

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        encoded = super().encode(y, output, classes, dtype)
        if self.target_kind == "same" and encoded.size and (encoded.min() < 0 or encoded.max() > 1):
            raise DataError(
                f"The loss {self.type_name} needs targets from 0 to 1, but there are targets from "
                f"{encoded.min():g} to {encoded.max():g}.",
                "Use mean_squared_error, or other targets.",
            )
        return encoded

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        wrong = super().problem(output, activation, target)
        if wrong is not None:
            return wrong
        if self.from_logits:
            if activation in (self.fuses, "sigmoid", "softmax"):
                return Problem(
                    f"The loss is set to take logits, but the output has passed {activation} already.",
                    "Use linear in the last layer, or switch from_logits off.",
                )
            return None
        if not ACTIVATIONS.get(activation).probabilities:
            return Problem(
                f"The loss needs probabilities between 0 and 1, but the last activation is {activation}.",
                f"Use {self.fuses} in the last layer.",
            )
        return None


@register()
@dataclass(frozen=True)
class BinaryCrossentropy(CrossEntropy):
    """For two classes told by one number, or for several yes-or-no answers.

    L = -mean(t log p + (1 - t) log(1 - p))

    Fused with sigmoid, with logits z:  L = mean(max(z, 0) - z t + log(1 + exp(-|z|))),  dL/dz = (p - t) / n
    """

    type_name: ClassVar[str] = "binary_crossentropy"
    needs_classes: ClassVar[bool] = True
    fuses: ClassVar[str] = "sigmoid"
    equation: ClassVar[str] = "L = −mean (t log p + (1 − t) log (1 − p))"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        if fused or self.from_logits:
            return SigmoidCrossentropyOp(output, gradient, target, fused)
        return BinaryCrossentropyOp(output, gradient, target)


class BinaryCrossentropyOp(LossOp):
    """The plain formula on probabilities, kept away from 0 and 1."""

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        self.output, self.gradient, self.target = output, gradient, target

    def forward(self) -> float:
        p = np.clip(self.output, EPSILON, 1 - EPSILON)
        return -float(np.mean(self.target * np.log(p) + (1 - self.target) * np.log1p(-p)))

    def backward(self) -> None:
        if self.gradient is not None:
            p = np.clip(self.output, EPSILON, 1 - EPSILON)
            np.divide(p - self.target, p * (1 - p) * p.size, out=self.gradient)
            self.gradient *= p == self.output


class SigmoidCrossentropyOp(LossOp):
    """Binary cross-entropy computed from logits."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, activated: bool) -> None:
        self.logits, self.gradient, self.target = logits, gradient, target
        self.p = np.empty_like(logits)
        self.output = self.p if activated else logits

    def forward(self) -> float:
        z = self.logits
        ACTIVATIONS.get("sigmoid").forward(z, self.p)
        losses = np.maximum(z, 0) - z * self.target + np.log1p(np.exp(-np.abs(z)))
        return float(losses.mean())

    def backward(self) -> None:
        if self.gradient is not None:
            np.subtract(self.p, self.target, out=self.gradient)
            self.gradient *= 1.0 / self.p.size


@register()
@dataclass(frozen=True)
class CategoricalCrossentropy(CrossEntropy):
    """For several classes, with one-hot targets.

    L = -mean over rows of sum_k t_k log p_k

    Fused with softmax, with logits z:  log p_k = z_k - log sum_j exp(z_j),  dL/dz = (p sum(t) - t) / rows
    """

    type_name: ClassVar[str] = "categorical_crossentropy"
    needs_classes: ClassVar[bool] = True
    fuses: ClassVar[str] = "softmax"
    equation: ClassVar[str] = "L = −mean Σ_k t_k log p_k"

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        if not target.classes and len(target.shape) == 0:
            return _needs_classes(self)
        return super().problem(output, activation, target)

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        if fused or self.from_logits:
            return SoftmaxCrossentropyOp(output, gradient, target, fused)
        return CategoricalCrossentropyOp(output, gradient, target)


@register()
@dataclass(frozen=True)
class SparseCategoricalCrossentropy(CrossEntropy):
    """For several classes, with class numbers as targets.

    L = -mean over rows of log p_t

    Fused with softmax, with logits z:  L = mean(log sum_j exp(z_j) - z_t),  dL/dz = (p - onehot(t)) / rows
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
            return SparseSoftmaxCrossentropyOp(output, gradient, target, fused)
        return SparseCategoricalCrossentropyOp(output, gradient, target)


def _needs_classes(loss: Loss) -> Problem:
    return Problem(
        f"The loss {loss.type_name} needs classes, but the targets of these data are numbers.",
        "Use mean_squared_error; or, if they are classes, save them as words or whole numbers.",
    )


class CategoricalCrossentropyOp(LossOp):
    """The plain formula on probabilities; rows are scaled to the sum 1 first, as in Keras."""

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        self.output, self.gradient, self.target = output, gradient, target
        self.rows = math.prod(output.shape[:-1])

    def one_hot(self) -> Array:
        """Return the targets as rows of shares."""
        return self.target

    def _probabilities(self) -> tuple[Array, Array, Array]:
        # Sigmoids far in the negative are all exactly 0; their sum must still divide.
        total = np.maximum(self.output.sum(axis=-1, keepdims=True), np.finfo(self.output.dtype).tiny)
        raw = self.output / total
        return np.clip(raw, EPSILON, 1 - EPSILON), raw, total

    def forward(self) -> float:
        p, _, _ = self._probabilities()
        return -float((self.one_hot() * np.log(p)).sum()) / self.rows

    def backward(self) -> None:
        if self.gradient is not None:
            p, raw, total = self._probabilities()
            # d/dy of log(y_k / sum y): the quotient rule leaves the mean of the slope to be subtracted.
            slope = np.where(p == raw, -self.one_hot() / p, 0)
            inner = (slope * raw).sum(axis=-1, keepdims=True)
            np.divide(slope - inner, total * self.rows, out=self.gradient)


class SparseCategoricalCrossentropyOp(CategoricalCrossentropyOp):
    """The same with class numbers."""

    def one_hot(self) -> Array:
        classes = np.arange(self.output.shape[-1])
        return np.asarray(self.target[..., None] == classes, dtype=self.output.dtype)


class SoftmaxCrossentropyOp(LossOp):
    """Categorical cross-entropy computed from logits."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, activated: bool) -> None:
        self.target = target
        self.logits = logits.reshape(-1, logits.shape[-1])
        self.gradient = None if gradient is None else gradient.reshape(self.logits.shape)
        self.shifted = np.empty_like(self.logits)
        probabilities = np.empty_like(logits)
        self.p = probabilities.reshape(self.logits.shape)
        self.output = probabilities if activated else logits

    def log_sums(self) -> Array:
        """Fill ``p`` with softmax(z), ``shifted`` with z - max z, and return log sum exp(shifted), (rows,)."""
        np.subtract(self.logits, self.logits.max(axis=1, keepdims=True), out=self.shifted)
        np.exp(self.shifted, out=self.p)
        sums = self.p.sum(axis=1, keepdims=True)
        self.p /= sums
        logs: Array = np.log(sums[:, 0])
        return logs

    def forward(self) -> float:
        logs = self.log_sums()
        flat = self.target.reshape(self.logits.shape)
        losses = flat.sum(axis=1) * logs - (flat * self.shifted).sum(axis=1)
        return float(losses.mean())

    def backward(self) -> None:
        if self.gradient is not None:
            flat = self.target.reshape(self.logits.shape)
            np.multiply(self.p, flat.sum(axis=1, keepdims=True), out=self.gradient)
            self.gradient -= flat
            self.gradient *= 1.0 / len(self.gradient)


class SparseSoftmaxCrossentropyOp(SoftmaxCrossentropyOp):
    """The same with class numbers: only the target's own logit is looked up."""

    def __init__(self, logits: Array, gradient: Array | None, target: Array, activated: bool) -> None:
        super().__init__(logits, gradient, target, activated)
        self.index = np.arange(len(self.logits))

    def forward(self) -> float:
        logs = self.log_sums()
        losses = logs - self.shifted[self.index, self.target.reshape(-1)]
        return float(losses.mean())

    def backward(self) -> None:
        if self.gradient is not None:
            np.copyto(self.gradient, self.p)
            self.gradient[self.index, self.target.reshape(-1)] -= 1
            self.gradient *= 1.0 / len(self.gradient)
