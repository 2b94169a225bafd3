"""Decimation keeps what matters, smoothing is the textbook's, and both depend only on the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.plotting.series import BUCKETS, Curve, at_ends, exponential, reach, smooth, smoothing_for


def reference(values: list[float], keep: float) -> list[float]:
    state = weight = 0.0
    result = []
    for value in values:
        state, weight = keep * state, keep * weight
        if np.isfinite(value):
            state, weight = state + (1 - keep) * value, weight + (1 - keep)
        result.append(state / weight if weight else float("nan"))
    return result


@pytest.mark.parametrize("keep", [0.0, 0.2, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("length", [1, 2, 127, 128, 129, 3000])
def test_that_smoothing_in_blocks_equals_smoothing_one_by_one(keep: float, length: int) -> None:
    values = np.random.default_rng(length).normal(3, 1, length)
    np.testing.assert_allclose(smooth(values, keep), reference(list(values), keep), rtol=1e-9)


def test_that_the_filter_continues_from_its_state() -> None:
    values = np.random.default_rng(0).normal(size=500)
    whole = exponential(values, 0.95)
    parts = exponential(values[200:], 0.95, float(whole[199]))
    np.testing.assert_allclose(whole[200:], parts, rtol=1e-9, atol=1e-12)


def test_that_the_first_smoothed_value_is_the_first_value() -> None:
    assert smooth(np.array([5.0, 5.0, 5.0]), 0.98) == pytest.approx([5.0, 5.0, 5.0])


def test_that_values_that_are_no_numbers_do_not_spoil_the_smoothed_line() -> None:
    values = [float("nan"), 1.0, float("inf"), 3.0, float("-inf"), 2.0]
    np.testing.assert_allclose(smooth(np.array(values), 0.5), reference(values, 0.5))


@pytest.mark.parametrize("keep", [0.0, 0.2, 0.9, 0.98])
@pytest.mark.parametrize("size", [1, 2, 100, 5000])
def test_that_the_filter_at_the_ends_of_rows_is_that_of_every_value(keep: float, size: int) -> None:
    rows = np.random.default_rng(size).normal(3, 1, (20, size))
    every = exponential(rows.ravel(), keep, 7.0)[size - 1 :: size]
    np.testing.assert_allclose(at_ends(rows, keep, 7.0), every, rtol=1e-9)


@pytest.mark.parametrize("keep", [0.2, 0.9, 0.98])
def test_that_what_is_out_of_reach_counts_no_more_than_a_rounding_error(keep: float) -> None:
    assert keep ** reach(keep) < np.finfo(float).eps < keep ** (0.8 * reach(keep))
    assert reach(0.0) == 1


@pytest.mark.parametrize("keep", [0.0, 0.98])
def test_that_a_long_curve_has_the_smoothed_values_of_the_whole_series(keep: float) -> None:
    values = np.random.default_rng(5).normal(size=300_000)
    values[[0, 1000, 200_000, 299_999]] = [np.nan, np.inf, -np.inf, np.nan]
    curve = Curve(keep)
    curve.extend(values)
    ends, smoothed = curve.smoothed()
    np.testing.assert_allclose(smoothed, smooth(values, keep)[ends.astype(int) - 1], rtol=1e-9, atol=1e-12)


@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=4000),
    cuts=st.lists(st.integers(0, 4000), max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_that_a_curve_read_in_parts_is_the_curve_read_at_once(values: list[float], cuts: list[int]) -> None:
    array = np.array(values)
    whole, parts = Curve(0.9), Curve(0.9)
    whole.extend(array)
    for piece in np.split(array, sorted(min(cut, len(array)) for cut in cuts)):
        parts.extend(piece)
    for one, other in zip(whole.extremes() + whole.smoothed(), parts.extremes() + parts.smoothed(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)


def test_that_decimation_keeps_every_extreme_in_its_place() -> None:
    values = np.zeros(200_000)
    values[[777, 123_456, 199_999]] = [9.0, -7.0, 5.0]
    curve = Curve()
    curve.extend(values)
    steps, drawn = curve.extremes()
    assert len(drawn) <= 2 * BUCKETS
    assert (drawn.max(), drawn.min(), drawn[-1]) == (9.0, -7.0, 5.0)
    width = 200_000 / (BUCKETS / 2)
    assert abs(steps[drawn.argmax()] - 778) <= width
    assert abs(steps[drawn.argmin()] - 123_457) <= width


def test_that_a_short_curve_is_drawn_value_by_value() -> None:
    curve = Curve()
    curve.extend(np.arange(10.0))
    steps, drawn = curve.extremes()
    assert list(steps) == list(range(1, 11))
    assert list(drawn) == list(range(10))


def test_that_another_series_is_told_from_a_continued_one() -> None:
    curve = Curve()
    curve.extend(np.array([1.0, 2.0, np.nan]))
    assert curve.follows(np.array([1.0, 2.0, np.nan, 3.0]))
    assert not curve.follows(np.array([1.0, 2.0]))
    assert not curve.follows(np.array([1.0, 2.0, 4.0, 3.0]))


def test_that_one_step_per_epoch_is_not_smoothed_and_many_are_smoothed_over_a_hundred_at_most() -> None:
    assert smoothing_for(1, 5_000) == 0
    assert smoothing_for(141, 705) == pytest.approx(1 - 2 / 29.2)
    assert smoothing_for(20, 3_000) == pytest.approx(1 - 2 / 61)
    assert smoothing_for(10_000, 50_000) == smoothing_for(1_000_000, 5_000_000) == 1 - 2 / 101
