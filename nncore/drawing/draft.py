"""Puts the layers of a network side by side, with their names and shapes below.

Invariant: the arrangement is a function of the network, its trace and the letters alone; every layer is there, from
left to right, and no two glyphs or labels overlap.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nncore.drawing import lettering
from nncore.drawing.arrangement import CAPTION, TITLE, Drawing, Node, Words
from nncore.drawing.glyphs import LARGEST, glyph_of, unknown
from nncore.drawing.joints import GAPS, joint, joint_kind
from nncore.drawing.lettering import Letters
from nncore.drawing.marks import Glyph
from nncore.layers import Layer
from nncore.layers.base import Weight
from nncore.network import Network, shape_text
from nncore.trace import Trace
from nncore.types import Shape

_LINE, _BELOW, _BETWEEN, _NARROWEST = 17.0, 14.0, 12.0, 60.0


@dataclass(frozen=True)
class _Piece:
    """A node that has no place yet."""

    glyph: Glyph
    name: str
    notes: tuple[str, ...]
    family: str
    problem: str = ""
    layer: Layer | None = None
    weights: tuple[Weight, ...] = ()

    def lines(self, letters: Letters) -> tuple[tuple[str, float, bool], ...]:
        """Return what is written: (text, size of its letters, whether it is bold)."""
        title, notes = lettering.lines(self.name, letters.lines), self.notes if letters.notes else ()
        return (
            *((text, TITLE * letters.factor, True) for text in title),
            *((text, CAPTION * letters.factor, False) for text in notes),
        )

    def width(self, letters: Letters) -> float:
        """Return the room that it needs."""
        texts = (letters.width(text, size) for text, size, _ in self.lines(letters))
        return max(_NARROWEST, self.glyph.width, *texts) + _BETWEEN * letters.factor

    def placed(self, row: int, x: float, width: float, letters: Letters) -> Node:
        """Return the node around ``x``."""
        title, lines = lettering.lines(self.name), self.lines(letters)
        return Node(row, x, width, self.glyph, title, self.notes, lines, self.family, self.problem)


@dataclass(frozen=True)
class Draft:
    """All of a network that is drawn, without places: those depend on the letters, too."""

    pieces: tuple[_Piece, ...]

    @functools.cached_property
    def _kinds(self) -> list[str]:
        """The kinds of the joints."""
        return [joint_kind(before.glyph, piece.glyph, piece.layer, piece.weights) for before, piece in self._pairs()]

    def _pairs(self) -> Iterator[tuple[_Piece, _Piece]]:
        return itertools.pairwise(self.pieces)

    @functools.cached_property
    def _tallest(self) -> float:
        return max(piece.glyph.height for piece in self.pieces)

    def _distances(self, widths: Sequence[float]) -> list[float]:
        """Return how far the centres of neighbours are apart."""
        return [
            max((widths[row] + widths[row + 1]) / 2, (before.glyph.width + piece.glyph.width) / 2 + GAPS[kind])
            for row, ((before, piece), kind) in enumerate(zip(self._pairs(), self._kinds, strict=True))
        ]

    def width(self, letters: Letters) -> float:
        """Return the width of the drawing with these letters, without making it."""
        widths = [piece.width(letters) for piece in self.pieces]
        return (widths[0] + widths[-1]) / 2 + sum(self._distances(widths))

    def height(self, letters: Letters) -> float:
        """Return the height of the drawing with these letters, without making it."""
        lines = max(len(piece.lines(letters)) for piece in self.pieces)
        return self._tallest + _BELOW + lines * _LINE * letters.factor

    def arranged(self, letters: Letters | None = None) -> Drawing:
        """Return the drawing; without ``letters`` it is lettered as the design is."""
        letters = letters or Letters()
        widths = [piece.width(letters) for piece in self.pieces]
        distances = self._distances(widths)
        centres = itertools.accumulate(distances, initial=widths[0] / 2)
        nodes = [
            piece.placed(row, x, width, letters)
            for row, (piece, x, width) in enumerate(zip(self.pieces, centres, widths, strict=True))
        ]
        joints = [
            joint(kind, before.glyph, distance, piece.glyph, piece.layer, piece.weights)
            for (before, piece), distance, kind in zip(self._pairs(), distances, self._kinds, strict=True)
        ]
        top = -self._tallest / 2
        labels, bottom = _BELOW - top, top + self.height(letters)
        return Drawing(tuple(nodes), tuple(joints), nodes[-1].right, top, labels, bottom, _LINE * letters.factor)


def draft(network: Network, found: Trace, words: Words | None = None) -> Draft:
    """Return what is drawn of a network whose trace is ``found``; it never raises, whatever the trace says."""
    return Draft(tuple(_pieces(network, found, words or Words())))


def arrange(network: Network, found: Trace, words: Words | None = None) -> Drawing:
    """Return the drawing of a network whose trace is ``found``; it never raises, whatever the trace says."""
    return draft(network, found, words).arranged()


def _pieces(network: Network, found: Trace, words: Words) -> list[_Piece]:
    unit = _unit(network, found)
    start = glyph_of(None, (), network.input_shape, (), unit) if all(network.input_shape) else unknown(True)
    problem = found.input_problem.sentence if found.input_problem is not None else ""
    notes = _notes(start, network.input_shape, None, words)
    pieces = [_Piece(start, words.input, notes, "", problem)]
    for layer, acting, row in zip(network.layers, network.effective, found.rows, strict=True):
        name = layer.name or layer.type_name
        if row.problem is not None or row.input_shape is None or row.output_shape is None:
            sentence = row.problem.sentence if row.problem is not None else ""
            glyph = unknown(row.problem is not None)
            pieces.append(_Piece(glyph, name, (shape_text(row.output_shape),), layer.family, sentence, layer))
            continue
        weights = acting.weights(row.input_shape)
        glyph = glyph_of(acting, row.input_shape, row.output_shape, weights, unit)
        notes = _notes(glyph, row.output_shape, row.input_shape, words)
        family = layer.family
        if layer.disabled:  # it has the colour of what takes no part, as the input has
            notes, family = (*notes, words.disabled), ""
        pieces.append(_Piece(glyph, name, notes, family, "", acting, weights))
    if found.loss_problem is not None and network.layers:
        pieces.append(_Piece(unknown(True), words.loss, ("?",), "", found.loss_problem.sentence))
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
