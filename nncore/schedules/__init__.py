"""Schedules: how the learning rate changes from step to step."""

from __future__ import annotations

from nncore.schedules.base import SCHEDULES, Schedule

# Forms list them in the order of these imports.
# isort: off
from nncore.schedules.decay import ExponentialDecay, InverseTimeDecay, PolynomialDecay, StepDecay
from nncore.schedules.cosine import CosineDecay, CosineDecayRestarts
from nncore.schedules.piecewise import PiecewiseConstantDecay, Warmup

__all__ = [
    "SCHEDULES",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
    "StepDecay",
    "Warmup",
]
