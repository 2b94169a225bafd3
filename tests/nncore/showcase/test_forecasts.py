"""The forecasts of the presets are better than the rules of thumb that need no learning.

Both rules are computed here from the raw numbers: ``naive`` says the value of the step before, ``seasonal_naive`` the
value one season before.
"""

from __future__ import annotations

import csv

import numpy as np

from nncore.project import load_preset
from nncore.resources import asset
from tests.nncore.showcase.training import learned


def passengers() -> np.ndarray:
    """Return the passengers of all months (144,), from January 1949 to December 1960, in thousands."""
    with asset("samples", "airline-passengers.csv").open(encoding="utf-8", newline="") as file:
        return np.array([float(row["passengers"]) for row in csv.DictReader(file)])


def waves() -> np.ndarray:
    """Return the series of ``sine-mixture`` (1200,) by the formula in its description."""
    steps = np.arange(1200)
    noise = np.random.RandomState(20).normal(0.0, 0.3, 1200)
    return 20 + 0.002 * steps + 3 * np.sin(2 * np.pi * steps / 24) + 1.5 * np.sin(2 * np.pi * steps / 8 + 1) + noise


def error_of_rule(series: np.ndarray, held_out: int, lag: int) -> float:
    """Return the mean absolute error on the last values when each is said to be that of ``lag`` steps before."""
    return float(np.abs(series[-held_out:] - series[-held_out - lag : -lag]).mean())


def test_that_the_lstm_forecasts_1960_with_less_than_two_thirds_of_the_error_of_both_rules() -> None:
    session = learned(load_preset("lstm-forecast"))
    test = session.data.test
    assert test is not None
    held_out = session.data.scaling.restore_targets(test.y)
    np.testing.assert_allclose(held_out, passengers()[-12:], rtol=1e-6)
    seasonal, last = error_of_rule(passengers(), 12, 12), error_of_rule(passengers(), 12, 1)
    assert (round(seasonal, 2), round(last, 2)) == (47.83, 45.25)
    assert session.evaluate(test)["mae"] < 2 / 3 * min(seasonal, last)


def test_that_the_gru_forecasts_the_waves_better_than_the_season_before() -> None:
    session = learned(load_preset("gru-forecast"))
    test = session.data.test
    assert test is not None
    held_out = session.data.scaling.restore_targets(test.y)
    np.testing.assert_allclose(held_out, waves()[-96:], rtol=1e-6)
    seasonal, last = error_of_rule(waves(), 96, 24), error_of_rule(waves(), 96, 1)
    assert (round(seasonal, 3), round(last, 3)) == (0.358, 0.908)
    # No forecast can foresee the noise, whose mean absolute value is 0.3 sqrt(2 / pi) = 0.239.
    assert session.evaluate(test)["mae"] < 0.97 * min(seasonal, last)
