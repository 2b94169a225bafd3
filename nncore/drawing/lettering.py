"""How much room words take, estimated without a font: an upper bound for plain sans-serif letters."""

from __future__ import annotations

import re

_NARROW, _WIDE = frozenset("iljtfrI.,:;·'| "), frozenset("mwMWO@%—")
_MOST = 12  # letters of a line, if the word can be parted
_LONGEST = 18  # letters of a line
_LINES = 3


def width(text: str, size: float) -> float:
    """Return the width in pixels of a line of text in letters of ``size`` pixels; never less than painted."""
    return size * sum(
        0.4 if letter in _NARROW else 1.02 if letter in _WIDE else 0.75 if letter.isupper() else 0.68 for letter in text
    )


def lines(name: str) -> tuple[str, ...]:
    """Return a layer's name in one to three lines, parted where a word begins: ``Batch`` and ``Normalization``.

    What is longer than that ends in dots.
    """
    parts = re.findall(r"[A-Z][a-z]+(?:\d[A-Z]*(?![a-z]))?|[A-Z]+(?![a-z])|[a-z]+|[\d_]+|.", name)
    found = [""]
    for part in parts:
        if found[-1] and len(found[-1]) + len(part) > _MOST and part[:1].isalpha():
            found.append("")
        found[-1] += part
    if len(found) > _LINES:
        found = [*found[: _LINES - 1], "".join(found[_LINES - 1 :])]
    return tuple(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…" for line in map(str.strip, found))
