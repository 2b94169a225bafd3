"""Losses: how far the output is from the target, and the gradient that starts backpropagation."""

from __future__ import annotations

from nncore.losses.base import LOSSES, Loss, Problem, Target
from nncore.losses.binary_crossentropy import BinaryCrossentropy
from nncore.losses.categorical_crossentropy import CategoricalCrossentropy, SparseCategoricalCrossentropy
from nncore.losses.crossentropy import EPSILON, CrossEntropy
from nncore.losses.divergence import KLDivergence
from nncore.losses.margin import Hinge
from nncore.losses.operation import LossOp
from nncore.losses.regression import Huber, LogCosh, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "EPSILON",
    "LOSSES",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CrossEntropy",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "LossOp",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Problem",
    "SparseCategoricalCrossentropy",
    "Target",
]
