"""Names to things: one registry for each kind (layers, losses, optimizers, data sets, exporters).

A registry keeps the order of registration, refuses a name that is already taken, and answers an unknown name with a
sentence that offers the nearest known one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Generic, TypeVar

from nncore.errors import InputError

T = TypeVar("T")

_MANY = 20
"""More names than this are no help in a sentence."""


def did_you_mean(name: str, known: list[str], all_hint: str = "") -> str:
    """Return the second half of an "unknown name" message: the nearest name, or all of them."""
    close = difflib.get_close_matches(name.lower(), [item.lower() for item in known], n=1)
    for item in known:
        if close and item.lower() == close[0]:
            return f'Did you mean "{item}"?'
    if not all_hint and len(known) > _MANY:
        near = difflib.get_close_matches(name.lower(), [item.lower() for item in known], n=3, cutoff=0.0)
        nearest = [item for word in near for item in known if item.lower() == word]
        return f"The nearest names are {', '.join(nearest)}."
    return all_hint or f"Choose one of: {', '.join(known)}."


class Registry(Generic[T]):
    """An ordered table from name to thing.

    Args:
        noun: what the entries are called in messages, for example ``"layer"``.
    """

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, T] = {}
        self._aliases: dict[str, str] = {}

    def add(self, name: str, entry: T, *aliases: str) -> T:
        """Register ``entry``; raise ``ValueError`` when a name is already taken."""
        for key in (name, *aliases):
            if key in self._entries or key in self._aliases:
                raise ValueError(f'The {self.noun} name "{key}" is already taken.')
        self._entries[name] = entry
        self._aliases.update(dict.fromkeys(aliases, name))
        return entry

    def get(self, name: object) -> T:
        """Return the entry called ``name`` or one of its aliases; raise ``InputError`` when there is none."""
        if not isinstance(name, str):  # scripts pass what other libraries take, such as a function
            raise InputError(
                f"A {self.noun} is chosen by its name, but got {name!s:.60}.",
                f"Choose one of: {', '.join(self.names())}.",
            )
        key = self._aliases.get(name, name)
        if key not in self._entries:
            raise InputError(f'There is no {self.noun} called "{name}".', did_you_mean(name, self.names()))
        return self._entries[key]

    def names(self) -> list[str]:
        """Return the registered names, without aliases, in the order of registration."""
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries or name in self._aliases

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def items(self) -> list[tuple[str, T]]:
        """Return (name, entry) pairs in the order of registration."""
        return list(self._entries.items())
