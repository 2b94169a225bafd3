"""What predictions say of themselves."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.results import GridRequest, Predictions


def made(output: object, truth: list[float], names: tuple[str, ...] = ("a", "b", "c")) -> Predictions:
    array = None if output is None else np.array(output, dtype=np.float32)
    return Predictions(np.zeros((len(truth), 2)), np.array(truth), array, names, ("x1", "x2"), 7, 0.5)


def test_that_the_largest_score_is_the_answer_and_its_share_the_confidence() -> None:
    shown = made([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]], [1, 2])
    assert list(shown.predicted) == [1, 0]
    assert list(shown.right) == [True, False]
    assert shown.confidence == pytest.approx([0.7, 0.5], abs=1e-6)
    assert shown.badness == pytest.approx([-0.7, -0.2], abs=1e-6)


def test_that_one_output_for_two_classes_is_the_share_of_the_second() -> None:
    shown = made([[0.9], [0.2]], [1, 1], ("no", "yes"))
    assert list(shown.predicted) == [1, 0]
    assert shown.confidence == pytest.approx([0.9, 0.8], abs=1e-6)


def test_that_nothing_is_answered_before_the_training() -> None:
    shown = made(None, [0, 1])
    assert not shown.answered.any()
    assert not shown.right.any()
    assert list(shown.predicted) == [-1, -1]


def test_that_outputs_that_are_no_numbers_are_no_answers() -> None:
    shown = made([[np.nan, 0.7, 0.1], [0.5, 0.3, 0.2]], [1, 0])
    assert list(shown.answered) == [False, True]
    assert list(shown.predicted) == [-1, 0]
    assert list(shown.right) == [False, True]
    assert np.isnan(shown.confidence[0])


def test_that_scores_beyond_one_are_not_called_shares() -> None:
    assert made([[0.2, 0.7, 0.1]], [1]).are_shares
    assert not made([[2.0, -1.0, 0.5]], [1]).are_shares


def test_that_a_number_is_as_bad_as_it_is_far_from_the_truth() -> None:
    shown = made([[3.0], [np.nan]], [1.0, 2.0], ())
    assert shown.badness[0] == 2.0
    assert shown.badness[1] == -np.inf
    assert not shown.right.any()


def test_that_a_grid_begins_with_the_lowest_row() -> None:
    points = GridRequest((0.0, 2.0), (10.0, 11.0), 3, 2).points()
    assert points.tolist() == [[0, 10], [1, 10], [2, 10], [0, 11], [1, 11], [2, 11]]
