"""Metrics for numbers against their formulas and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import r2_score  # type: ignore[import-untyped]  # it ships no types

from nncore.metrics import MeanAbsoluteError, MeanSquaredError, R2Score, RootMeanSquaredError


def test_that_errors_are_means_over_all_entries() -> None:
    target, output = [[1.0, 2.0], [3.0, 4.0]], [[1.5, 2.0], [1.0, 4.0]]
    assert MeanAbsoluteError()(target, output) == 2.5 / 4
    assert MeanSquaredError()(target, output) == 4.25 / 4
    assert RootMeanSquaredError()(target, output) == pytest.approx((4.25 / 4) ** 0.5, rel=1e-15)


def test_that_numbers_in_one_row_meet_outputs_in_one_column() -> None:
    assert MeanAbsoluteError()([1.0, 2.0], [[1.0], [3.0]]) == 0.5


@pytest.mark.parametrize("shift", [0.0, 1000.0])
@pytest.mark.parametrize("width", [1, 3])
def test_that_r2_agrees_with_scikit_learn(width: int, shift: float) -> None:
    rng = np.random.default_rng(0)
    target = shift + rng.normal(size=(50, width))
    output = target + rng.normal(0, 0.5, target.shape)
    assert R2Score()(target, output) == pytest.approx(r2_score(target, output), rel=1e-8)


def test_that_r2_of_the_mean_is_nothing_and_of_a_constant_target_told_by_being_right() -> None:
    target = np.array([[1.0], [2.0], [6.0]])
    assert R2Score()(target, np.full((3, 1), 3.0)) == pytest.approx(0.0, abs=1e-12)
    constant = np.full((7, 1), 0.1)  # the sums of seven of these do not cancel exactly
    assert R2Score()(constant, constant) == 1.0
    assert R2Score()(constant, constant + 1) == 0.0
