"""The series over time: parts in their colours, and whether the network beats the rules that learn nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QToolButton

from nncore.datasets import baselines, load_training_data
from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.forecast import ForecastPanel
from workbench.panels.forecast.times import time_ticks
from workbench.results import Forecast
from workbench.theme import LIGHT, current
from workbench.training import views

AIRLINE = views.unpredicted_forecast(load_training_data("airline-passengers", validation_split=0.1))


def predicted(error: float = 10.0) -> Forecast:
    """The network is off by ``error`` everywhere."""
    network = AIRLINE.values + error
    network[: AIRLINE.first] = np.nan
    return replace(AIRLINE, network=network, step=120, epoch=3.0)


def chip(panel: ForecastPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert found is not None
    return found


def given(show: Show, forecast: Forecast, width: int = 700) -> ForecastPanel:
    panel = ForecastPanel()
    show(panel, width, 400)
    panel.show_forecast(forecast)
    return panel


def test_that_the_errors_of_the_rules_are_those_of_the_engine() -> None:
    expected = baselines(load_training_data("airline-passengers", validation_split=0.1))["test"]
    assert AIRLINE.errors["seasonal"] == pytest.approx(expected["seasonal_naive"]["mae"], rel=1e-5)
    assert AIRLINE.errors["last"] == pytest.approx(expected["naive"]["mae"], rel=1e-5)
    assert "network" not in AIRLINE.errors


def test_that_before_the_training_truth_and_rules_are_shown(show: Show) -> None:
    panel = given(show, AIRLINE)
    assert not chip(panel, "seasonalChip").icon().isNull()  # its line is the legend of the rule
    assert panel.verdict.accessibleName() == (
        "Held-out year, MAE (thousands of passengers): seasonal naive 47.8 · last value 45.2 · not trained yet"
    )
    np.testing.assert_allclose(panel._truth.getData()[1], AIRLINE.values)


@pytest.mark.parametrize("width", [380, 700])
def test_that_the_held_out_part_has_its_name_before_the_training_too(show: Show, width: int) -> None:
    panel = given(show, AIRLINE, width)
    QApplication.processEvents()
    assert panel._legend.visible_texts() == ["truth", "held out"]
    panel.show_forecast(replace(AIRLINE, test=len(AIRLINE)))
    assert panel._legend.visible_texts() == ["truth"]


@pytest.mark.parametrize(
    ("error", "words", "colour"),
    [(10.0, "better than both", LIGHT.right), (46.0, "better than seasonal naive only", LIGHT.wrong)],
)
def test_that_a_better_network_is_told_in_words_and_colour(show: Show, error: float, words: str, colour: str) -> None:
    panel = given(show, predicted(error))
    told = f"Held-out year, MAE (thousands of passengers): network {error:.1f} · seasonal naive 47.8"
    assert panel.verdict.accessibleName().startswith(told)
    assert panel.verdict.accessibleName().endswith(words)
    assert colour in panel.verdict.text()


def test_that_a_network_that_beats_no_rule_is_not_yet_better(show: Show) -> None:
    panel = given(show, predicted(60.0))
    assert panel.verdict.accessibleName().endswith("not yet better")
    assert "✗" in panel.verdict.text()


def test_that_each_part_has_its_colour_and_its_months(show: Show) -> None:
    panel = given(show, predicted())
    colours = [curve.opts["pen"].color().name() for curve in panel._parts]
    assert colours == [LIGHT.training, LIGHT.validation, LIGHT.held_out]
    starts = [int(curve.getData()[0][0]) for curve in panel._parts]
    # From the last month of the part before, so that the line has no gap.
    assert starts == [12, AIRLINE.validation - 1, AIRLINE.test - 1]
    assert AIRLINE.time(AIRLINE.test) == "Jan 1960"
    assert panel._shade.rect().left() == AIRLINE.test - 0.5


def test_that_the_name_of_the_held_out_part_is_written_where_it_covers_nothing(show: Show) -> None:
    panel = given(show, predicted())
    assert panel._shade_name.isVisible()
    panel.resize(panel.width(), 190)
    QApplication.processEvents()
    assert panel._shade.isVisible()
    assert not panel._shade_name.isVisible()


def test_that_the_name_of_the_held_out_part_is_left_out_where_that_is_narrower(show: Show) -> None:
    panel = given(show, predicted())
    panel.resize(380, panel.height())
    QApplication.processEvents()
    assert panel._shade.isVisible()
    assert not panel._shade_name.isVisible()
    chip(panel, "heldOutChip").click()
    assert panel._shade_name.isVisible()


@pytest.mark.parametrize("name", ["", "value", "target"])
def test_that_values_without_a_name_get_no_unit(show: Show, name: str) -> None:
    panel = given(show, replace(predicted(), target_name=name))
    assert panel.verdict.accessibleName().startswith("Held-out year, MAE: network 10.0 ·")


@pytest.mark.parametrize("width", [400, 560, 575, 700])
def test_that_every_line_is_named_in_its_colour_however_narrow_the_panel_is(show: Show, width: int) -> None:
    panel = given(show, predicted(), width)
    QApplication.processEvents()
    assert panel._legend.visible_texts() == ["truth", "train", "val", "held out"]
    colours = [entry.colours[0] for entry in panel._legend.entries]
    lines = (panel._truth, *panel._parts)
    assert colours == [line.opts["pen"].color().name() for line in lines]
    assert not panel._legend.geometry().intersects(panel._chips.geometry())
    assert [chip(panel, name).text() for name in ("wholeSeriesChip", "heldOutChip", "seasonalChip")] == [
        "whole series",
        "held out",
        "seasonal naive",
    ]


def test_that_the_rule_can_be_taken_away(show: Show) -> None:
    panel = given(show, predicted())
    assert np.isfinite(panel._naive.getData()[1]).any()
    chip(panel, "seasonalChip").click()
    assert panel._naive.getData()[1] is None or not len(panel._naive.getData()[1])


def test_that_the_end_can_be_seen_from_near_by(show: Show) -> None:
    panel = given(show, predicted())
    assert panel.plot.box.viewRange()[0][0] < 0
    chip(panel, "heldOutChip").click()
    low, high = panel.plot.box.viewRange()[0]
    assert 100 < low < AIRLINE.test < high
    chip(panel, "wholeSeriesChip").click()
    assert panel.plot.box.viewRange()[0][0] < 0


def test_that_the_picture_stays_still_while_the_forecasts_move(show: Show) -> None:
    panel = given(show, AIRLINE)
    before = panel.plot.box.viewRange()
    panel.show_forecast(predicted(1e9))
    assert panel.plot.box.viewRange() == before


def test_that_the_axis_speaks_of_dates(show: Show) -> None:
    panel = given(show, predicted())
    (ticks,) = panel.plot.widget.getAxis("bottom")._tickLevels
    assert ticks[0][1] == "Jan 1951"
    assert all(words.startswith("Jan ") for _, words in ticks)
    assert panel.plot.widget.getAxis("left").labelText == "thousands of passengers"


def test_that_labels_fall_on_the_beginnings_of_seasons() -> None:
    assert time_ticks(0, 143, 12, 6) == [0, 24, 48, 72, 96, 120]
    assert time_ticks(0, 143, 12, 12) == [0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132]
    assert time_ticks(108, 143, 12, 6) == [108, 114, 120, 126, 132, 138]
    assert time_ticks(0, 1000, 0, 6) == [0, 200, 400, 600, 800, 1000]


def test_that_a_moment_is_told_in_words(show: Show) -> None:
    panel = given(show, predicted())
    assert panel.describe(132.2, 0) == "Jan 1960: truth 417, network 427, seasonal naive 360"
    assert panel.describe(500, 0) == ""


def test_that_a_series_without_test_part_is_judged_by_its_validation_part(show: Show) -> None:
    panel = given(show, replace(predicted(), test=len(AIRLINE), times=()))
    assert panel.verdict.accessibleName().startswith("Validation part, MAE (thousands of passengers): network 10.0")
    assert chip(panel, "heldOutChip").text() == "validation"
    assert not panel._shade.isVisible()


def test_that_forecasts_that_are_no_numbers_leave_gaps_and_no_error(show: Show) -> None:
    panel = given(show, replace(AIRLINE, network=np.full(len(AIRLINE), np.nan), step=3))
    panel.grab()
    assert "not&nbsp;trained&nbsp;yet" in panel.verdict.text()


def test_that_a_hidden_panel_draws_when_it_is_shown(show: Show) -> None:
    panel = given(show, AIRLINE)
    panel.hide()
    panel.show_forecast(predicted())
    assert "network" not in panel.verdict.accessibleName()
    panel.show()
    assert "network 10.0" in panel.verdict.accessibleName()


def test_that_colours_follow_the_theme(show: Show) -> None:
    panel = given(show, predicted())
    current().set_mode("dark")
    assert panel._parts[0].opts["pen"].color().name() == current().tokens.training != LIGHT.training
    assert current().tokens.right in panel.verdict.text()


def test_that_words_and_chips_find_room_in_a_narrow_panel(show: Show) -> None:
    panel = given(show, predicted(), width=430)
    QApplication.processEvents()
    assert panel.verdict.height() >= panel.verdict.heightForWidth(panel.verdict.width())
    assert panel.rect().contains(panel.verdict.geometry())


def test_that_no_line_of_the_verdict_ends_within_a_figure(show: Show) -> None:
    panel = given(show, predicted())
    assert "last&nbsp;value&nbsp;<span" in panel.verdict.text()
    assert "·" not in panel.verdict.text()  # it would be left over at the end of a line


def test_that_the_table_has_each_month_and_every_forecast_of_it(show: Show, tmp_path: Path) -> None:
    panel = given(show, predicted())
    panel.save_csv(tmp_path / "months.csv")
    rows = list(csv.reader((tmp_path / "months.csv").read_text("utf-8").splitlines()))
    assert rows[1] == ["Jan 1949", "", "112", "", "", ""]
    assert rows[-12] == ["Jan 1960", "test", "417", "427", "360", "405"]


def test_that_a_closed_panel_is_collected(qapp: QApplication) -> None:
    def filled() -> ForecastPanel:
        panel = ForecastPanel()
        panel.show_forecast(predicted())
        return panel

    assert is_freed(filled)
