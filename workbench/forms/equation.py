"""Equations as rich text: variables in italics, functions upright, ``_`` and ``^`` lowered and raised.

Several equations, parted by line ends, by "; " or by a comma with two spaces, stand below each other.

Invariant: what belongs together stays on one line. An equation that is too long for its place is parted behind =, in
front of an outermost + or −, behind a comma, or between two words, and nowhere else.
"""

from __future__ import annotations

import functools
import html
import re

from workbench.theme import fonts

_TOKEN = re.compile(
    r"[_^]\{(?P<group>[^{}]*)\}|\^\((?P<power>[^()]*)\)|[_^](?P<one>[^\W\d_]+|\d+|⌊[^⌋]*⌋)"
    r"|(?P<word>[^\W\d_]+)|(?P<rest>.)",
    re.DOTALL,
)
_NAME = 3
"""Letters of the shortest name in an index, such as ``top``; runs without braces are always single letters."""
_PARTED = re.compile(r"\n|;\s|,\s\s+")
_SUM = re.compile(r" [+−] ")
_INDEX = 100
_TIED = "\u00a0"
"""A space at which no line ends."""

# A line that is too long for its place goes on a little further to the right.
_LINE = '<p style="margin: 0px 0px 3px 16px; text-indent: -16px">{}</p>'


def equations(text: str) -> list[str]:
    """Return the single equations of a text that may hold several."""
    return [line.strip() for line in _PARTED.split(text) if line.strip()]


@functools.lru_cache(256)
def typeset(equation: str) -> str:
    """Return rich text for one or more equations as layers declare them: ``y_k = f(x W^{T} + b)``."""
    lines = [_typeset(_tied(line)) for line in equations(equation)]
    return lines[0] if len(lines) == 1 else "".join(_LINE.format(line) for line in lines)


def tip_equation(equation: str) -> str:
    """Return a paragraph with an equation for a tooltip: larger than its words, or an index could not be read."""
    return f'<p style="font-family: {fonts.SERIF}; font-size: {fonts.pixels(16)}px">{typeset(equation)}</p>'


def _tied(equation: str) -> str:
    """Return an equation with the spaces tied at which no line may end."""
    places = [place for place, letter in enumerate(equation) if letter == " "]
    depths = {place: _depth(equation[:place]) for place in places}
    sums = [depths[place] for place in places if _SUM.match(equation, place)]
    outermost = min((depth for depth in sums if depth < _INDEX), default=0)
    tied = list(equation)
    for place, depth in depths.items():
        if depth > outermost or not _may_end(equation, place):
            tied[place] = _TIED
    return "".join(tied)


def _depth(text: str) -> int:
    """Return how many brackets are open at the end of a text; an index counts more than any of them."""
    brackets = sum(text.count(opening) - text.count(closing) for opening, closing in ("()", "[]"))
    return brackets + _INDEX * (text.count("{") - text.count("}"))


def _may_end(equation: str, place: int) -> bool:
    """Whether a line may end at a space."""
    words = equation[:place][-2:].isalpha() and equation[place + 1 :][:2].isalpha()
    return words or equation[place - 1] in "=←," or _SUM.match(equation, place) is not None


def _typeset(equation: str, level: str = "") -> str:
    return "".join(_set_token(token, level) for token in _TOKEN.finditer(equation))


def _set_token(token: re.Match[str], level: str) -> str:
    """Return rich text for one token; ``level`` is "sub" or "sup" inside an index or a power."""
    text = token.group()
    if text[0] in "_^" and len(text) > 1:
        tag = "sub" if text[0] == "_" else "sup"
        run = token.group("one")
        if tag == "sub" and run and run.isalpha():
            inner = f"<i>{html.escape(run)}</i>"
        else:
            inner = _typeset(next(part for part in token.group("group", "power", "one") if part is not None), tag)
        # Qt cannot lower within what is raised; an index in a power is made smaller instead.
        return f"<small>{inner}</small>" if level else f"<{tag}>{inner}</{tag}>"
    word = token.group("word")
    # A single letter is a variable, and so are those of an index such as hw, where a longer word is a name. Elsewhere a
    # word is the name of a function, set upright as in books.
    if word is not None and (len(word) == 1 or (level == "sub" and word.islower() and len(word) < _NAME)):
        return f"<i>{html.escape(word)}</i>"
    return html.escape(text)
