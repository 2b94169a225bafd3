"""The edits of a network: small frozen values, each with an exact inverse.

An edit applied and then undone gives back an equal network; one that cannot be applied raises.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


@dataclass(frozen=True)
class Several:
    """Make some edits one after the other, as one; each is meant for the network that the ones before it leave."""

    edits: tuple[Edit, ...]

    def apply(self, network: Network) -> Network:
        """Return the network with all edits made."""
        for edit in self.edits:
            network = edit.apply(network)
        return network

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Several(tuple(edit.inverse() for edit in reversed(self.edits)))


Edit: TypeAlias = Insert | Remove | Move | Replace | Several


def insert_all(index: int, layers: Sequence[Layer]) -> Several:
    """Return the edit that puts ``layers`` side by side, the first at position ``index``."""
    return Several(tuple(Insert(index + number, layer) for number, layer in enumerate(layers)))


def remove_all(network: Network, positions: Collection[int]) -> Several:
    """Return the edit that takes the layers at ``positions`` out."""
    backwards = sorted(set(positions), reverse=True)
    return Several(tuple(Remove(position, network.layers[position]) for position in backwards))


def move_all(positions: Collection[int], gap: int) -> Several:
    """Return the edit that brings layers side by side, in their order, to where the position ``gap`` is now.

    A layer that is there already has no part in it, so that the edit is empty when nothing moves.
    """
    moved = sorted(set(positions))
    above = [position for position in moved if position < gap]
    below = [position for position in moved if position >= gap]
    # From the gap outwards, a move never changes the position of a layer that is still to be moved.
    moves = [Move(position, gap - 1 - number) for number, position in enumerate(reversed(above))]
    moves += [Move(position, gap + number) for number, position in enumerate(below)]
    return Several(tuple(move for move in moves if move.source != move.target))


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise IndexError(f"layer position {index} is outside 0 to {size - 1}")


def _check_layer(network: Network, index: int, layer: Layer) -> None:
    _check_index(index, len(network))
    if network.layers[index] != layer:
        raise ValueError(f"position {index} holds {network.layers[index]}, not {layer}")
