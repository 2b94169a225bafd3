"""Losses: how far the output is from the target, and the gradient that starts backpropagation."""

from __future__ import annotations

from nncore.losses.base import LOSSES, Loss, LossOp, Problem, Target
from nncore.losses.crossentropy import (
    EPSILON,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    CrossEntropy,
    SparseCategoricalCrossentropy,
)
from nncore.losses.regression import MeanSquaredError

__all__ = [
    "EPSILON",
    "LOSSES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CrossEntropy",
    "Loss",
    "LossOp",
    "MeanSquaredError",
    "Problem",
    "SparseCategoricalCrossentropy",
    "Target",
]
