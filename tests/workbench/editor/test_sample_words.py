"""The length of a text is told in what it is made of."""

from __future__ import annotations

import pytest

from nncore.datasets import DATASETS
from workbench.data_facts import sample_words


@pytest.mark.parametrize(
    ("name", "words"), [("reviews", "16 words"), ("stories", "40 characters"), ("wine", ""), ("digits", "")]
)
def test_that_only_texts_are_told_in_words(name: str, words: str) -> None:
    assert sample_words(DATASETS.get(name).load()) == words
