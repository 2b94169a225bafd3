"""Texts and token numbers: how a sentence becomes a row of whole numbers, and how it comes back.

A vocabulary is a tuple: a token is the place of its word or character in it. There are two kinds. One is of words, as
Keras's ``TextVectorization`` makes it: entry 0 is padding, entry 1 stands for every unknown word, and the frequent
words come first. The other is of characters, in alphabetical order, without padding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

from nncore.types import Array

PADDING, UNKNOWN = "", "[UNK]"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, without punctuation: "It's good!" has "it's" and "good"."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def word_vocabulary(texts: Iterable[str], least: int = 2) -> tuple[str, ...]:
    """Return padding, the unknown word, and all words that occur at least ``least`` times, frequent ones first."""
    counts = Counter(word for text in texts for word in words(text))
    kept = [word for word, count in counts.items() if count >= least]
    return (PADDING, UNKNOWN, *sorted(kept, key=lambda word: (-counts[word], word)))


def character_vocabulary(text: str) -> tuple[str, ...]:
    """Return the characters of a text in alphabetical order; the line break comes first."""
    return tuple(sorted(set(text)))


def is_characters(vocabulary: tuple[str, ...]) -> bool:
    """Tell whether a vocabulary is one of characters."""
    return all(len(entry) == 1 for entry in vocabulary)


def encode(text: str, vocabulary: tuple[str, ...], length: int | None = None) -> Array:
    """Return a text as token numbers, (length,) int64.

    Words that the vocabulary lacks become entry 1. A character that it lacks is tried as a small or large letter, and
    left out otherwise.

    Args:
        length: None for as many tokens as the text has. A sentence of words is filled up with padding at its end, and
            cut there; of characters, the last ones are kept, because it is there that a text is continued, and what
            is missing is filled up with entry 0, the line break, at the front.
    """
    places = {entry: number for number, entry in enumerate(vocabulary)}
    if is_characters(vocabulary):
        tokens = [places[found] for character in text if (found := _known(character, places))]
        if length is not None:
            kept = tokens[max(0, len(tokens) - length) :]
            tokens = [0] * (length - len(kept)) + kept
    else:
        unknown = places[UNKNOWN]
        tokens = [places.get(word, unknown) for word in words(text)]
        if length is not None:
            tokens = tokens[:length] + [places[PADDING]] * (length - len(tokens))
    return np.array(tokens, dtype=np.int64)


def _known(character: str, places: dict[str, int]) -> str:
    return next((form for form in (character, character.lower(), character.upper()) if form in places), "")


def decode(tokens: Array, vocabulary: tuple[str, ...]) -> str:
    """Return the text of token numbers: characters one after another, words with spaces between and no padding."""
    entries = [vocabulary[int(token)] for token in tokens]
    if is_characters(vocabulary):
        return "".join(entries)
    return " ".join(entry for entry in entries if entry != PADDING)


def translate(tokens: Array, before: tuple[str, ...], after: tuple[str, ...]) -> Array:
    """Return tokens of the vocabulary ``before`` as tokens of ``after``: the same words under other numbers.

    What ``after`` does not know becomes the unknown word; in a vocabulary of characters, entry 0.
    """
    places = {entry: number for number, entry in enumerate(after)}
    unknown = places.get(UNKNOWN, 0)
    table = np.array([places.get(entry, unknown) for entry in before], dtype=np.int64)
    translated: Array = table[tokens]
    return translated


def next_tokens(tokens: Array, length: int) -> tuple[Array, Array]:
    """Return windows (rows, length) of a text, one behind the other, and the token that follows each of their tokens.

    Each token but the first is a target exactly once, so parts made of different rows share no target; what is left at
    the end and does not fill a row is dropped.

    Args:
        tokens: (n,) int64, of which (n - 1) // length rows can be made.
    """
    rows = (len(tokens) - 1) // length
    end = rows * length
    return tokens[:end].reshape(rows, length), tokens[1 : end + 1].reshape(rows, length)
