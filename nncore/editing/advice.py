"""Advice that only the whole network can give: a layer knows what it gets, but not which layer above makes it so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nncore.editing.switching import switched
from nncore.errors import ShapeError
from nncore.layers.base import Layer
from nncore.types import Shape


def with_other_sequences(layer: Layer) -> Layer | None:
    """Return the layer, or the wrapper of one, with ``return_sequences`` turned over; None where nothing is to turn."""
    if hasattr(layer, "return_sequences"):
        return switched(layer, "return_sequences", not layer.return_sequences)
    inner = getattr(layer, "layer", None)
    changed = with_other_sequences(inner) if isinstance(inner, Layer) else None
    return None if changed is None else layer.replace(layer=changed)


def gives_sequences(layer: Layer) -> bool:
    """Tell whether ``return_sequences`` is on in a layer, or in the one that it wraps."""
    inner = getattr(layer, "layer", None)
    return bool(getattr(layer, "return_sequences", False)) or (isinstance(inner, Layer) and gives_sequences(inner))


def switched_sequences(
    layers: Sequence[Layer], shapes: Sequence[Shape | None], end: int, fits: Callable[[Shape], bool]
) -> tuple[int, Layer] | None:
    """Return (place, layer to put there): a switch of ``return_sequences`` after which what reaches ``end`` fits.

    Args:
        layers: of the network.
        shapes: input shape of each layer, None where it is not known.
        end: position of the layer that gets the wrong shape; the number of layers for the loss.
        fits: tells whether a shape that reaches ``end`` would do.
    """
    for place in reversed(range(end)):
        shape = shapes[place]
        changed = None if shape is None else with_other_sequences(layers[place])
        if changed is None or shape is None:
            continue
        try:
            for layer in (changed, *layers[place + 1 : end]):
                shape = layer.output_shape(shape)
            if fits(shape):
                return place, changed
        except ShapeError:
            continue
    return None


def changing_layer(layers: Sequence[Layer], index: int) -> int | None:
    """Return which layer above the one at ``index`` spoils the token numbers that it reads; None if nothing is wrong.

    Token numbers come with the samples; a layer above may put them into another shape, but not change them.
    """
    if not layers[index].reads_tokens():
        return None
    return next((place for place in range(index) if not layers[place].keeps_numbers()), None)
