"""Accuracies against values counted by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, top_k_accuracy_score  # type: ignore[import-untyped]  # it ships no types

from nncore.metrics import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
)


def test_that_accuracy_counts_the_largest_output() -> None:
    output = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5], [0.9, 0.05, 0.05]]
    for metric in (Accuracy(), CategoricalAccuracy(), SparseCategoricalAccuracy()):
        assert metric([1, 0, 2, 1], output) == 0.75
        assert metric(np.eye(3)[[1, 0, 2, 1]], output) == 0.75


def test_that_accuracy_of_one_yes_or_no_output_is_told_by_a_half() -> None:
    assert Accuracy()([[1.0], [0.0], [0.0], [0.0]], [[0.9], [0.2], [0.6], [0.4]]) == 0.75


def test_that_accuracy_counts_every_place_of_a_sequence() -> None:
    output = np.zeros((2, 3, 4))
    output[..., 1] = 1.0
    assert Accuracy()([[1, 1, 0], [1, 2, 3]], output) == 0.5
    assert Accuracy()([[1, 1, 0], [1, 2, 3]], output, mask=[[1, 1, 0], [1, 1, 0]]) == 0.75


def test_that_accuracies_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    output, target = rng.random((200, 7)), rng.integers(0, 7, 200)
    assert Accuracy()(target, output) == pytest.approx(accuracy_score(target, output.argmax(axis=1)))
    for k in (1, 3, 5):
        expected = top_k_accuracy_score(target, output, k=k)
        assert TopKCategoricalAccuracy(k)(target, output) == pytest.approx(expected)
        assert SparseTopKCategoricalAccuracy(k)(np.eye(7)[target], output) == pytest.approx(expected)


def test_that_binary_accuracy_counts_each_output_against_its_threshold() -> None:
    target, output = [[1.0, 0.0], [1.0, 1.0]], [[0.9, 0.8], [0.1, 0.7]]
    assert BinaryAccuracy()(target, output) == 0.5
    assert BinaryAccuracy(0.85)(target, output) == 0.5
    assert BinaryAccuracy(0.05)(target, output) == 0.75
