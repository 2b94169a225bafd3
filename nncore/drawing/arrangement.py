"""Puts the layers of a network side by side, with their names and shapes below.

Invariant: the arrangement is a function of the network and its trace alone; every layer is there, from left to right,
and no two glyphs or labels overlap.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from nncore.drawing import lettering
from nncore.drawing.glyphs import LARGEST, glyph_of, unknown
from nncore.drawing.joints import GAPS, Joint, joint, joint_kind
from nncore.drawing.marks import Glyph
from nncore.layers import Layer
from nncore.layers.base import Weight
from nncore.network import Network, shape_text
from nncore.trace import Trace
from nncore.types import Shape

TITLE, CAPTION = 14.0, 12.0  # pixels of the letters
_LINE, _BELOW, _BETWEEN, _NARROWEST = 17.0, 14.0, 12.0, 60.0


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
    positive: str = "positive weight"
    negative: str = "negative weight"
    strength: str = "thicker is stronger within a layer"
    unknown: str = "weight, not learned yet"
    part: str = "“{shown} shown”: only {shown} of {count} are drawn"


@dataclass(frozen=True)
class Node:
    """One layer in its place.

    Attributes:
        row: 0 for the input, 1 and so on for the layers, and behind them the loss, which is there if it does not fit.
        x: of the centre; ``width`` is the room from label to label, around the centre.
        title: the name in one to three lines; ``notes`` are the lines below: shape, and what else must be said.
        family: gives the colour; empty for input and loss.
        problem: what is wrong with it, in a sentence; empty if nothing is.
    """

    row: int
    x: float
    width: float
    glyph: Glyph
    title: tuple[str, ...]
    notes: tuple[str, ...]
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

    @property
    def lines(self) -> tuple[tuple[str, float, bool], ...]:
        """What is written below the glyph: (text, size of its letters, whether it is bold)."""
        return (*((text, TITLE, True) for text in self.title), *((text, CAPTION, False) for text in self.notes))


@dataclass(frozen=True)
class Drawing:
    """Nodes from left to right, and the joints between them: ``joints[i]`` leads to ``nodes[i + 1]``.

    Attributes:
        width: of the whole; x runs from 0 to it.
        top, bottom: of the whole; ``labels`` is where the letters begin. The axis of all layers is y = 0.
    """

    nodes: tuple[Node, ...]
    joints: tuple[Joint, ...]
    width: float
    top: float
    labels: float
    bottom: float

    @property
    def height(self) -> float:
        """From the top to the bottom."""
        return self.bottom - self.top

    def at(self, x: float) -> Node | None:
        """Return the node in whose room a place lies."""
        return next((node for node in self.nodes if node.left <= x <= node.right), None)

    def weights(self) -> Iterator[tuple[int, str, tuple[tuple[int, ...], ...]]]:
        """Yield (position of the layer, name of the weight, places shown on each axis) of what weights colour."""
        for node, leading in zip(self.nodes, (None, *self.joints), strict=True):
            if leading is not None and leading.weight:
                yield node.row - 1, leading.weight, leading.take
            for cells in (node.glyph.cells, leading.cells if leading is not None else None):
                if cells is not None and cells.weight:
                    yield node.row - 1, cells.weight, cells.take


@dataclass(frozen=True)
class _Piece:
    """A node that has no place yet."""

    glyph: Glyph
    title: tuple[str, ...]
    notes: tuple[str, ...]
    family: str
    problem: str = ""
    layer: Layer | None = None
    weights: tuple[Weight, ...] = ()

    @functools.cached_property
    def width(self) -> float:
        letters = [lettering.width(text, TITLE) for text in self.title]
        letters += [lettering.width(text, CAPTION) for text in self.notes]
        return max(_NARROWEST, self.glyph.width, *letters) + _BETWEEN


def arrange(network: Network, found: Trace, words: Words | None = None) -> Drawing:
    """Return the drawing of a network whose trace is ``found``; it never raises, whatever the trace says."""
    pieces = _pieces(network, found, words or Words())
    nodes: list[Node] = []
    joints: list[Joint] = []
    for row, piece in enumerate(pieces):
        x = piece.width / 2
        if nodes:
            last, before = nodes[-1], pieces[row - 1]
            kind = joint_kind(before.glyph, piece.glyph, piece.layer, piece.weights)
            needed = (before.glyph.width + piece.glyph.width) / 2 + GAPS[kind]
            distance = max((before.width + piece.width) / 2, needed)
            x = last.x + distance
            joints.append(joint(kind, before.glyph, distance, piece.glyph, piece.layer, piece.weights))
        nodes.append(Node(row, x, piece.width, piece.glyph, piece.title, piece.notes, piece.family, piece.problem))
    tallest = max(node.glyph.height for node in nodes)
    labels = tallest / 2 + _BELOW
    bottom = labels + _LINE * max(len(node.lines) for node in nodes)
    return Drawing(tuple(nodes), tuple(joints), nodes[-1].right, -tallest / 2, labels, bottom)


def _pieces(network: Network, found: Trace, words: Words) -> list[_Piece]:
    unit = _unit(network, found)
    start = glyph_of(None, (), network.input_shape, (), unit) if all(network.input_shape) else unknown(True)
    problem = found.input_problem.sentence if found.input_problem is not None else ""
    notes = _notes(start, network.input_shape, None, words)
    pieces = [_Piece(start, (words.input,), notes, "", problem)]
    for layer, acting, row in zip(network.layers, network.effective, found.rows, strict=True):
        title = lettering.lines(layer.name or layer.type_name)
        if row.problem is not None or row.input_shape is None or row.output_shape is None:
            sentence = row.problem.sentence if row.problem is not None else ""
            glyph = unknown(row.problem is not None)
            pieces.append(_Piece(glyph, title, (shape_text(row.output_shape),), layer.family, sentence, layer))
            continue
        weights = acting.weights(row.input_shape)
        glyph = glyph_of(acting, row.input_shape, row.output_shape, weights, unit)
        notes = _notes(glyph, row.output_shape, row.input_shape, words)
        pieces.append(_Piece(glyph, title, notes, layer.family, "", acting, weights))
    if found.loss_problem is not None and network.layers:
        pieces.append(_Piece(unknown(True), (words.loss,), ("?",), "", found.loss_problem.sentence))
    return pieces


def _unit(network: Network, found: Trace) -> float:
    """Return the pixels for each place of a picture, so that the largest one of the network has its limit."""
    shapes: list[Shape] = [network.input_shape]
    shapes += [row.output_shape for row in found.rows if row.output_shape is not None]
    return LARGEST / max((max(shape[:2]) for shape in shapes if len(shape) > 1), default=1)


def _notes(glyph: Glyph, shape: Shape, before: Shape | None, words: Words) -> tuple[str, ...]:
    """Return the output's shape and what is left out."""
    text = shape_text(shape)
    counts = {"count": f"{glyph.count:,}", "shown": f"{glyph.shown:,}"}
    partly = glyph.shown < glyph.count
    if len(shape) <= 1 and glyph.kind in ("neurons", "bar"):
        return (words.shown.format(**counts) if partly else text,)
    notes = [text]
    if partly:
        kinds = {"sheets": words.maps, "table": words.tokens}
        notes.append(kinds.get(glyph.kind, words.units).format(**counts))
    if before is not None and len(before) > 1 and glyph.kind in ("cell", "neurons") and glyph.ports:
        notes.append(words.steps.format(count=f"{before[0]:,}"))
    return tuple(notes)
