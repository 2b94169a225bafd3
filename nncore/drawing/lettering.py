"""What is written below the glyphs, how large, and how much room it takes.

Without a font the room is estimated: an upper bound for plain sans-serif letters.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

_NARROW, _WIDE = frozenset("iljtfrI.,:;·'| "), frozenset("mwMWO@%—")
_MOST = 12  # letters of a line, if the word can be parted
_LONGEST, _ALONE = 18, 24  # letters of a line; of one that stands alone
LINES = 3


def width(text: str, size: float) -> float:
    """Return the width in pixels of a line of text in letters of ``size`` pixels; never less than painted."""
    return size * sum(
        0.4 if letter in _NARROW else 1.02 if letter in _WIDE else 0.75 if letter.isupper() else 0.68 for letter in text
    )


@functools.lru_cache(maxsize=1024)
def lines(name: str, most: int = LINES) -> tuple[str, ...]:
    """Return a layer's name in one to three lines, parted where a word begins: ``Batch`` and ``Normalization``.

    What is longer than that ends in dots. With ``most`` = 1 the name is not parted, with 0 there is none.
    """
    if most <= 1:
        return (_cut(name.strip(), _ALONE),) * most
    parts = re.findall(r"[A-Z][a-z]+(?:\d[A-Z]*(?![a-z]))?|[A-Z]+(?![a-z])|[a-z]+|[\d_]+|.", name)
    found = [""]
    for part in parts:
        if found[-1] and len(found[-1]) + len(part) > _MOST and part[:1].isalpha():
            found.append("")
        found[-1] += part
    if len(found) > most:
        found = [*found[: most - 1], "".join(found[most - 1 :])]
    return tuple(_cut(line.strip(), _LONGEST) for line in found)


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


@dataclass(frozen=True)
class Letters:
    """What is written below the glyphs, and how large.

    Attributes:
        factor: how many times as large as in the design the letters are; glyphs stay as they are.
        lines: into how many lines a name may be parted; with 0 no name is written.
        notes: whether shapes, and what else must be said, are written below the names.
        width: returns the width of a text in letters of a size, both in pixels of the design.
    """

    factor: float = 1.0
    lines: int = LINES
    notes: bool = True
    width: Callable[[str, float], float] = width
