"""Optimizers: how the gradient changes the parameters."""

from __future__ import annotations

from nncore.optimizers import schedules
from nncore.optimizers.base import (
    CHUNK,
    FLUSH_EVERY,
    OPTIMIZERS,
    TINY_MEAN,
    TINY_SQUARE,
    Memory,
    Optimizer,
    OptimizerState,
    Updater,
    register,
)

# Forms list them in the order of these imports.
# isort: off
from nncore.optimizers.sgd import SGD
from nncore.optimizers.rmsprop import RMSprop
from nncore.optimizers.adagrad import Adagrad
from nncore.optimizers.adadelta import Adadelta
from nncore.optimizers.adam import Adam
from nncore.optimizers.adamw import AdamW
from nncore.optimizers.nadam import Nadam

__all__ = [
    "CHUNK",
    "FLUSH_EVERY",
    "OPTIMIZERS",
    "SGD",
    "TINY_MEAN",
    "TINY_SQUARE",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Memory",
    "Nadam",
    "Optimizer",
    "OptimizerState",
    "RMSprop",
    "Updater",
    "register",
    "schedules",
]
