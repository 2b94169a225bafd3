"""What the legend of a drawing says, and where."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.drawing import Drawing, Words, arrange, legend, legend_of_parts
from nncore.drawing.legend import LINE, SAMPLE
from nncore.layers import Activation, Conv2D, Dense, Flatten
from nncore.network import Network
from nncore.trace import trace
from tests.nncore.networks import networks

WORDS = Words()


def drawn(network: Network) -> Drawing:
    return arrange(network, trace(network))


def texts(network: Network, learned: bool = True) -> list[str]:
    return [entry.text for entry in legend(drawn(network), learned, WORDS, 1000).entries]


def test_that_only_what_is_drawn_is_explained() -> None:
    links = [WORDS.positive, WORDS.negative, WORDS.strength]
    assert texts(Network((3,), (Dense(4),))) == links
    assert texts(Network((3,), (Dense(4),)), learned=False) == [WORDS.unknown]
    assert texts(Network((3,), (Activation("relu"),))) == []
    assert texts(Network((8, 8, 1), (Conv2D(2, (3, 3)),))) == links[:2], "the places of a kernel are not thick"
    assert texts(Network((8, 8, 1), (Conv2D(2, (3, 3)),)), learned=False) == []


def test_that_the_numbers_are_those_of_a_layer_with_dots() -> None:
    network = Network((28, 28, 1), (Conv2D(64, (3, 3)), Flatten(), Dense(1200), Dense(300)))
    (entry,) = legend_of_parts(drawn(network), WORDS).entries
    assert entry.text == '"12 shown": only 12 of 1,200 are drawn'
    assert len(entry.marks) == 3
    (entry,) = legend_of_parts(drawn(Network((28, 28, 1), (Conv2D(64, (3, 3)),))), WORDS).entries
    assert "of 64 are drawn" in entry.text
    assert entry.marks == ()
    assert entry.words == 0


def test_that_the_samples_are_links_of_growing_strength_of_either_sign() -> None:
    positive, negative, _ = legend(drawn(Network((3,), (Dense(4),))), True, WORDS, 1000).entries
    for entry, sign in ((positive, 1), (negative, -1)):
        assert entry.joint is not None
        assert entry.levels is not None
        strengths = [sign * level for level in memoryview(entry.levels).cast("b")]
        assert strengths == [2, 4, 6]
        assert len(entry.joint.lines) == 3


@given(networks(), st.floats(0, 2000), st.booleans())
def test_that_entries_stand_side_by_side_within_their_width(network: Network, width: float, learned: bool) -> None:
    made = legend(drawn(network), learned, WORDS, width)
    for before, after in itertools.pairwise(made.entries):
        assert after.y > before.y or after.x > before.right
    for entry in made.entries:
        assert entry.x == 0 or entry.right <= width
        assert entry.right <= made.width
        assert LINE / 2 <= entry.y <= made.height - LINE / 2
        for line in entry.joint.lines if entry.joint is not None else ():
            assert -SAMPLE / 2 <= line[0] <= line[2] <= SAMPLE / 2
            assert abs(line[1]) < LINE / 2


@pytest.mark.parametrize("width", [0.0, 250.0])
def test_that_a_narrow_legend_takes_more_lines(width: float) -> None:
    made = legend(drawn(Network((3,), (Dense(4),))), True, WORDS, width)
    assert [entry.y for entry in made.entries] == [LINE * (number + 0.5) for number in range(3)]
