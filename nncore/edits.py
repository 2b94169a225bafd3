"""The four edits of a network: small frozen values, each with an exact inverse.

An edit applied and then undone gives back an equal network; one that cannot be applied raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nncore.layers.base import Layer
from nncore.network import Network


@dataclass(frozen=True)
class Insert:
    """Put ``layer`` at position ``index``."""

    index: int
    layer: Layer

    def apply(self, network: Network) -> Network:
        """Return the network with the layer in it."""
        _check_index(self.index, len(network) + 1)
        layers = network.layers
        return Network(network.input_shape, (*layers[: self.index], self.layer, *layers[self.index :]))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Remove(self.index, self.layer)


@dataclass(frozen=True)
class Remove:
    """Take the layer at position ``index`` out; it must equal ``layer``, so that undoing restores it."""

    index: int
    layer: Layer

    def apply(self, network: Network) -> Network:
        """Return the network without the layer."""
        _check_layer(network, self.index, self.layer)
        return Network(network.input_shape, network.layers[: self.index] + network.layers[self.index + 1 :])

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Insert(self.index, self.layer)


@dataclass(frozen=True)
class Move:
    """Take the layer at position ``source`` and put it so that it ends up at position ``target``."""

    source: int
    target: int

    def apply(self, network: Network) -> Network:
        """Return the network with the layer moved."""
        _check_index(self.source, len(network))
        _check_index(self.target, len(network))
        layers = list(network.layers)
        layers.insert(self.target, layers.pop(self.source))
        return Network(network.input_shape, tuple(layers))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Move(self.target, self.source)


@dataclass(frozen=True)
class Replace:
    """Put ``new`` in the place of ``old`` at position ``index``."""

    index: int
    old: Layer
    new: Layer

    def apply(self, network: Network) -> Network:
        """Return the network with the layer exchanged."""
        _check_layer(network, self.index, self.old)
        layers = network.layers
        return Network(network.input_shape, (*layers[: self.index], self.new, *layers[self.index + 1 :]))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Replace(self.index, self.new, self.old)


Edit: TypeAlias = Insert | Remove | Move | Replace


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise IndexError(f"layer position {index} is outside 0 to {size - 1}")


def _check_layer(network: Network, index: int, layer: Layer) -> None:
    _check_index(index, len(network))
    if network.layers[index] != layer:
        raise ValueError(f"position {index} holds {network.layers[index]}, not {layer}")
