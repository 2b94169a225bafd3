"""Where a number that is no longer finite came from."""

from __future__ import annotations

import numpy as np

from nncore.network import Network
from nncore.plan import Bound, layout
from nncore.types import Array


def first_not_finite(network: Network, bound: Bound, parameters: Array) -> str:
    """Return in words where NaN or infinity appeared first in the batch that ``bound`` has just computed.

    Broken weights come before broken outputs, because they were there before this batch. Of several broken weights
    the last layer's are named: the gradient reaches it first.

    Returns:
        For example ``"in the output of layer 2, dense_1 (Dense)"``, or ``"in the loss itself"``.
    """
    for slot in reversed(layout(network)):
        if not np.isfinite(slot.view(parameters)).all():
            return f"in the {slot.weight.name} of {layer_words(network, slot.layer)}"
    for index, op in enumerate(bound.ops):
        if not np.isfinite(op.y).all():
            return f"in the output of {layer_words(network, index)}"
    return "in the loss itself"


def layer_words(network: Network, index: int) -> str:
    """Return how a layer is called in a sentence: ``layer 2, dense_1 (Dense)``."""
    return f"layer {index + 1}, {network.names()[index]} ({network.layers[index].type_name})"
