"""What is told of data that were loaded: how many, what one of them is made of, and what is predicted."""

from __future__ import annotations

import pytest

from nncore.datasets import DATASETS, prepare
from workbench.data_facts import loaded_words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wine", ", 13 inputs, predicts "),
        ("digits", ", pictures of 8 × 8 pixels, predicts "),
        ("airline-passengers", ", 12 numbers each, predicts "),
        ("reviews", ", 16 words each, "),
        ("stories", ", 40 characters each, predicts "),
    ],
)
def test_that_the_size_of_a_sample_has_a_unit(name: str, words: str) -> None:
    assert words in loaded_words("Some data", prepare(DATASETS.get(name).load(), validation_split=0.1))
