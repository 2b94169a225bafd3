"""What the marks of a drawing mean: entries in lines, made of the same shapes as the drawing itself.

Invariant: only what the drawing has is explained, and no entry is wider than estimated, so that none overlap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nncore.drawing import lettering
from nncore.drawing.arrangement import CAPTION, Drawing, Words
from nncore.drawing.joints import WEIGHTS, Joint
from nncore.drawing.marks import FAMILY, Disc, Mark
from nncore.drawing.strengths import STRONGEST

LINE = 20.0  # pixels from one line of entries to the next
SAMPLE, SPACE = 22.0, 7.0  # pixels of a sample, and from it to its words
_GAP, _APART = 16.0, 4.5
_DOTTED = ("neurons", "cell")
_STRENGTHS = (STRONGEST // 3, 2 * STRONGEST // 3, STRONGEST)


@dataclass(frozen=True)
class Entry:
    """A sample and its words.

    Attributes:
        x, y: the left end, and the middle of its line; the sample is around (x + SAMPLE / 2, y), the words follow it.
        joint, levels: links of several strengths, as in the drawing; ``levels`` is None where no weight is known.
        marks: the sample where it is none of links; without either the words stand alone.
    """

    text: str
    joint: Joint | None = None
    levels: bytes | None = None
    marks: tuple[Mark, ...] = ()
    x: float = 0.0
    y: float = 0.0

    @property
    def words(self) -> float:
        """Where the words begin."""
        return self.x + (SAMPLE + SPACE if self.joint is not None or self.marks else 0.0)

    @property
    def right(self) -> float:
        """The right end."""
        return self.words + lettering.width(self.text, CAPTION)


@dataclass(frozen=True)
class Legend:
    """Entries, from (0, 0) to (width, height)."""

    entries: tuple[Entry, ...]
    width: float
    height: float


def legend(drawing: Drawing, learned: bool, words: Words, width: float) -> Legend:
    """Return what explains a drawing.

    Args:
        learned: whether the links have the colours of weights.
        width: of a line; one entry may be wider.
    """
    return _placed((*_of_weights(drawing, learned, words), *_of_parts(drawing, words)), width)


def legend_of_parts(drawing: Drawing, words: Words) -> Legend:
    """Return what explains that some things are not drawn."""
    return _placed(_of_parts(drawing, words), np.inf)


def _of_weights(drawing: Drawing, learned: bool, words: Words) -> tuple[Entry, ...]:
    linked = any(joint.kind == WEIGHTS for joint in drawing.joints)
    if not learned:
        return (Entry(words.unknown, _links(0)),) if linked else ()
    if not any(drawing.weights()):
        return ()
    positive, negative = (np.array(_STRENGTHS, np.int8) * sign for sign in (1, -1))
    signs = (
        Entry(words.positive, _links(-1, 0, 1), positive.tobytes()),
        Entry(words.negative, _links(-1, 0, 1), negative.tobytes()),
    )
    return (*signs, Entry(words.strength)) if linked else signs


def _links(*places: int) -> Joint:
    """Return links below each other, around (0, 0)."""
    return Joint(WEIGHTS, tuple((-SAMPLE / 2, y * _APART, SAMPLE / 2, y * _APART) for y in places))


def _of_parts(drawing: Drawing, words: Words) -> tuple[Entry, ...]:
    """Return what explains that some are left out, with the numbers of the first layer that has dots in their place."""
    partly = [node.glyph for node in drawing.nodes if node.glyph.shown < node.glyph.count]
    if not partly:
        return ()
    dotted = [glyph for glyph in partly if glyph.kind in _DOTTED]
    glyph = (dotted or partly)[0]
    dots = tuple(Disc(0, y * _APART, 1.3, FAMILY, 1.0) for y in (-1, 0, 1)) if dotted else ()
    return (Entry(words.part.format(count=f"{glyph.count:,}", shown=f"{glyph.shown:,}"), marks=dots),)


def _placed(entries: tuple[Entry, ...], width: float) -> Legend:
    """Put entries side by side, and below each other where a line is full."""
    placed: list[Entry] = []
    x, y = 0.0, LINE / 2
    for entry in entries:
        if placed and x + entry.right > width:
            x, y = 0.0, y + LINE
        placed.append(replace(entry, x=x, y=y))
        x = placed[-1].right + _GAP
    return Legend(tuple(placed), max((entry.right for entry in placed), default=0.0), y + LINE / 2 if placed else 0.0)
