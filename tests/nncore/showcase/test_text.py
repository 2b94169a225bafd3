"""The networks that read have learned more than counting: the order of words, and more than one letter back."""

from __future__ import annotations

import collections
import itertools
import math

import numpy as np
from sklearn.linear_model import LogisticRegression

from nncore.project import load_preset
from nncore.resources import asset
from tests.nncore.showcase.training import learned


def cross_entropy_of_pairs(learned_text: str, text: str, smoothing: float) -> float:
    """Return the nats per letter of a model that knows how often one letter follows another, for ``text[1:]``."""
    pairs = collections.Counter(itertools.pairwise(learned_text))
    firsts = collections.Counter(learned_text[:-1])
    letters = len(set(learned_text) | set(text))
    told = [
        math.log((pairs[first, then] + smoothing) / (firsts[first] + smoothing * letters))
        for first, then in itertools.pairwise(text)
    ]
    return -sum(told) / len(told)


def test_that_the_generator_foretells_unseen_stories_better_than_pairs_of_letters() -> None:
    session = learned(load_preset("text-generator"), epochs=5)
    validation = session.data.validation
    assert validation is not None
    text = asset("samples", "stories.txt").read_text("utf-8")
    end = session.data.train.x.size
    unseen = text[end : end + validation.x.size + 1]
    known = session.data.data.vocabulary
    assert "".join(known[token] for token in validation.y.flat) == unseen[1:]
    pairs = min(cross_entropy_of_pairs(text[: end + 1], unseen, smoothing) for smoothing in (0.01, 0.03, 0.1, 0.3, 1.0))
    assert 2.2 < pairs < 2.3
    assert session.evaluate(validation)["loss"] < pairs - 0.2


def test_that_the_classifier_needs_the_order_of_the_words() -> None:
    session = learned(load_preset("text-classifier"), epochs=10)
    validation, train = session.data.validation, session.data.train
    assert validation is not None

    def bag(tokens: np.ndarray) -> np.ndarray:
        """Return how often each word occurs in each sentence (rows, words), padding left out."""
        words = len(session.data.data.vocabulary)
        return np.stack([np.bincount(sentence, minlength=words)[1:] for sentence in tokens.astype(np.int64)])

    scores = [
        LogisticRegression(C=strength, max_iter=2000).fit(bag(train.x), train.y).score(bag(validation.x), validation.y)
        for strength in (0.01, 0.1, 1.0, 10.0)
    ]
    assert 0.6 < max(scores) < 0.8
    assert session.evaluate(validation)["accuracy"] > max(scores) + 0.1
