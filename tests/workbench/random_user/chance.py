"""What is left to chance: values for the actions, all equally likely, and actions dealt like cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
Draw = Callable[[Random], T]
"""Draws one value. Strategies of Hypothesis would repeat themselves, and more so the larger the program is."""


def one_of(*choices: T) -> Draw[T]:
    """Any of these."""
    return lambda chance: chance.choice(choices)


def between(least: int, most: int) -> Draw[int]:
    """Any whole number from the first to the last."""
    return lambda chance: chance.randint(least, most)


def anywhere(chance: Random) -> float:
    """Return a place in a list, from 0 for its start to 1 for its end, and often one of them."""
    return chance.choice((0.0, chance.random(), chance.random(), 1.0))


def yes_or_no(chance: Random) -> bool:
    """Return either."""
    return chance.random() < 0.5


class Deck(Generic[T]):
    """Cards that are dealt one after the other, and shuffled when all were: each comes equally often."""

    def __init__(self, cards: Sequence[T]) -> None:
        self._cards = tuple(cards)
        self._left: list[T] = []

    def deal(self, chance: Random) -> T:
        """Return the next card."""
        if not self._left:
            self._left = chance.sample(self._cards, len(self._cards))
        return self._left.pop()
