"""Texts are drawn from the network's own probabilities, sharpened or flattened by the temperature."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets.text import encode
from nncore.errors import InputError
from nncore.generation import generate, only_looks_back, tempered
from nncore.layers import LSTM, Bidirectional, Dense, Embedding
from nncore.network import Network
from nncore.plan import initial_parameters
from nncore.predictor import Predictor
from nncore.types import Array

PLACES, TOKENS = 5, 4
NETWORK = Network((PLACES,), (Embedding(TOKENS, TOKENS), Dense(TOKENS, activation="softmax")))
FOLLOWS = np.array([[0.1, 0.6, 0.2, 0.1], [0.05, 0.05, 0.8, 0.1], [0.25, 0.3, 0.2, 0.25], [0.7, 0.1, 0.1, 0.1]])
"""Of each token the probabilities of what follows it: the network is a bigram model."""


def predictor(follows: Array = FOLLOWS) -> Predictor:
    """Return a network that gives at each place the probabilities of the row of its token."""
    parameters = [np.log(follows).ravel(), np.eye(TOKENS).ravel(), np.zeros(TOKENS)]
    return Predictor(NETWORK, np.concatenate(parameters).astype(np.float32))


def text(seed: int = 0, length: int = 40, temperature: float = 1.0, start: tuple[int, ...] = (0,)) -> list[int]:
    return list(generate(predictor(), start, length, temperature, np.random.default_rng(seed)))


@given(
    shares=st.lists(st.floats(1e-3, 1.0), min_size=2, max_size=9),
    temperature=st.floats(0.1, 3.0),
)
def test_that_tempered_probabilities_are_the_softmax_of_tempered_logits(
    shares: list[float], temperature: float
) -> None:
    p = np.array(shares) / sum(shares)
    expected = p ** (1 / temperature) / (p ** (1 / temperature)).sum()
    np.testing.assert_allclose(tempered(p, temperature), expected, rtol=1e-9)
    np.testing.assert_allclose(tempered(np.log(p) + 3, temperature, from_logits=True), expected, rtol=1e-9)


def test_that_temperature_one_changes_nothing_and_an_impossible_token_stays_impossible() -> None:
    np.testing.assert_allclose(tempered(np.array([0.5, 0.0, 0.5]), 1.0), [0.5, 0, 0.5])
    assert tempered(np.array([0.9, 0.0, 0.1]), 2.0)[1] == 0


def test_that_a_temperature_near_zero_takes_the_likeliest_token() -> None:
    assert text(temperature=1e-6, length=8) == [1, 2, 1, 2, 1, 2, 1, 2]
    assert text(seed=9, temperature=1e-6, length=8) == text(seed=1, temperature=1e-6, length=8)


def test_that_temperature_one_reproduces_the_networks_probabilities() -> None:
    written = [0, *text(length=12_000)]
    counts = np.zeros((TOKENS, TOKENS))
    np.add.at(counts, (written[:-1], written[1:]), 1)
    np.testing.assert_allclose(counts / counts.sum(axis=1, keepdims=True), FOLLOWS, atol=0.04)


def test_that_a_high_temperature_makes_tokens_more_alike() -> None:
    low, high = (np.bincount(text(length=3000, temperature=t), minlength=4) for t in (0.3, 3.0))
    assert high.std() < low.std()


def test_that_the_same_seed_writes_the_same_text_and_another_seed_another_one() -> None:
    assert text(seed=3) == text(seed=3)
    assert text(seed=3) != text(seed=4)


def test_that_a_text_goes_on_from_its_last_token_however_long_its_beginning_is() -> None:
    assert text(start=(3, 3, 3, 3, 3, 3, 3, 1), temperature=1e-6, length=1) == [2]
    assert text(start=(3,), temperature=1e-6, length=1) == [0]
    assert text(start=(), temperature=1e-6, length=1) == [1]  # it begins with token 0, which 1 follows


def windows(network: Network, start: tuple[int, ...], length: int) -> tuple[list[Array], list[int]]:
    """Return what a network of random weights is shown while it writes, and what it writes."""
    seen: list[Array] = []

    class Watched(Predictor):
        def predict(self, x: Array) -> Array:
            if len(x) == 1:
                seen.append(x[0].copy())
            return super().predict(x)

    watched = Watched(network, initial_parameters(network, 3))
    return seen, list(generate(watched, start, length, 1.0, np.random.default_rng(0)))


LAST_ONLY = Network((PLACES,), (Embedding(TOKENS, 3), LSTM(3), Dense(TOKENS, activation="softmax")))
BOTH_WAYS = Network(
    (PLACES,),
    (Embedding(TOKENS, 3), Bidirectional(LSTM(3, return_sequences=True)), Dense(TOKENS, activation="softmax")),
)
BACK_ONLY = Network((PLACES,), (Embedding(TOKENS, 3), LSTM(3, return_sequences=True), *BOTH_WAYS.layers[2:]))


@pytest.mark.parametrize("network", [LAST_ONLY, BOTH_WAYS], ids=["one answer", "both ways"])
def test_that_a_short_text_is_filled_up_as_texts_are_encoded(network: Network) -> None:
    vocabulary = ("\n", "a", "b", "c")
    seen, written = windows(network, (1, 2), 7)
    for number, window in enumerate(seen):
        told = "ab" + "".join(vocabulary[token] for token in written[:number])
        np.testing.assert_array_equal(window, encode(told, vocabulary, PLACES))


def test_that_a_network_that_only_looks_back_sees_a_short_text_as_the_beginning_of_a_row() -> None:
    seen, written = windows(BACK_ONLY, (1, 2), 7)
    told = [1, 2, *written]
    assert [list(window) for window in seen[:4]] == [
        told[:count] + [0] * (PLACES - count) for count in range(2, PLACES + 1)
    ]
    assert [list(window) for window in seen[4:]] == [told[count - PLACES : count] for count in range(6, 9)]


def test_that_the_answer_behind_the_last_known_token_counts() -> None:
    network = BACK_ONLY
    made = Predictor(network, 4 * initial_parameters(network, 3))
    likeliest = int(made.predict(np.array([[1, 2, 0, 0, 0]]))[0, 1].argmax())
    assert list(generate(made, (1, 2), 1, 1e-6, np.random.default_rng(0))) == [likeliest]


def test_that_looking_back_only_is_told_from_looking_ahead() -> None:
    found = [only_looks_back(Predictor(net, initial_parameters(net, 0))) for net in (BACK_ONLY, BOTH_WAYS, LAST_ONLY)]
    assert found == [True, False, False]


def test_that_only_what_is_asked_for_is_computed() -> None:
    endless = generate(predictor(), (0,), 10**9, 1.0, np.random.default_rng(0))
    assert len(list(islice(endless, 3))) == 3


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan")])
def test_that_a_temperature_must_be_above_zero(temperature: float) -> None:
    with pytest.raises(InputError, match="above 0"):
        tempered(np.array([0.5, 0.5]), temperature)


@pytest.mark.parametrize("output", [[np.nan, 0.5], [-1.0, 2.0], [0.0, 0.0]])
def test_that_outputs_that_are_no_probabilities_are_refused(output: list[float]) -> None:
    with pytest.raises(InputError, match="probabilities"):
        tempered(np.array(output), 1.0)
