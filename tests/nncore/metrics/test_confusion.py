"""Precision, recall, F1 and AUC against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference  # type: ignore[import-untyped]  # it ships no types

from nncore.metrics import AUC, F1Score, Metric, Precision, Recall
from nncore.types import Array

RNG = np.random.default_rng(4)
YES = RNG.integers(0, 2, 300)
SURE = np.clip(0.35 * YES + RNG.normal(0.3, 0.25, 300), 0, 1)
CLASSES = RNG.integers(0, 4, 300)
SHARES = RNG.random((300, 4)) + 0.5 * np.eye(4)[CLASSES]
PAIRS = [
    (Precision(), reference.precision_score),
    (Recall(), reference.recall_score),
    (F1Score(), reference.f1_score),
]
each_pair = pytest.mark.parametrize(("metric", "expected"), PAIRS, ids=["precision", "recall", "f1"])


@each_pair
def test_that_one_output_is_judged_like_in_scikit_learn(metric: Metric, expected: object) -> None:
    assert callable(expected)
    assert metric(YES, SURE[:, None]) == pytest.approx(expected(YES, SURE > 0.5), rel=1e-12)
    assert metric(YES[:, None].astype(float), SURE[:, None]) == metric(YES, SURE[:, None])


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_that_f1_averages_like_scikit_learn(average: str) -> None:
    expected = reference.f1_score(CLASSES, SHARES.argmax(axis=1), average=average)
    assert F1Score(average)(CLASSES, SHARES) == pytest.approx(expected, rel=1e-12)
    several, sure = np.eye(4)[CLASSES], SHARES > 0.9
    expected = reference.f1_score(several, sure, average=average)
    assert F1Score(average, 0.9)(CLASSES, SHARES) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("threshold", [None, 0.5, 0.7])
def test_that_precision_and_recall_take_every_output_for_a_question_of_its_own(threshold: float | None) -> None:
    several, sure = np.eye(4)[CLASSES], (threshold or 0.5) < SHARES
    expected = reference.precision_score(several, sure, average="micro")
    found = Precision(threshold)(CLASSES, SHARES)  # type: ignore[arg-type]  # None stands for 0.5, as in Keras
    assert found == pytest.approx(expected, rel=1e-12)
    expected = reference.recall_score(several, sure, average="micro")
    found = Recall(threshold)(CLASSES, SHARES)  # type: ignore[arg-type]
    assert found == pytest.approx(expected, rel=1e-12)


def test_that_what_was_never_found_has_precision_zero() -> None:
    assert Precision()([1, 1, 0], [[0.1], [0.2], [0.3]]) == 0.0
    assert Recall()([0, 0, 0], [[0.1], [0.9], [0.3]]) == 0.0


def test_that_auc_is_that_of_scikit_learn_for_outputs_between_the_thresholds() -> None:
    on_a_grid = np.floor(SURE * 199) / 199 + 0.5 / 199  # two outputs between the same thresholds are equal
    expected = reference.roc_auc_score(YES, on_a_grid)
    assert AUC()(YES, on_a_grid[:, None]) == pytest.approx(expected, rel=1e-12)
    assert AUC()(YES, SURE[:, None]) == pytest.approx(reference.roc_auc_score(YES, SURE), abs=0.005)


def trapezia(target: Array, output: Array, count: int) -> float:
    """Return the area as Keras describes it: a curve through ``count`` thresholds, one by one."""
    thresholds = [-1e-7, *(place / (count - 1) for place in range(1, count - 1)), 1 + 1e-7]
    found = [(output[target == 1] > threshold).mean() for threshold in thresholds]
    alarms = [(output[target == 0] > threshold).mean() for threshold in thresholds]
    return float(sum((a - b) * (c + d) / 2 for a, b, c, d in zip(alarms, alarms[1:], found, found[1:], strict=False)))


@pytest.mark.parametrize("count", [2, 3, 50, 200])
def test_that_auc_is_the_sum_of_trapezia(count: int) -> None:
    assert AUC(count)(YES, SURE[:, None]) == pytest.approx(trapezia(YES, SURE, count), rel=1e-12)


def test_that_auc_takes_several_outputs_together() -> None:
    together = AUC()(np.eye(4)[CLASSES].reshape(-1, 1), SHARES.reshape(-1, 1))
    assert AUC()(CLASSES, SHARES) == together


def test_that_auc_of_one_kind_of_answer_is_nothing() -> None:
    assert AUC()([1, 1], [[0.2], [0.9]]) == 0.0
