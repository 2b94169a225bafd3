"""Baselines equal what a few lines of their own compute."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import math

import numpy as np
import pytest

from nncore.datasets import baselines, load_training_data, open_source, prepare
from nncore.datasets.baselines import bigram, naive, seasonal_naive
from nncore.resources import asset
from tests.nncore.datasets.series import whole_series


@pytest.mark.parametrize("name", ["airline-passengers", "sine-mixture"])
@pytest.mark.parametrize("scaling", ["auto", "none"])
def test_that_forecasts_without_learning_are_measured_in_the_unit_of_the_data(name: str, scaling: str) -> None:
    data = load_training_data(name, validation_split=0.2, scaling=scaling)
    values, measured = whole_series(data.data).tolist(), baselines(data)
    assert data.validation is not None
    assert data.test is not None
    test, validation = len(data.test), len(data.validation)
    period = data.data.period
    for part, places in (
        ("test", range(len(values) - test, len(values))),
        ("validation", range(len(values) - test - validation, len(values) - test)),
    ):
        for rule, lag in (("naive", 1), ("seasonal_naive", period)):
            errors = [values[place] - values[place - lag] for place in places]
            found = measured[part][rule]
            assert found["mae"] == pytest.approx(sum(map(abs, errors)) / len(errors), rel=1e-5)
            assert found["rmse"] == pytest.approx(math.sqrt(sum(e * e for e in errors) / len(errors)), rel=1e-5)


def test_that_the_baselines_of_1960_are_the_known_ones() -> None:
    test = baselines(load_training_data("airline-passengers", validation_split=0.1))["test"]
    assert test["seasonal_naive"]["mae"] == pytest.approx(574 / 12, rel=1e-5)
    assert test["naive"]["mae"] == pytest.approx(543 / 12, rel=1e-5)
    assert test["seasonal_naive"]["rmse"] < test["naive"]["rmse"]


def test_that_forecasts_of_several_steps_repeat_the_last_value_or_season() -> None:
    x = np.arange(16.0).reshape(2, 8, 1)
    assert naive(x).tolist() == [7, 15]
    assert naive(x, (3,)).tolist() == [[7, 7, 7], [15, 15, 15]]
    assert seasonal_naive(x, 4).tolist() == [4, 12]
    assert seasonal_naive(x, 4, (6,)).tolist() == [[4, 5, 6, 7, 4, 5], [12, 13, 14, 15, 12, 13]]


def test_that_a_series_without_seasons_has_no_seasonal_baseline() -> None:
    data = dataclasses.replace(open_source("sine-mixture"), period=0)
    assert set(baselines(prepare(data, validation_split=0.1))["validation"]) == {"naive"}


@pytest.mark.parametrize("name", ["iris", "diabetes", "echo", "reviews"])
def test_that_there_is_nothing_where_no_rule_is_known(name: str) -> None:
    assert baselines(load_training_data(name, validation_split=0.1)) == {}
    assert baselines(load_training_data(name, validation_split=0.0)) == {}


def test_that_a_reconstruction_has_no_forecasts() -> None:
    data = load_training_data("sine-mixture", validation_split=0.1, task="reconstruction")
    assert baselines(data) == {}


def test_that_the_bigram_model_is_one_of_pairs_counted_in_the_training_part() -> None:
    data = load_training_data("stories", validation_split=0.1)
    assert data.validation is not None
    text = asset("samples", "stories.txt").read_text("utf-8")
    size, end = data.target.classes, data.train.x.size
    stop = end + data.validation.x.size
    pairs = collections.Counter(itertools.pairwise(text[: end + 1]))
    firsts = collections.Counter(text[:end])
    kept = list(itertools.pairwise(text[end : stop + 1]))
    for smoothing in (0.1, 1.0):
        likely = [math.log((pairs[pair] + smoothing) / (firsts[pair[0]] + smoothing * size)) for pair in kept]
        expected = -sum(likely) / len(likely)
        assert bigram(data.train, data.validation, size, smoothing) == pytest.approx(expected, rel=1e-9)
    assert baselines(data)["validation"]["bigram"]["loss"] == bigram(data.train, data.validation, size)
    assert 2.0 < bigram(data.train, data.validation, size) < 2.6
