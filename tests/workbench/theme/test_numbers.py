"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from nncore.losses import SparseCategoricalCrossentropy
from nncore.metrics import MeanAbsoluteError
from nncore.optimizers import SGD, Adam
from nncore.regularizers import L1L2
from nncore.schedules import CosineDecayRestarts
from workbench.forms.parsing import parse_number
from workbench.theme import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.11842, "0.118"),
        (1.2, "1.20"),
        (4310, "4,310"),
        (0.9996, "1.00"),
        (1.5e-7, "1.5e−7"),
        (-0.5, "−0.500"),
        (0, "0"),
        (None, "–"),
        (math.nan, "not a number"),
        (math.inf, "∞"),
    ],
)
def test_that_three_digits_are_shown(value: float | None, text: str) -> None:
    assert numbers.significant(value) == text


@pytest.mark.parametrize(
    ("value", "word"), [(0, "epochs"), (1, "epoch"), (1.0, "epoch"), (2, "epochs"), (None, "epochs")]
)
def test_that_a_unit_follows_its_number(value: float | None, word: str) -> None:
    assert numbers.unit("epochs", value) == word


@pytest.mark.parametrize(("done", "epoch"), [(0.0, 1), (0.1, 1), (1.0, 1), (8.5, 9), (9.0, 9), (9.0 + 1e-12, 9)])
def test_that_an_epoch_is_counted_from_its_beginning_to_its_end(done: float, epoch: int) -> None:
    assert numbers.epoch(done) == epoch


def test_that_thousands_are_separated() -> None:
    assert numbers.count(692352) == "692,352"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-7, "1e−7"), (0.001, "0.001"), (32, "32"), (0.1, "0.1"), (-5, "−5"), (3660, "3,660"), (-1500.0, "−1,500")],
)
def test_that_a_setting_is_shown_in_full(value: float, text: str) -> None:
    assert numbers.exact(value) == text
    assert parse_number(text, SGD.field("learning_rate")) == value


def test_that_a_share_is_a_percentage_with_one_decimal() -> None:
    assert numbers.percent(0.968) == "96.8\N{NO-BREAK SPACE}%"
    assert numbers.percent(None) == "–"


@pytest.mark.parametrize(("seconds", "text"), [(6, "0:06"), (59.6, "1:00"), (3750, "1:02:30"), (None, "–")])
def test_that_durations_read_like_a_clock(seconds: float | None, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_that_speeds_and_sizes_have_units() -> None:
    assert numbers.rate(4310.2) == "4,310\N{NO-BREAK SPACE}samples/s"
    assert numbers.rate(845_174) == "845,000\N{NO-BREAK SPACE}samples/s"
    assert numbers.rate(1_339_855) == "1.34 million\N{NO-BREAK SPACE}samples/s"
    assert numbers.rate(999_900) == "1.00 million\N{NO-BREAK SPACE}samples/s"
    assert numbers.rate(63.5) == "63.5\N{NO-BREAK SPACE}samples/s"
    assert numbers.size(2_770_000) == "2.77\N{NO-BREAK SPACE}MB"
    assert numbers.size(12) == "12\N{NO-BREAK SPACE}B"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (None, "none"),
        ("glorot_uniform", "glorot uniform"),
        ((3, 3), "3 × 3"),
        (Adam(), "Adam"),
        (128, "128"),
        (CosineDecayRestarts.suggested(), "cosine decay restarts"),
        (L1L2(), "L1 and L2"),
        (MeanAbsoluteError(), "mean absolute error"),
        (SparseCategoricalCrossentropy(), "sparse categorical crossentropy"),
    ],
)
def test_that_settings_are_words(value: object, text: str) -> None:
    assert numbers.setting(value) == text
