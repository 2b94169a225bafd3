"""Equations as rich text: variables in italics, functions upright, ``_`` and ``^`` lowered and raised."""

from __future__ import annotations

import html
import re

_TOKEN = re.compile(r"[_^]\{(?P<group>[^{}]*)\}|[_^](?P<one>\w)|(?P<word>[^\W\d_]+)|(?P<rest>.)", re.DOTALL)


def typeset(equation: str) -> str:
    """Return rich text for an equation as layers declare it: ``y_k = f(x W^{T} + b)``."""
    return "".join(_set_token(token) for token in _TOKEN.finditer(equation))


def _set_token(token: re.Match[str]) -> str:
    text = token.group()
    if text[0] in "_^" and len(text) > 1:
        tag = "sub" if text[0] == "_" else "sup"
        inner = token.group("group") if token.group("group") is not None else token.group("one")
        return f"<{tag}>{typeset(inner)}</{tag}>"
    word = token.group("word")
    # A single letter is a variable; a word is the name of a function, set upright as in books.
    if word is not None and len(word) == 1:
        return f"<i>{html.escape(word)}</i>"
    return html.escape(text)
