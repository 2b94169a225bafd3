"""Every registered loss with the activations and targets that it accepts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import DTypeLike

from nncore.layers import Activation, Flatten
from nncore.losses import LOSSES, Hinge, Loss, Target
from nncore.network import Network
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import Case

ALL = list(LOSSES)
VARIANTS = [variant for loss in ALL for variant in harness.variants(loss)]
WIDTH = 4
ACTIVATIONS_BEFORE = ("linear", "tanh", "sigmoid", "softmax")


@dataclass(frozen=True)
class Setting:
    """A loss with an activation before it and targets that it accepts."""

    loss: Loss
    activation: str
    target: Target

    def __str__(self) -> str:
        kind = "classes" if self.target.classes else "numbers"
        return f"{harness.describe(self.loss)}-{self.activation}-{kind}"

    @property
    def fusible(self) -> bool:
        return self.activation == self.loss.fuses

    def case(self, rows: int = 5, *, x: Array | None = None, fused: bool = True, dtype: DTypeLike = np.float64) -> Case:
        """Return a case whose network is the activation alone; a Flatten behind it keeps the loss from fusing."""
        layers = (Activation(self.activation),) if fused else (Activation(self.activation), Flatten())
        network = Network((WIDTH,), layers)
        target = self.loss.encode(self.raw_targets(rows), (WIDTH,), self.target.classes, dtype)
        case = Case(network, rows, loss=self.loss, x=x, target=target, dtype=dtype)
        assert case.plan.fused == (fused and self.fusible)
        return case

    def raw_targets(self, rows: int) -> Array:
        rng = np.random.default_rng(5)
        if self.target.classes:
            return rng.integers(0, self.target.classes, rows)
        if isinstance(self.loss, Hinge):
            return rng.choice([-1.0, 1.0], (rows, WIDTH))
        return rng.uniform(0.05, 0.95, (rows, WIDTH))


SETTINGS = [
    Setting(loss, activation, target)
    for loss in VARIANTS
    for activation in ACTIVATIONS_BEFORE
    for target in (Target(0, (WIDTH,), unit_interval=True), Target(WIDTH))
    if loss.problem((WIDTH,), activation, target) is None
]
FUSIBLE = [setting for setting in SETTINGS if setting.fusible]
each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=str)
