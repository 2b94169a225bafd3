"""Texts that come with the program, written for it: small stories to be continued, and opinions to be told apart."""

from __future__ import annotations

import csv
import functools

import numpy as np

from nncore.datasets.base import TEXT, Data, dataset
from nncore.datasets.shuffle import frozen, shuffled
from nncore.datasets.text import character_vocabulary, encode, next_tokens, word_vocabulary
from nncore.losses import Target
from nncore.resources import asset

_WINDOW = 40
_CHARACTERS = 53
_SPOKEN = {"\n": "line break", " ": "space"}


@dataset(
    name="stories",
    title="Stories",
    kind=TEXT,
    input_shape=(_WINDOW,),
    target=Target(classes=_CHARACTERS, shape=(_WINDOW,)),
    samples=1110,
    offline=True,
    help="Small stories in simple English, letter by letter: which character comes next?",
)
@functools.cache
def load_stories() -> Data:
    """Return 40 characters, x (1110, 40), and for each of them the next one, y (1110, 40).

    The rows follow each other in the text, so the validation part has stories that were not learned.
    """
    text = asset("samples", "stories.txt").read_text("utf-8")
    vocabulary = character_vocabulary(text)
    x, y = next_tokens(encode(text, vocabulary), _WINDOW)
    return Data(
        name="stories",
        kind=TEXT,
        x=frozen(x),
        y=frozen(y),
        target=Target(classes=len(vocabulary), shape=(_WINDOW,)),
        class_names=tuple(_SPOKEN.get(character, character) for character in vocabulary),
        target_name="next character",
        source="written for this program",
        vocabulary=vocabulary,
    )


_SENTENCE = 16


@dataset(
    name="reviews",
    title="Reviews",
    kind=TEXT,
    input_shape=(_SENTENCE,),
    target=Target(classes=2),
    samples=1000,
    offline=True,
    help="Opinions on films, food, journeys and lessons, in a sentence each: positive or negative?",
)
@functools.cache
def load_reviews() -> Data:
    """Return sentences of up to 16 words, x (1000, 16), padded at the end, and whether they are positive."""
    with asset("samples", "reviews.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    class_names = ("negative", "positive")
    vocabulary = word_vocabulary(row["text"] for row in rows)
    x, y = shuffled(
        np.stack([encode(row["text"], vocabulary, _SENTENCE) for row in rows]),
        np.array([class_names.index(row["label"]) for row in rows], dtype=np.int64),
    )
    return Data(
        name="reviews",
        kind=TEXT,
        x=frozen(x),
        y=frozen(y),
        target=Target(classes=2),
        class_names=class_names,
        target_name="opinion",
        source="written for this program",
        vocabulary=vocabulary,
    )
