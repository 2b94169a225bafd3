"""Losses against formulas written out here, and against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.errors import DataError
from nncore.layers import Activation
from nncore.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Hinge,
    Huber,
    KLDivergence,
    LogCosh,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from nncore.network import Network
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import Case


def test_that_mean_squared_error_is_the_mean_of_squares() -> None:
    assert MeanSquaredError()([[1.0, 2.0], [3.0, 4.0]], [[2.0, 2.0], [3.0, 0.0]]) == (1 + 0 + 0 + 16) / 4


def test_that_binary_crossentropy_has_its_known_value() -> None:
    expected = -(math.log(0.9) + math.log(0.8)) / 2
    assert BinaryCrossentropy()([[1.0], [0.0]], [[0.9], [0.2]]) == pytest.approx(expected, rel=1e-12)
    assert BinaryCrossentropy(from_logits=True)([[1.0]], [[0.0]]) == pytest.approx(math.log(2), rel=1e-12)


def test_that_the_categorical_crossentropies_have_their_known_value() -> None:
    p = [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]
    expected = -(math.log(0.95) + math.log(0.1)) / 2
    assert CategoricalCrossentropy()([[0, 1, 0], [0, 0, 1]], p) == pytest.approx(expected, rel=1e-6)
    assert SparseCategoricalCrossentropy()([1, 2], p) == pytest.approx(expected, rel=1e-6)
    assert SparseCategoricalCrossentropy()([[1], [2]], p) == pytest.approx(expected, rel=1e-6)
    logits = [[0.0, 0.0, 0.0, 0.0]]
    assert SparseCategoricalCrossentropy(from_logits=True)([2], logits) == pytest.approx(math.log(4), rel=1e-12)


def test_that_a_sure_wrong_answer_costs_the_distance_of_the_logits() -> None:
    z = np.array([[1e4, -1e4]])
    assert SparseCategoricalCrossentropy(from_logits=True)([1], z) == pytest.approx(2e4)
    assert CategoricalCrossentropy(from_logits=True)([[0, 1]], z) == pytest.approx(2e4)
    assert BinaryCrossentropy(from_logits=True)([[0, 1]], z) == pytest.approx(1e4)


def test_that_targets_in_one_row_meet_outputs_in_one_column() -> None:
    targets, outputs = [1.0, 0.0, 1.0], [[0.9], [0.2], [0.6]]
    expected = -(math.log(0.9) + math.log(0.8) + math.log(0.6)) / 3
    assert BinaryCrossentropy()(targets, outputs) == pytest.approx(expected, rel=1e-12)
    assert MeanSquaredError()(targets, outputs) == pytest.approx((0.01 + 0.04 + 0.16) / 3, rel=1e-12)


def test_that_targets_of_another_size_are_refused() -> None:
    for loss in (MeanSquaredError(), BinaryCrossentropy(), CategoricalCrossentropy()):
        with pytest.raises(DataError, match="2 × 3"):
            loss(np.zeros((2, 3)), np.full((2, 4), 0.25))
    with pytest.raises(DataError, match="3"):
        SparseCategoricalCrossentropy()([0, 1, 2], np.full((2, 4), 0.25))


def probabilities(rows: int, classes: int) -> Array:
    raw = np.random.default_rng(1).uniform(0.01, 1.0, (rows, classes))
    shares: Array = raw / raw.sum(axis=1, keepdims=True)
    return shares


def test_that_the_cross_entropies_agree_with_scikit_learn() -> None:
    from sklearn.metrics import log_loss  # type: ignore[import-untyped]  # it ships no types

    p = probabilities(60, 7)
    y = np.random.default_rng(2).integers(0, 7, 60)
    expected = log_loss(y, p, labels=list(range(7)))
    assert SparseCategoricalCrossentropy()(y, p) == pytest.approx(expected, rel=1e-12)
    assert SparseCategoricalCrossentropy(from_logits=True)(y, np.log(p) + 3.0) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy()(np.eye(7)[y], p) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy(from_logits=True)(np.eye(7)[y], np.log(p)) == pytest.approx(expected, rel=1e-12)
    yes, q = y % 2, p[:, :1]
    expected = log_loss(yes, np.hstack([1 - q, q]))
    assert BinaryCrossentropy()(yes[:, None], q) == pytest.approx(expected, rel=1e-12)
    logits = np.log(q / (1 - q))
    assert BinaryCrossentropy(from_logits=True)(yes[:, None], logits) == pytest.approx(expected, rel=1e-12)


def test_that_probabilities_need_not_sum_to_one() -> None:
    p = probabilities(6, 3)
    y = np.array([0, 1, 2, 0, 1, 2])
    assert SparseCategoricalCrossentropy()(y, p * 5) == pytest.approx(SparseCategoricalCrossentropy()(y, p), rel=1e-12)


def test_that_shares_as_targets_are_weighed() -> None:
    t, p = np.array([[0.3, 0.7], [0.5, 0.25]]), np.array([[0.6, 0.4], [0.2, 0.8]])
    expected = -float((t * np.log(p)).sum(axis=1).mean())
    assert CategoricalCrossentropy()(t, p) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy(from_logits=True)(t, np.log(p)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("cls", [CategoricalCrossentropy, SparseCategoricalCrossentropy])
@pytest.mark.parametrize("fused", [True, False])
def test_that_a_loss_over_places_is_the_mean_over_rows_and_places(cls: type[Loss], fused: bool) -> None:
    loss = cls()
    layers = (Activation("softmax"),) if fused else (Activation("softmax"), Activation("linear"))
    y = np.random.default_rng(0).integers(0, 3, (5, 6))
    target = y if loss.target_kind == "index" else np.eye(3)[y]
    case = Case(Network((6, 3), layers), 5, loss=loss, target=target)
    p = np.exp(case.x) / np.exp(case.x).sum(axis=-1, keepdims=True)
    expected = -np.log(np.take_along_axis(p, y[..., None], axis=-1)).mean()
    assert case.loss() == pytest.approx(expected, rel=1e-10)
    harness.check_gradients(case)


# --- Each loss as its formula, at each place ---------------------------------------------------------------------

RNG = np.random.default_rng(8)
T, Y = RNG.normal(0, 2, (6, 4)), RNG.normal(0, 2, (6, 4))
P = probabilities(6, 4)
SHARES = probabilities(6, 4)[::-1]
D = Y - T


@pytest.mark.parametrize(
    ("loss", "target", "output", "expected"),
    [
        (MeanAbsoluteError(), T, Y, np.abs(D).mean()),
        (Huber(), T, Y, np.where(np.abs(D) <= 1, D**2 / 2, np.abs(D) - 0.5).mean()),
        (Huber(0.25), T, Y, np.where(np.abs(D) <= 0.25, D**2 / 2, 0.25 * np.abs(D) - 0.25**2 / 2).mean()),
        (LogCosh(), T, Y, np.log(np.cosh(D)).mean()),
        (Hinge(), np.sign(T), Y, np.maximum(1 - np.sign(T) * Y, 0).mean()),
        (KLDivergence(), SHARES, P, (SHARES * np.log(SHARES / P)).sum(axis=1).mean()),
    ],
    ids=lambda value: harness.describe(value) if isinstance(value, Loss) else "",
)
def test_that_a_loss_is_the_mean_of_its_formula(loss: Loss, target: Array, output: Array, expected: float) -> None:
    assert loss(target, output) == pytest.approx(float(expected), rel=1e-12)


def test_that_log_cosh_neither_overflows_nor_loses_small_differences() -> None:
    assert LogCosh()([[0.0]], [[1e4]]) == pytest.approx(1e4 - math.log(2), rel=1e-12)
    assert LogCosh()([[0.0]], [[1e-3]]) == pytest.approx(5e-7, rel=1e-5)


@pytest.mark.parametrize("smoothing", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("from_logits", [True, False])
def test_that_label_smoothing_is_the_loss_of_smoothed_targets(smoothing: float, from_logits: bool) -> None:
    rows = np.eye(4)[[0, 3, 1, 1, 2, 0]]
    output = np.log(P) if from_logits else P
    smoothed = (1 - smoothing) * rows + smoothing / 4
    several = CategoricalCrossentropy(from_logits, smoothing)
    assert several(rows, output) == pytest.approx(CategoricalCrossentropy(from_logits)(smoothed, output), rel=1e-12)
    output = np.log(P / (1 - P)) if from_logits else P
    smoothed = (1 - smoothing) * rows + smoothing / 2
    yes_or_no = BinaryCrossentropy(from_logits, smoothing)
    assert yes_or_no(rows, output) == pytest.approx(BinaryCrossentropy(from_logits)(smoothed, output), rel=1e-12)
