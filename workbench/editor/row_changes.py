"""How a list of rows is led from one order to another in few steps, however many layers an edit touches.

Qt takes part of a millisecond for each message about rows, so that an edit of many layers is told in at most four:
bring together what goes, take it out, put in what comes, and bring everything to its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nncore.editing.edit_places import Place
from nncore.layers import Layer

Layers = tuple[Layer, ...]


@dataclass(frozen=True)
class Taken:
    """The layers from ``first`` to ``last`` go; ``layers`` remain."""

    first: int
    last: int
    layers: Layers


@dataclass(frozen=True)
class Put:
    """Layers come to the positions ``first`` to ``last``; ``layers`` are there then."""

    first: int
    last: int
    layers: Layers


@dataclass(frozen=True)
class Ordered:
    """The layer at position ``p`` goes to ``targets[p]``; ``layers`` is the order then."""

    targets: tuple[int, ...]
    layers: Layers


RowChange = Taken | Put | Ordered


def row_changes(old: Layers, new: Layers, places: Sequence[Place]) -> Iterator[RowChange]:
    """Yield the steps after which every row stands where it does in ``new``; exchanged layers are still the old ones.

    Args:
        old: the layers before an edit.
        new: the layers after it.
        places: what stands at each position after it.
    """
    origins = [place.origin for place in places]
    last = tuple(new[at] if origin is None else old[origin] for at, origin in enumerate(origins))
    stay = {origin for origin in origins if origin is not None}
    kept, gone = sorted(stay), [position for position in range(len(old)) if position not in stay]
    remaining = tuple(old[position] for position in kept)
    if gone:
        first = gone[0]
        if gone[-1] - first >= len(gone):
            first = len(kept)
            yield _ordered([*kept, *gone], tuple(old[position] for position in (*kept, *gone)))
        yield Taken(first, first + len(gone) - 1, remaining)
    come = [position for position, origin in enumerate(origins) if origin is None]
    known = [origin for origin in origins if origin is not None]
    together = not come or come[-1] - come[0] < len(come)
    if known == kept and together:
        if come:
            yield Put(come[0], come[-1], last)
        return
    if come:
        yield Put(len(kept), len(kept) + len(come) - 1, (*remaining, *(new[position] for position in come)))
    rank = {origin: number for number, origin in enumerate(kept)}
    fresh = iter(range(len(kept), len(new)))
    yield _ordered([next(fresh) if origin is None else rank[origin] for origin in origins], last)


def _ordered(sources: Sequence[int], layers: Layers) -> Ordered:
    targets = [0] * len(sources)
    for target, source in enumerate(sources):
        targets[source] = target
    return Ordered(tuple(targets), layers)
