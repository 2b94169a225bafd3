"""Series that come with the program: airline passengers, a series made by a formula, and an echo to be remembered."""

from __future__ import annotations

import csv
import functools

import numpy as np

from nncore.datasets.base import SERIES, Data, dataset
from nncore.datasets.shuffle import frozen, generator
from nncore.datasets.windows import series_data
from nncore.losses import Target
from nncore.resources import asset

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataset(
    name="airline-passengers",
    title="Airline passengers",
    kind=SERIES,
    input_shape=(12, 1),
    target=Target(),
    samples=120,
    offline=True,
    help="Monthly passengers from 1949 to 1960: twelve months are known, the next is asked for; 1960 is the test.",
)
@functools.cache
def load_airline_passengers() -> Data:
    """Return windows of 12 months, x (120, 12, 1), and the month after them, y (120,), in thousands of passengers.

    The test part has the 12 months of 1960. Source: Box and Jenkins, Time Series Analysis: Forecasting and Control,
    1976, series G.
    """
    with asset("samples", "airline-passengers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates = [row["month"].split("-") for row in rows]
    return series_data(
        "airline-passengers",
        np.array([float(row["passengers"]) for row in rows]),
        length=12,
        test=12,
        period=12,
        target_name="thousands of passengers",
        source="Box and Jenkins, Time Series Analysis (1976), series G",
        times=tuple(f"{_MONTHS[int(month) - 1]} {year}" for year, month in dates),
    )


_SEASON = 24


@dataset(
    name="sine-mixture",
    title="Sine mixture",
    kind=SERIES,
    input_shape=(_SEASON, 1),
    target=Target(),
    samples=1080,
    offline=True,
    help="Two waves, a slow rise and a little noise, made by a formula; the next of 24 steps is asked for.",
)
@functools.cache
def load_sine_mixture() -> Data:
    """Return windows of 24 steps, x (1080, 24, 1), and the step after them, y (1080,); the test part has 96 steps.

    v(t) = 20 + 0.002 t + 3 sin(2 pi t / 24) + 1.5 sin(2 pi t / 8 + 1) + noise of deviation 0.3. Both waves come again
    after 24 steps, which is the season.
    """
    steps = np.arange(50 * _SEASON)
    waves = 3 * np.sin(2 * np.pi * steps / _SEASON) + 1.5 * np.sin(2 * np.pi * steps / 8 + 1)
    return series_data(
        "sine-mixture",
        20 + 0.002 * steps + waves + generator().normal(0.0, 0.3, len(steps)),
        length=_SEASON,
        test=4 * _SEASON,
        period=_SEASON,
        target_name="value",
        source="made by a formula",
    )


ECHO_DELAY = 3
_ECHO_STEPS = 20


@dataset(
    name="echo",
    title="Echo",
    kind=SERIES,
    input_shape=(_ECHO_STEPS, 1),
    target=Target(classes=2, shape=(_ECHO_STEPS,)),
    samples=1000,
    offline=True,
    help="Random zeros and ones that must be said again three steps later: only a network with a memory can.",
)
@functools.cache
def load_echo() -> Data:
    """Return x (1000, 20, 1) of zeros and ones, and y (1000, 20): y[t] = x[t - 3], and 0 before there is an echo."""
    bits = generator().randint(0, 2, (1000, _ECHO_STEPS)).astype(np.int64)
    echo = np.zeros_like(bits)
    echo[:, ECHO_DELAY:] = bits[:, :-ECHO_DELAY]
    return Data(
        name="echo",
        kind=SERIES,
        x=frozen(bits[:, :, None].astype(np.float64)),
        y=frozen(echo),
        target=Target(classes=2, shape=(_ECHO_STEPS,)),
        class_names=("0", "1"),
        target_name="echo",
        source="made by a formula",
    )
