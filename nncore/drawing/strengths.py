"""How strong the drawn links are: only the numbers that are shown are taken out of the flat parameters."""

from __future__ import annotations

import numpy as np

from nncore.drawing.arrangement import Drawing
from nncore.network import Network
from nncore.plan import layout
from nncore.types import Array

STRONGEST = 6
"""Levels run from -6, the strongest negative link of a layer that is drawn, over 0 to 6."""
_BEND = 0.7  # below 1, so that weak links, which are the most, are told apart
NOT_A_NUMBER = 99
"""The level of a weight that is infinite or no number at all."""


def levels(values: Array) -> bytes:
    """Return a level for each number, as signed bytes; the largest of them sets the measure."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    known = np.isfinite(flat)
    sizes = np.where(known, np.abs(flat), 0.0)
    largest = float(sizes.max(initial=0.0))
    found = np.zeros(len(flat), np.int8)
    if largest > 0:
        found = np.rint(np.sign(np.where(known, flat, 0.0)) * STRONGEST * (sizes / largest) ** _BEND).astype(np.int8)
    found[~known] = NOT_A_NUMBER
    return found.tobytes()


class WeightReader:
    """Takes the shown numbers of one network out of its flat parameters.

    Args:
        network: raises ``ShapeError`` where a layer does not fit.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._slots = {(slot.layer, slot.weight.name): slot for slot in layout(network)}

    def read(self, drawing: Drawing, parameters: Array) -> dict[tuple[int, str], bytes]:
        """Return the levels of all weights that a drawing shows, by position of the layer and name of the weight."""
        found = {}
        for position, weight, take in drawing.weights():
            slot = self._slots.get((position, weight))
            if slot is not None:
                found[position, weight] = levels(slot.view(parameters)[np.ix_(*take)])
        return found
