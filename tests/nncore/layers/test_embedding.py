"""Embedding: rows of a table, their gradients, masks, and token numbers that it does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.errors import DataError, FieldError
from nncore.initializers import RandomUniform
from nncore.layers import LSTM, Embedding, Flatten, TimeDistributed
from nncore.network import Network
from nncore.plan import Bound, initial_parameters
from nncore.types import Array, Shape
from tests.nncore.harness import QUICK, Case


def tokens(*shape: int, below: int = 6, seed: int = 3) -> Array:
    """Return random token numbers as a network gets them."""
    return np.random.default_rng(seed).integers(0, below, shape).astype(np.float64)


@pytest.mark.parametrize("shape", [(4,), (1,), (3, 2), ()])
def test_that_each_token_becomes_its_row(shape: Shape) -> None:
    x = tokens(5, *shape)
    case = Case(Network(shape, (Embedding(6, 3),)), 5, x=x)
    table = case.parameters.reshape(6, 3)
    y = case.results()["output"]
    assert y.shape == (5, *shape, 3)
    for place in np.ndindex(x.shape):
        np.testing.assert_array_equal(y[place], table[int(x[place])])


@QUICK
@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 8), st.integers(1, 4), st.integers(0, 9))
def test_that_the_gradient_of_a_row_is_the_sum_over_its_places(
    rows: int, time: int, vocabulary: int, width: int, seed: int
) -> None:
    x = tokens(rows, time, below=vocabulary, seed=seed)
    case = Case(Network((time,), (Embedding(vocabulary, width),)), rows, x=x)
    case.backward()
    expected = np.zeros((vocabulary, width))
    for place in np.ndindex(x.shape):
        expected[int(x[place])] += case.target[place]
    np.testing.assert_allclose(case.plan.gradients.reshape(vocabulary, width), expected, rtol=1e-12, atol=1e-14)


def test_that_a_token_number_has_no_gradient() -> None:
    case = Case(Network((4,), (Embedding(6, 3),)), 2, x=tokens(2, 4))
    case.bound = Bound(case.plan, 2, input_gradient=True)
    assert case.bound.dx is not None
    case.bound.dx[...] = np.nan
    case.backward()
    np.testing.assert_array_equal(case.bound.dx, np.zeros((2, 4)))


def test_that_the_largest_vocabulary_keeps_neighbours_apart_in_single_precision() -> None:
    largest = int(Embedding.field("input_dim").rule.le or 0)
    assert np.float32(largest - 1) != np.float32(largest - 2)
    with pytest.raises(FieldError, match="input_dim"):
        Embedding(largest + 1, 2)


def test_that_the_defaults_are_those_of_keras() -> None:
    layer = Embedding(1000, 8)
    assert (layer.embeddings_initializer, layer.mask_zero) == (RandomUniform(-0.05, 0.05), False)
    (weight,) = layer.weights((7,))
    assert (weight.name, weight.shape) == ("embeddings", (1000, 8))
    drawn = initial_parameters(Network((7,), (layer,)), 0)
    assert 0.0499 < np.abs(drawn).max() <= 0.05


def test_that_arguments_of_older_listings_are_understood() -> None:
    make: Any = Embedding
    assert make(input_dim=9, output_dim=4, input_length=7) == Embedding(9, 4, input_shape=(7,))
    assert make(input_dim=9, output_dim=4, dtype="float32") == Embedding(9, 4)
    with pytest.raises(FieldError, match="weights"):
        make(9, 4, weights=[1])


@pytest.mark.parametrize("mask_zero", [True, False])
def test_that_token_zero_is_masked_only_when_asked(mask_zero: bool) -> None:
    x = np.array([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]])
    network = Network((4,), (Embedding(6, 3, mask_zero=mask_zero), LSTM(2, return_sequences=True)))
    case = Case(network, 2, x=x)
    y = case.results()["output"]
    assert case.bound.loss is not None
    if mask_zero:
        assert case.bound.loss.mask is not None
        np.testing.assert_array_equal(case.bound.loss.mask, x != 0)
        np.testing.assert_array_equal(y[0, 2:], y[0, [1, 1]])
        np.testing.assert_array_equal(y[1, :2], 0)
    else:
        assert case.bound.loss.mask is None
        assert (y[0, 2:] != y[0, [1, 1]]).all()


def test_that_a_layer_that_knows_no_masks_ends_the_mask() -> None:
    case = Case(Network((4,), (Embedding(6, 3, mask_zero=True), Flatten())), 2, x=tokens(2, 4))
    assert case.bound.loss is not None
    assert case.bound.loss.mask is None


@pytest.mark.parametrize(
    ("values", "sentence", "remedy"),
    [
        ([[0, 5], [6, 9]], "sample 2 holds 6 at position 1.", "Set input_dim to at least 10."),
        ([[0, 5], [1, 1e6]], "sample 2 holds 1,000,000 at position 2.", "Set input_dim to at least 1,000,001."),
        ([[0, -1], [6, 9]], "sample 1 holds -1 at position 2.", "Feed token numbers"),
        ([[0, 1], [2.5, 3]], "sample 2 holds 2.5 at position 1.", "Feed token numbers"),
        ([[0, 1], [np.nan, 3]], "sample 2 holds nan at position 1.", "Feed token numbers"),
        ([[0, 1], [6, np.inf]], "sample 2 holds 6 at position 1.", "Feed token numbers"),
        ([[0, 1], [6, 2.0**24]], "sample 2 holds 6 at position 1.", "Feed token numbers"),
        ([[[1, 1], [1, 7]]], "sample 1 holds 7 at position 2, 2.", "Set input_dim to at least 8."),
        ([3, 8], "sample 2 holds 8.", "Set input_dim to at least 9."),
    ],
)
def test_that_the_first_unknown_token_is_named_with_its_place(values: list[float], sentence: str, remedy: str) -> None:
    with pytest.raises(DataError) as caught:
        Embedding(6, 3).check_samples(np.array(values, np.float32))
    assert caught.value.sentence == f"Embedding reads whole numbers from 0 to 5, but {sentence}"
    assert caught.value.remedy.startswith(remedy)


def test_that_known_tokens_are_accepted() -> None:
    Embedding(6, 3).check_samples(tokens(20, 4))
    Embedding(6, 3).check_samples(np.zeros((0, 4)))


def test_that_a_wrapped_embedding_names_the_sample() -> None:
    x = tokens(4, 3, 2)
    TimeDistributed(Embedding(6, 3)).check_samples(x)
    x[2, 1, 1] = 6
    with pytest.raises(DataError, match="sample 3 holds 6"):
        TimeDistributed(Embedding(6, 3)).check_samples(x)
