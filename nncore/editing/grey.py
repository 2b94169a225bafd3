"""Grey pictures come without an axis of colours, and some layers ask for one: the input is as the layers want it."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.layer_facts import layer_facts
from nncore.layers.base import Layer
from nncore.network import Network
from nncore.types import Shape

_LARGER = 1000
"""So many times as large, a picture or a sequence has room for every kernel and pool."""


def with_fitting_input(network: Network, data_shape: Shape | None, *, keep: bool = False) -> Network:
    """Return the network with or without the axis of colours at its input, whichever lets more of its layers work.

    Grey pictures (height, width) are the same numbers as (height, width, 1). Where both do as well, the data's own
    shape is taken; so the same layers on the same data have the same input, in whichever order they came there.

    Args:
        network: any.
        data_shape: of one sample of the data that it is to learn from; None when it is not known.
        keep: prefer the input that the network has to the data's own: for one that was not just edited.
    """
    forms = () if data_shape is None else input_forms(data_shape)
    if len(forms) < 2 or network.input_shape not in forms:
        return network
    if keep and network.input_shape != forms[0]:
        forms = forms[::-1]
    first, second = forms
    reach = _reach(network.effective, first)
    if reach < (len(network), True) and reach < _reach(network.effective, second):
        first = second
    return network if first == network.input_shape else Network(first, network.layers)


def input_forms(data_shape: Shape) -> tuple[Shape, ...]:
    """Return the input shapes that samples of a shape can have in a network, their own first."""
    return (data_shape, (*data_shape, 1)) if len(data_shape) == 2 else (data_shape,)


def _reach(layers: Sequence[Layer], shape: Shape) -> tuple[int, bool]:
    """Return how many layers can work, and whether the next one would if the samples were only large enough."""
    for index, layer in enumerate(layers):
        output = layer_facts(layer, shape).output_shape
        if output is None:
            places = shape[:-1]  # with a size of 1 among them they are no picture, but the steps of a sequence
            larger = (*(size * _LARGER for size in places), *shape[-1:])
            return index, 1 not in places and layer_facts(layer, larger).problem is None
        shape = output
    return len(layers), True
