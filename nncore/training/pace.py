"""Where the steps of a training lie on the axis of the epochs.

Invariant: the map from steps to epochs is continuous and never falls, whatever the batch size was on the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nncore.types import Array

_PARTS = ("pace.steps", "pace.epochs", "pace.per_epoch")


@dataclass(frozen=True)
class Pace:
    """Straight pieces, one from each change of the batch size to the next.

    Attributes:
        steps, epochs: where each piece begins; the first at 0.
        per_epoch: steps of an epoch at its pace.
    """

    steps: tuple[float, ...]
    epochs: tuple[float, ...]
    per_epoch: tuple[float, ...]

    @staticmethod
    def even(steps_per_epoch: float) -> Pace:
        """Return the pace of a training whose batch size never changes."""
        return Pace((0.0,), (0.0,), (float(steps_per_epoch),))

    def at(self, steps: Array) -> Array:
        """Return, for numbers of steps made, how many epochs that is; arrays of any shape."""
        piece = np.searchsorted(self.steps[1:], steps, side="right")
        begin, epoch, rate = (np.asarray(part)[piece] for part in (self.steps, self.epochs, self.per_epoch))
        places: Array = epoch + (steps - begin) / rate
        return places

    def epoch(self, step: float) -> float:
        """Return how many epochs so many steps are."""
        return float(self.at(np.asarray(step)))

    def steps_at(self, epochs: Array) -> Array:
        """Return how many steps so many epochs are: the inverse of ``at``."""
        piece = np.searchsorted(self.epochs[1:], epochs, side="right")
        begin, step, rate = (np.asarray(part)[piece] for part in (self.epochs, self.steps, self.per_epoch))
        places: Array = step + (epochs - begin) * rate
        return places

    def changed(self, step: float, epoch: float, per_epoch: float) -> Pace:
        """Return this pace with another one from a step on, which lies at this epoch."""
        kept = int(np.searchsorted(self.steps, step))
        return Pace(
            (*self.steps[:kept], float(step)),
            (*self.epochs[:kept], float(epoch)),
            (*self.per_epoch[:kept], float(per_epoch)),
        )

    def arrays(self) -> dict[str, Array]:
        """Return the pieces as named arrays, for a file."""
        parts = (self.steps, self.epochs, self.per_epoch)
        return {name: np.array(part) for name, part in zip(_PARTS, parts, strict=True)}

    @staticmethod
    def is_in(arrays: Mapping[str, Array]) -> bool:
        """Return whether a file says anything of a pace that changed."""
        return any(name in arrays for name in _PARTS)

    @staticmethod
    def from_arrays(arrays: Mapping[str, Array]) -> Pace:
        """Return the pace that ``arrays`` described; raise ``KeyError`` or ``ValueError`` if they do not fit."""
        steps, epochs, per_epoch = (np.asarray(arrays[name], dtype=np.float64) for name in _PARTS)
        if not 1 <= len(steps) == len(epochs) == len(per_epoch):
            raise ValueError("the parts of the pace differ in number")
        rises = (np.diff(steps) > 0).all() and (np.diff(epochs) >= 0).all() and steps[0] == epochs[0] == 0
        if not (rises and np.isfinite([steps, epochs, per_epoch]).all() and (per_epoch > 0).all()):
            raise ValueError("the pace goes backwards")
        return Pace(tuple(steps.tolist()), tuple(epochs.tolist()), tuple(per_epoch.tolist()))
