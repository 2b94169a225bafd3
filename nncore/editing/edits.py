"""The edits of a network: small frozen values, each with an exact inverse.

An edit applied and then undone gives back an equal network; one that cannot be applied raises.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from nncore.layers.base import Layer
from nncore.network import Network


class _Edit:
    """What all edits share."""

    def change(self, layers: list[Layer]) -> None:
        """Make the edit in a list of layers; raise ``IndexError`` or ``ValueError`` where it cannot be made."""
        raise NotImplementedError

    def apply(self, network: Network) -> Network:
        """Return the network with the edit made; raise ``IndexError`` or ``ValueError`` where it cannot be made."""
        layers = list(network.layers)
        self.change(layers)
        return Network(network.input_shape, tuple(layers))


@dataclass(frozen=True)
class Insert(_Edit):
    """Put ``layer`` at position ``index``."""

    index: int
    layer: Layer

    def change(self, layers: list[Layer]) -> None:
        """Put the layer into the list."""
        _check_index(self.index, len(layers) + 1)
        layers.insert(self.index, self.layer)

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Remove(self.index, self.layer)


@dataclass(frozen=True)
class Remove(_Edit):
    """Take the layer at position ``index`` out; it must equal ``layer``, so that undoing restores it."""

    index: int
    layer: Layer

    def change(self, layers: list[Layer]) -> None:
        """Take the layer out of the list."""
        _check_layer(layers, self.index, self.layer)
        del layers[self.index]

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Insert(self.index, self.layer)


@dataclass(frozen=True)
class Move(_Edit):
    """Take the layer at position ``source`` and put it so that it ends up at position ``target``."""

    source: int
    target: int

    def change(self, layers: list[Layer]) -> None:
        """Move the layer in the list."""
        _check_index(self.source, len(layers))
        _check_index(self.target, len(layers))
        layers.insert(self.target, layers.pop(self.source))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Move(self.target, self.source)


@dataclass(frozen=True)
class Replace(_Edit):
    """Put ``new`` in the place of ``old`` at position ``index``."""

    index: int
    old: Layer
    new: Layer

    def change(self, layers: list[Layer]) -> None:
        """Exchange the layer in the list."""
        _check_layer(layers, self.index, self.old)
        layers[self.index] = self.new

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Replace(self.index, self.new, self.old)


@dataclass(frozen=True)
class Several(_Edit):
    """Make some edits one after the other, as one; each is meant for the network that the ones before it leave."""

    edits: tuple[Edit, ...]

    def change(self, layers: list[Layer]) -> None:
        """Make all edits in the list."""
        for edit in self.edits:
            edit.change(layers)

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


def _check_layer(layers: list[Layer], index: int, layer: Layer) -> None:
    _check_index(index, len(layers))
    if layers[index] is not layer and layers[index] != layer:  # comparing all fields takes its time
        raise ValueError(f"position {index} holds {layers[index]}, not {layer}")
