"""Series: windows follow each other, nothing of the future leaks, and past and future share one scale."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.datasets import SERIES, Schema, TrainingData, open_inputs, open_source, open_test, prepare
from nncore.datasets.time_series import ECHO_DELAY
from nncore.datasets.windows import series_data, windows
from nncore.errors import DataError
from nncore.resources import asset
from tests.nncore.datasets.series import whole_series

FORECASTS = ["airline-passengers", "sine-mixture"]


@given(count=st.integers(2, 60), length=st.integers(1, 20))
def test_that_windows_are_consecutive_and_followed_by_their_target(count: int, length: int) -> None:
    values = np.arange(count, dtype=np.float64)
    x, y = windows(values, min(length, count - 1))
    assert len(x) == len(y) == count - min(length, count - 1)
    for row, (window, target) in enumerate(zip(x[:, :, 0], y, strict=True)):
        np.testing.assert_array_equal([*window, target], np.arange(row, row + len(window) + 1))


def made(count: int, test: int) -> TrainingData:
    data = series_data(
        "mine",
        np.arange(count, dtype=np.float64),
        length=5,
        test=test,
        period=0,
        target_name="value",
        source="",
        times=tuple(f"t{number}" for number in range(count)),
    )
    return prepare(data, validation_split=0.25, scaling="none")


@given(count=st.integers(20, 60), test=st.integers(1, 8))
@settings(deadline=None)
def test_that_no_part_sees_the_future(count: int, test: int) -> None:
    data = made(count, test)
    assert data.validation is not None
    assert data.test is not None
    learned = max(float(data.train.x.max()), float(data.train.y.max()))
    assert learned < data.validation.y.min()
    assert data.validation.y.max() < data.test.y.min()
    for part in (data.train, data.validation, data.test):
        np.testing.assert_array_equal(part.x[:, -1, 0] + 1, part.y)
    assert data.test.y.tolist() == list(range(count - test, count))


def test_that_the_words_for_times_belong_to_the_values() -> None:
    data = made(30, 4).data
    assert data.times[3] == f"t{data.x[3, 0, 0]:.0f}"
    inputs = open_inputs("airline-passengers", Schema.of(open_source("airline-passengers")))
    assert (len(inputs.x), inputs.times[0], inputs.times[12]) == (12, "Jan 1959", "Jan 1960")


@pytest.mark.parametrize("name", FORECASTS)
def test_that_the_whole_series_comes_back_from_its_windows(name: str) -> None:
    data = open_source(name)
    values = whole_series(data)
    assert len(values) == len(data.x) + len(data.x_test if data.x_test is not None else "") + data.x.shape[1]
    x, y = windows(values, data.x.shape[1])
    np.testing.assert_array_equal(x[: len(data.x)], data.x)
    np.testing.assert_array_equal(y[len(data.x) :], data.y_test)


@pytest.mark.parametrize("name", FORECASTS)
def test_that_past_and_future_share_one_scale_of_the_training_part(name: str) -> None:
    data = open_source(name)
    prepared = prepare(data, validation_split=0.2)
    scaling, rows = prepared.scaling, len(prepared.train)
    assert (scaling.shift, scaling.scale) == ((scaling.target_shift,), (scaling.target_scale,))
    assert scaling.target_shift == pytest.approx(data.x[:rows].mean())
    assert scaling.target_scale == pytest.approx(data.x[:rows].std())
    np.testing.assert_array_equal(prepared.train.x[1:, -1, 0], prepared.train.y[:-1])
    later = dataclasses.replace(data, x=data.x.copy(), y=data.y.copy())
    later.x[rows:], later.y[rows:] = 1e6, 1e6
    assert prepare(later, validation_split=0.2).scaling == scaling


def test_that_several_features_have_a_scale_each_and_the_first_is_that_of_the_target() -> None:
    data = open_source("sine-mixture")
    both = dataclasses.replace(data, x=np.concatenate([data.x, 100 * data.x], axis=2), x_test=None, y_test=None)
    scaling = prepare(both, validation_split=0.0).scaling
    assert scaling.scale[1] == pytest.approx(100 * scaling.scale[0])
    assert scaling.target_scale == scaling.scale[0]
    np.testing.assert_allclose(scaling.restore_inputs(scaling.inputs(both.x)), both.x, rtol=1e-5)


def test_that_the_passengers_are_those_of_box_and_jenkins() -> None:
    with asset("samples", "airline-passengers.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    months, values = [row[0] for row in rows], np.array([int(row[1]) for row in rows])
    assert months == [f"{year}-{month:02d}" for year in range(1949, 1961) for month in range(1, 13)]
    assert (values.sum(), values.max(), months[values.argmax()]) == (40363, 622, "1960-07")
    assert values[:12].tolist() == [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118]
    assert (values.mean(), values.std(ddof=1)) == (pytest.approx(280.2986, abs=1e-4), pytest.approx(119.9663, abs=1e-4))
    # Sums of a year and of a month over the years find two numbers that were exchanged.
    assert values.reshape(12, 12).sum(axis=1).tolist() == [
        *(1520, 1676, 2042, 2364, 2700, 2867, 3408, 3939, 4421, 4572, 5140, 5714)
    ]
    np.testing.assert_array_equal(whole_series(open_source("airline-passengers")), values)


def test_that_the_year_1960_is_held_out() -> None:
    data = open_source("airline-passengers")
    assert data.y_test is not None
    assert data.y_test.tolist() == [417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432]
    assert (data.times[12], data.times[len(data.x) + 12], data.period) == ("Jan 1950", "Jan 1960", 12)


def test_that_the_seasons_of_the_sine_mixture_come_again() -> None:
    data = open_source("sine-mixture")
    values = whole_series(data)
    season = values[data.period :] - values[: -data.period]
    assert np.abs(season.mean() - 0.002 * data.period) < 0.03
    assert season.std() == pytest.approx(0.3 * np.sqrt(2), rel=0.1)
    assert values.std() > 2


def test_that_the_echo_comes_three_steps_later() -> None:
    data = open_source("echo")
    bits = data.x[:, :, 0]
    np.testing.assert_array_equal(data.y[:, ECHO_DELAY:], bits[:, :-ECHO_DELAY])
    assert not data.y[:, :ECHO_DELAY].any()
    prepared = prepare(data, validation_split=0.1)
    assert prepared.train.y.dtype == np.int64
    assert prepared.target.output_shape == (20, 2)


# --- Other data for a network that was trained on a series ------------------------------------------------------


def schema() -> Schema:
    return Schema.of(open_source("airline-passengers"))


@pytest.mark.parametrize("shape", [(3, 12), (3, 12, 1)])
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_that_windows_in_an_archive_are_read_with_or_without_an_axis(
    tmp_path: Path, shape: tuple[int, ...], dtype: type
) -> None:
    values = np.arange(36).reshape(shape) + 100
    np.savez(tmp_path / "new.npz", x=values.astype(dtype), y=[1.5, 2.5, 3.5])
    data = open_test(str(tmp_path / "new.npz"), schema())
    assert (data.kind, data.x.dtype, data.pixel_max) == (SERIES, np.float64, 0)
    np.testing.assert_array_equal(data.x, values.reshape(3, 12, 1))


def test_that_windows_of_another_length_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "new.npz", x=np.ones((3, 11)))
    with pytest.raises(DataError, match="has the shape 11, but the network was trained on 12 × 1"):
        open_inputs(str(tmp_path / "new.npz"), schema())


def test_that_a_missing_value_is_found_at_its_time_step() -> None:
    data = open_source("airline-passengers")
    x = data.x.copy()
    x[4, 7, 0] = np.nan
    with pytest.raises(DataError, match=r'Sample 5 of "airline-passengers" has no number at time step 8'):
        prepare(dataclasses.replace(data, x=x), validation_split=0.1)
    two = np.concatenate([data.x, x], axis=2)
    with pytest.raises(DataError, match=r"at time step 8, feature 2"):
        prepare(dataclasses.replace(data, x=two), validation_split=0.1)
