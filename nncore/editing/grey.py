"""Grey pictures come without an axis of colours, and some layers ask for one: the input follows the first layer."""

from __future__ import annotations

from nncore.network import Network
from nncore.trace import trace
from nncore.types import Shape


def with_fitting_input(network: Network, data_shape: Shape | None) -> Network:
    """Return the network with the axis of colours at its input as its first layer wants it, where it has a wish.

    Grey pictures (height, width) are the same numbers as (height, width, 1). The input is changed from the one to the
    other only where the first layer cannot work on it as it is, and can on the other; so most networks come back as
    they are.

    Args:
        network: any.
        data_shape: of one sample of the data that it is to learn from; None when it is not known.
    """
    if data_shape is None or len(data_shape) != 2 or not _first_layer_fails(network):
        return network
    forms = {data_shape: (*data_shape, 1), (*data_shape, 1): data_shape}
    if network.input_shape not in forms:
        return network
    other = Network(forms[network.input_shape], network.layers)
    return network if _first_layer_fails(other) else other


def _first_layer_fails(network: Network) -> bool:
    """Tell whether the first layer that is not disabled cannot work on the input."""
    first = next((index for index, layer in enumerate(network.layers) if not layer.disabled), None)
    if first is None:
        return False
    return trace(Network(network.input_shape, network.layers[: first + 1])).rows[first].problem is not None
