"""Where the layers of a network go in an edit: for whoever shows them, and keeps something for each."""

from __future__ import annotations

from typing import NamedTuple

from nncore.editing.edits import Edit, Insert, Move, Remove, Several
from nncore.network import Network


class Place(NamedTuple):
    """What stands at one position after an edit.

    Attributes:
        origin: the position of the layer before the edit; None if it came with it.
        touched: the edit put, moved or exchanged this very layer; the others only made room.
    """

    origin: int | None
    touched: bool


_NEW = Place(None, True)


def places_after(edit: Edit, count: int) -> list[Place]:
    """Return what stands at each position after an edit of a network with ``count`` layers."""
    places = [Place(position, False) for position in range(count)]
    _walk(edit, places)
    return places


def _walk(edit: Edit, places: list[Place]) -> None:
    if isinstance(edit, Several):
        for part in edit.edits:
            _walk(part, places)
    elif isinstance(edit, Insert):
        places.insert(edit.index, _NEW)
    elif isinstance(edit, Remove):
        del places[edit.index]
    elif isinstance(edit, Move):
        places.insert(edit.target, Place(places.pop(edit.source).origin, True))
    else:
        places[edit.index] = Place(places[edit.index].origin, True)


def places_between(before: Network, after: Network) -> list[Place]:
    """Return what stands at each position of a network that was exchanged for another, by what their ends share."""
    old, new = before.layers, after.layers
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    middle = len(new) - head - tail
    inner = [_NEW] * middle
    if len(old) == len(new):  # the same rows with other layers in them
        inner = [Place(head + at, old[head + at] != new[head + at]) for at in range(middle)]
    ends = len(old) - tail
    return [*(Place(at, False) for at in range(head)), *inner, *(Place(ends + at, False) for at in range(tail))]
