"""What an arranged drawing is: layers in their places, names and shapes below, and what leads from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nncore.drawing.joints import Joint
from nncore.drawing.marks import Glyph

TITLE, CAPTION = 14.0, 12.0  # pixels of the letters


@dataclass(frozen=True)
class Words:
    """What is written besides names and numbers; who shows the drawing brings the words of its language."""

    input: str = "Input"
    loss: str = "Loss"
    shown: str = "{count}, {shown} shown"
    maps: str = "{count} maps, {shown} shown"
    units: str = "{count} units, {shown} shown"
    tokens: str = "{count} tokens, {shown} shown"
    steps: str = "× {count} steps"
    disabled: str = "disabled"
    positive: str = "positive weight"
    negative: str = "negative weight"
    strength: str = "thicker is stronger within a layer"
    unknown: str = "weight, not learned yet"
    part: str = '"{shown} shown": only {shown} of {count} are drawn'


@dataclass(frozen=True)
class Node:
    """One layer in its place.

    Attributes:
        row: 0 for the input, 1 and so on for the layers, and behind them the loss, which is there if it does not fit.
        x: of the centre; ``width`` is the room from label to label, around the centre.
        title: the name in one to three lines; ``notes`` are the lines below: shape, and what else must be said.
        lines: what of it is written below the glyph: (text, size of its letters, whether it is bold).
        family: gives the colour; empty for input and loss.
        problem: what is wrong with it, in a sentence; empty if nothing is.
    """

    row: int
    x: float
    width: float
    glyph: Glyph
    title: tuple[str, ...]
    notes: tuple[str, ...]
    lines: tuple[tuple[str, float, bool], ...]
    family: str
    problem: str = ""

    @property
    def left(self) -> float:
        """The left end of its room."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """The right end of its room."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Drawing:
    """Nodes from left to right, and the joints between them: ``joints[i]`` leads to ``nodes[i + 1]``.

    Attributes:
        width: of the whole; x runs from 0 to it.
        top, bottom: of the whole; ``labels`` is where the letters begin. The axis of all layers is y = 0.
        line: from one line of letters to the next.
    """

    nodes: tuple[Node, ...]
    joints: tuple[Joint, ...]
    width: float
    top: float
    labels: float
    bottom: float
    line: float

    @property
    def height(self) -> float:
        """From the top to the bottom."""
        return self.bottom - self.top

    def at(self, x: float) -> Node | None:
        """Return the node in whose room a place lies."""
        return next((node for node in self.nodes if node.left <= x <= node.right), None)

    def same_place(self, x: float, other: Drawing) -> float:
        """Return where the place ``x`` is in a drawing of as many nodes: as far on the way from node to node."""
        here, there = ([0.0, *(node.x for node in drawing.nodes), drawing.width] for drawing in (self, other))
        inside = min(max(x, 0.0), self.width)
        return float(np.interp(inside, here, there)) + x - inside

    def weights(self) -> Iterator[tuple[int, str, tuple[tuple[int, ...], ...]]]:
        """Yield (position of the layer, name of the weight, places shown on each axis) of what weights colour."""
        for node, leading in zip(self.nodes, (None, *self.joints), strict=True):
            if leading is not None and leading.weight:
                yield node.row - 1, leading.weight, leading.take
            for cells in (node.glyph.cells, leading.cells if leading is not None else None):
                if cells is not None and cells.weight:
                    yield node.row - 1, cells.weight, cells.take
