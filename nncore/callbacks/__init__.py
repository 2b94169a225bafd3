"""What happens between the epochs: stopping early, smaller steps on a plateau, and what a script wants to do itself."""

from __future__ import annotations

from nncore.callbacks.base import Callback, LambdaCallback, LearningRateScheduler
from nncore.callbacks.checkpoint import ModelCheckpoint
from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.callbacks.rules import RULES, EpochRule, Tracker

__all__ = [
    "RULES",
    "Callback",
    "EarlyStopping",
    "EpochRule",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "Tracker",
]
