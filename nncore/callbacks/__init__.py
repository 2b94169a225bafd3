"""What happens between the epochs: rules that stop or take smaller steps, and what a script wants to do itself."""

from __future__ import annotations

from nncore.callbacks.base import Callback, LambdaCallback, LearningRateScheduler
from nncore.callbacks.checkpoint import ModelCheckpoint
from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.callbacks.rules import RULES, EpochRule, Tracker
from nncore.callbacks.stop_at import StopAt

__all__ = [
    "RULES",
    "Callback",
    "EarlyStopping",
    "EpochRule",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "StopAt",
    "Tracker",
]
