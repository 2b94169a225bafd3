"""Decimation keeps what matters, the smoothed line lies amid the values, and both depend only on the values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.plotting.series import BUCKETS, LONGEST, Curve, reach, smooth, span_for


def reference(values: np.ndarray, span: int) -> list[float]:
    """Return the mean around each value, one by one: a tenth of the steps until then to either side, at most."""
    result = []
    for place in range(len(values)):
        reach = min(span // 2, (place + 1) // 10)
        near = values[place - reach : place + reach + 1]
        near = near[np.isfinite(near)]
        result.append(float(near.mean()) if len(near) else float("nan"))
    return result


@pytest.mark.parametrize("span", [1, 3, 29, 101])
@pytest.mark.parametrize("length", [1, 2, 127, 750])
def test_that_the_smoothed_line_is_the_mean_of_the_steps_around(span: int, length: int) -> None:
    values = np.random.default_rng(length).normal(3, 1, length)
    values[length // 2 :: 50] = np.nan
    np.testing.assert_allclose(smooth(values, span), reference(values, span), rtol=1e-9)
    curve = Curve(span)
    curve.extend(values)
    np.testing.assert_allclose(curve.smoothed()[1], reference(values, span), rtol=1e-9)
    assert curve.current() == pytest.approx(reference(values, span)[-1], nan_ok=True)


@given(
    start=st.floats(0.1, 10),
    steps=st.floats(5, 3000),
    noise=st.floats(0, 0.1),
    span=st.sampled_from([1, 5, 29, 101]),
    length=st.integers(1, 5000),
)
@settings(max_examples=60, deadline=None)
def test_that_the_line_lies_in_the_middle_of_a_falling_loss_from_the_first_step_on(
    start: float, steps: float, noise: float, span: int, length: int
) -> None:
    def true(place: np.ndarray) -> np.ndarray:
        return 0.2 + start * np.exp(-place / steps)

    rough = noise * np.random.default_rng(0).uniform(-1, 1, length)
    values = true(np.arange(1, length + 1)) + rough
    near = noise + 0.02 * start  # a mean has no more noise than a value
    assert np.abs(smooth(values, span) - true(np.arange(1, length + 1))).max() <= near
    curve = Curve(span)
    for piece in np.array_split(values, 7):  # each of them is what somebody might see meanwhile
        curve.extend(piece)
        if curve.count:
            assert abs(curve.current() - true(np.array(curve.count))) <= near
    places, smoothed = curve.smoothed()
    stretch = -(-length // (BUCKETS // 2))  # what lies within one is drawn at its middle
    low, high = (true(np.clip(places + side * stretch, 0, None)) for side in (1, -1))
    assert (smoothed >= low - near).all()
    assert (smoothed <= high + near).all()


def test_that_the_newest_smoothed_value_is_the_mean_of_few_steps_however_long_the_curve_is() -> None:
    values = np.random.default_rng(1).normal(size=100_001)
    curve = Curve(29)
    curve.extend(values)
    assert curve.averaged() == 15
    assert curve.current() == pytest.approx(values[-15:].mean())
    assert curve.smoothed()[0][-1] == len(values)
    assert curve.smoothed()[1][-1] == curve.current()


def test_that_values_that_are_no_numbers_leave_a_gap_and_disturb_nothing() -> None:
    values = np.array([np.nan, 1.0, np.inf, 3.0, -np.inf, 2.0])
    np.testing.assert_array_equal(smooth(values, 101), [np.nan, 1, np.nan, 3, np.nan, 2])
    curve = Curve(29)
    curve.extend(np.full(5000, np.nan))
    assert not curve.known
    assert np.isnan(curve.smoothed()[1]).all()
    curve.extend(np.full(5000, 4.0))
    assert curve.known
    assert np.nanmax(curve.smoothed()[1]) == np.nanmin(curve.smoothed()[1]) == 4


def test_that_a_huge_value_takes_no_digits_from_those_that_follow() -> None:
    values = np.full(3000, 0.125)
    values[100] = 1e30
    curve = Curve(29)
    curve.extend(values)
    assert (curve.smoothed()[1][200:] == 0.125).all()
    assert (smooth(values, 29)[200:] == 0.125).all()
    values[[200, 201]] = 1.7e308
    curve = Curve(29)
    curve.extend(values)
    assert curve.current() == 0.125


def test_that_a_long_curve_has_the_means_of_its_stretches() -> None:
    values = np.random.default_rng(5).normal(size=300_000)
    values[[0, 1000, 200_000, 299_999]] = [np.nan, np.inf, -np.inf, np.nan]
    curve = Curve(101)
    curve.extend(values)
    places, smoothed = curve.smoothed()
    size = int(places[1] - places[0])
    for place, value in list(zip(places, smoothed, strict=True))[:-1]:
        part = values[int(place - size / 2) : int(place + size / 2)]
        assert value == pytest.approx(part[np.isfinite(part)].mean(), rel=1e-9, abs=1e-12)


@given(
    values=st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), min_size=1, max_size=4000),
    cuts=st.lists(st.integers(0, 4000), max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_that_a_curve_read_in_parts_is_the_curve_read_at_once(values: list[float], cuts: list[int]) -> None:
    array = np.array(values)
    whole, parts = Curve(29), Curve(29)
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
    assert span_for(1, 5_000) == 1
    assert span_for(141, 705) == 29
    assert span_for(20, 3_000) == 61
    assert span_for(10_000, 50_000) == span_for(1_000_000, 5_000_000) == LONGEST == 101
    assert int(reach(np.array(10_000), LONGEST)) == 50
