"""What a hint is, and what the rules look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from nncore.editing.edits import Remove, Replace
from nncore.editing.mends import Mend
from nncore.errors import FieldError
from nncore.layers.base import Layer
from nncore.layers.bypass import BYPASS
from nncore.losses import Problem
from nncore.network import Network


@dataclass(frozen=True)
class Hint:
    """What is not as it was meant and what would mend it, with the changes that do: each leaves a network that fits."""

    words: Problem
    mends: tuple[Mend, ...] = ()


Found: TypeAlias = tuple[int, Hint]
"""A row, and the hint for it."""


def learns(layer: Layer) -> bool:
    """Tell whether a layer makes new numbers with weights of its own."""
    return type(layer).weights is not Layer.weights


def taking_part(network: Network, start: int = 0) -> Iterator[tuple[int, Layer]]:
    """Yield position and layer of all that are not disabled, from ``start`` on."""
    return ((index, layer) for index, layer in enumerate(network.layers) if index >= start and not layer.disabled)


def settles_activation(network: Network) -> int | None:
    """Return the position of the layer that gives the output its activation, or None."""
    for index in reversed(range(len(network))):
        if network.effective[index].output_activation() is not None:
            return index
    return None


def uses(network: Network, index: int, activation: str) -> Mend | None:
    """Return the change of the activation of one layer; None when it has none, or takes no such one."""
    layer = network.layers[index]
    if not any(field.name == "activation" for field in layer.fields()):
        return None
    try:
        return Mend(f"Use {activation}", Replace(index, layer, layer.replace(activation=activation)))
    except FieldError:  # a recurrent layer does not take softmax
        return None


def without_activation(network: Network, index: int) -> Mend | None:
    """Return the change that leaves the numbers of a layer as they are: one that does nothing else goes.

    None where there is no such change, or no layer would be left.
    """
    layer = network.layers[index]
    if not learns(layer):
        alone = all(place == index for place, _ in taking_part(network))
        return None if alone else Mend(f"Remove {layer.type_name}", Remove(index, layer))
    return uses(network, index, "linear")


def passes_on(layer: Layer) -> bool:
    """Tell whether each number of the input reaches the output for itself, whatever is done to it on the way."""
    return layer is BYPASS or layer.keeps_numbers() or layer.type_name in DROPOUTS


DROPOUTS = ("Dropout", "SpatialDropout2D")
