"""Losses for classes: the cross-entropies.

They are fused with the softmax or sigmoid before them: computed from the logits z, they are exact and stable for z of
+-10,000, and their gradient is the plain difference between probability and target.
"""

from __future__ import annotations

from numpy.typing import DTypeLike

from nncore.activations import ACTIVATIONS
from nncore.errors import DataError
from nncore.fields import hyper
from nncore.losses.base import Loss, Problem, Target
from nncore.losses.operation import LossOp
from nncore.types import Array, Shape

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1 before a logarithm, as in Keras."""


class CrossEntropy(Loss):
    """What the three cross-entropies share: they need probabilities.

    Source: Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.2.2.
    """

    from_logits: bool = hyper(
        False,
        hidden=True,
        label="From logits",
        help="The network ends without softmax or sigmoid, and the loss applies it.",
    )

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        encoded = super().encode(y, output, classes, dtype)
        if self.target_kind == "same":
            require_shares(self, encoded)
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
        return needs_probabilities(activation, self.fuses)


def needs_probabilities(activation: str, better: str) -> Problem | None:
    """Return the problem of an output that does not lie between 0 and 1; ``better`` is the activation to use."""
    if ACTIVATIONS.get(activation).probabilities:
        return None
    return Problem(
        f"The loss needs probabilities between 0 and 1, but the last activation is {activation}.",
        f"Use {better} in the last layer.",
    )


def require_shares(loss: Loss, targets: Array) -> None:
    """Raise ``DataError`` unless all targets lie from 0 to 1."""
    if targets.size and (targets.min() < 0 or targets.max() > 1):
        raise DataError(
            f"The loss {loss.type_name} needs targets from 0 to 1, but there are targets from {targets.min():g} to "
            f"{targets.max():g}.",
            "Use mean_squared_error, or other targets.",
        )


def smoothing(help: str) -> float:
    """Declare the field ``label_smoothing``."""
    declared: float = hyper(0.0, ge=0, le=1, slider=(0, 0.5), advanced=True, label="Label smoothing", help=help)
    return declared


class SmoothedOp(LossOp):
    """A cross-entropy whose targets are moved towards equal shares.

    Args:
        smoothing: the share s of the targets that is spread.
        parts: over how many answers it is spread.
    """

    def __init__(
        self, output: Array, gradient: Array | None, target: Array, smoothing: float = 0.0, parts: int = 2
    ) -> None:
        super().__init__(output, gradient, target)
        self.smoothing, self.parts = smoothing, parts

    def shares(self) -> Array:
        """Return the targets, (1 - s) t + s / parts."""
        if not self.smoothing:
            return self.target
        return self.target * (1 - self.smoothing) + self.smoothing / self.parts
