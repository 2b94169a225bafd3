"""Metrics against values counted by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.losses import LOSSES, Target
from nncore.metrics import METRICS, default_metric
from nncore.types import Array

ALL = METRICS.names()


def test_that_accuracy_counts_the_largest_output() -> None:
    output = np.array([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5], [0.9, 0.05, 0.05]])
    value = METRICS.get("accuracy").value
    assert value(np.array([1, 0, 2, 1]), output) == 0.75
    assert value(np.eye(3)[[1, 0, 2, 1]], output) == 0.75


def test_that_accuracy_of_one_yes_or_no_output_is_told_by_a_half() -> None:
    output = np.array([[0.9], [0.2], [0.6], [0.4]])
    assert METRICS.get("accuracy").value(np.array([[1.0], [0.0], [0.0], [0.0]]), output) == 0.75


def test_that_accuracy_counts_every_place_of_a_sequence() -> None:
    output = np.zeros((2, 3, 4))
    output[..., 1] = 1.0
    assert METRICS.get("accuracy").value(np.array([[1, 1, 0], [1, 2, 3]]), output) == 0.5


def test_that_accuracy_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score  # type: ignore[import-untyped]  # it ships no types

    rng = np.random.default_rng(0)
    output, target = rng.random((200, 5)), rng.integers(0, 5, 200)
    expected = accuracy_score(target, output.argmax(axis=1))
    assert METRICS.get("accuracy").value(target, output) == pytest.approx(expected)


def test_that_binary_accuracy_counts_each_output() -> None:
    target, output = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[0.9, 0.8], [0.1, 0.7]])
    assert METRICS.get("binary_accuracy").value(target, output) == 0.5


def test_that_errors_are_means_over_all_entries() -> None:
    target, output = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.5, 2.0], [1.0, 4.0]])
    assert METRICS.get("mae").value(target, output) == 2.5 / 4
    assert METRICS.get("mse").value(target, output) == 4.25 / 4
    assert METRICS.get("mean_absolute_error") is METRICS.get("mae")


def test_that_numbers_in_one_row_meet_outputs_in_one_column() -> None:
    assert METRICS.get("mae").value(np.array([1.0, 2.0]), np.array([[1.0], [3.0]])) == 0.5


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", ["index", "one-hot", "numbers", "one number", "places"])
def test_that_every_metric_takes_the_targets_of_every_loss(name: str, kind: str) -> None:
    rng = np.random.default_rng(0)
    output = rng.random((6, 4, 3) if kind == "places" else (6, 1) if kind == "one number" else (6, 3))
    targets: dict[str, Array] = {
        "index": rng.integers(0, 3, 6),
        "one-hot": np.eye(3)[rng.integers(0, 3, 6)],
        "numbers": rng.random((6, 3)),
        "one number": rng.random((6, 1)),
        "places": rng.integers(0, 3, (6, 4)),
    }
    value = METRICS.get(name).value(targets[kind], output)
    assert type(value) is float
    assert 0 <= value <= 1


@pytest.mark.parametrize("name", ALL)
def test_that_class_numbers_and_one_hot_rows_are_measured_alike(name: str) -> None:
    rng = np.random.default_rng(0)
    output, target = rng.random((20, 3)), rng.integers(0, 3, 20)
    value = METRICS.get(name).value
    assert value(target, output) == pytest.approx(value(np.eye(3)[target], output), rel=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_that_a_perfect_answer_gets_the_best_value(name: str) -> None:
    metric = METRICS.get(name)
    target = np.eye(3)[[0, 1, 2, 1]]
    assert metric.value(target, target.copy()) == (1.0 if metric.higher_is_better else 0.0)
    assert metric.name == name
    assert metric.label


def test_that_classes_are_judged_by_accuracy_and_numbers_by_their_error() -> None:
    loss = LOSSES.get("mse").suggested()
    assert default_metric(loss, Target(3)) == "accuracy"
    assert default_metric(loss, Target(0, (2,))) == "mae"
