"""Prediction against truth: scores, parts, and a picture that stays still."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.regression import RegressionPanel, scores
from workbench.theme import LIGHT, contrast, current

TRUTH = np.array([0.0, 10.0, 20.0, 30.0])
GUESS = np.array([2.0, 10.0, 18.0, 34.0])
HELD_OUT = np.array([False, False, True, True])


def given(panel: RegressionPanel, guess: np.ndarray | None = GUESS, held_out: np.ndarray = HELD_OUT) -> RegressionPanel:
    panel.show_pairs(TRUTH, guess, held_out, "disease progression", 1200)
    return panel


def test_that_the_scores_are_those_of_the_textbook() -> None:
    r2, error = scores(TRUTH, GUESS)
    assert r2 == pytest.approx(1 - 24 / 500)
    assert error == 2.0
    assert scores(TRUTH, np.full(4, 15.0))[0] == pytest.approx(0.0)
    assert np.isnan(scores(TRUTH, np.full(4, np.nan))).all()
    assert np.isnan(scores(np.ones(3), np.ones(3))[0])


def test_that_the_scores_are_of_the_validation_part_or_else_of_all(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    assert panel.summary.text() == "R² 0.600 · MAE 3.00 · step 1,200"
    assert "validation part" in panel.summary.toolTip()
    given(panel, held_out=np.zeros(4, dtype=bool))
    assert panel.summary.text().startswith("R² 0.952 · MAE 2.00")
    assert "training part" in panel.summary.toolTip()


def test_that_parts_are_drawn_as_different_points(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    assert [list(points.getData()[1]) for points in panel._points] == [[2.0, 10.0], [18.0, 34.0], []]
    assert len({points.opts["symbol"] for points in panel._points}) == 3
    assert panel._points[1].opts["brush"].color().name() == LIGHT.validation


def test_that_the_test_part_is_drawn_too_and_judged_where_there_is_no_validation_part(show: Show) -> None:
    panel = given(RegressionPanel(), held_out=np.array([0, 0, 1, 2]))
    show(panel)
    assert [list(points.getData()[1]) for points in panel._points] == [[2.0, 10.0], [18.0], [34.0]]
    assert [entry.name for entry in panel._legend.entries] == ["train", "val", "test"]
    assert "validation part" in panel.summary.toolTip()
    given(panel, held_out=np.array([0, 0, 2, 2]))
    assert "test part" in panel.summary.toolTip()


def test_that_several_numbers_of_a_sample_are_told_apart(show: Show) -> None:
    panel = RegressionPanel()
    show(panel)
    panel.show_pairs(TRUTH, GUESS, HELD_OUT, "place", 3, outputs=2)
    assert panel.describe(20.2, 18.1) == "sample 2.1: predicted 18.0, truth 20.0"
    assert [row[0] for row in panel.table()[1]] == [1, 1, 2, 2]


def test_that_the_axes_are_chosen_by_the_truth_and_stay_still(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    before = panel.plot.box.viewRange()
    assert before[0] == before[1] == pytest.approx([-4.5, 34.5])
    given(panel, np.array([0.0, 1e6, 20.0, -50.0]))
    assert panel.plot.box.viewRange() == before
    assert "2 predictions lie outside the picture" in panel.summary.toolTip()


@pytest.mark.parametrize("guess", [None, np.full(4, np.nan), np.full((4, 1), np.inf)])
def test_that_no_prediction_leaves_a_quiet_sentence(show: Show, guess: np.ndarray | None) -> None:
    panel = given(RegressionPanel(), guess)
    show(panel)
    panel.grab()
    assert panel.empty.isVisible()
    assert panel.summary.text() == "not trained yet"
    given(panel)
    assert not panel.empty.isVisible()


def test_that_the_axis_names_the_target(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    assert panel.plot.widget.getAxis("bottom").labelText == "true disease progression"


def test_that_the_nearest_sample_is_told_in_words(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    assert panel.describe(20.2, 18.1) == "sample 3: predicted 18.0, truth 20.0"
    assert panel.describe(0.0, 30.0) == ""


def test_that_the_diagonal_follows_the_theme(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel)
    before = panel._diagonal.opts["pen"].color().name()
    current().set_mode("dark")
    assert panel._diagonal.opts["pen"].color().name() == current().tokens.dim != before


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_pale_points_can_be_seen(show: Show, mode: str) -> None:
    current().set_mode(mode)
    panel = given(RegressionPanel())
    show(panel)
    seen = [points.opts["brush"].color().name() for points in panel._points]
    assert all(contrast(colour, current().tokens.panel) >= 3 for colour in seen)


def test_that_words_find_room_in_a_narrow_panel(show: Show) -> None:
    panel = given(RegressionPanel())
    show(panel, 300, 300)
    assert panel.summary.y() > panel._legend.y()
    assert panel.summary.width() >= panel.summary.sizeHint().width()
    panel.resize(900, 300)
    QApplication.processEvents()
    assert panel.summary.x() > panel._legend.x() + panel._legend.width()


def test_that_a_hidden_panel_draws_when_it_is_shown(show: Show) -> None:
    panel = RegressionPanel()
    show(panel)
    panel.hide()
    given(panel)
    assert panel.summary.text() == "not trained yet"
    panel.show()
    assert panel.summary.text().startswith("R²")


def test_that_the_table_has_truth_and_prediction(show: Show, tmp_path: Path) -> None:
    panel = given(RegressionPanel(), np.array([2.0, np.nan, 18.0, 34.0]))
    show(panel)
    panel.save_csv(tmp_path / "pairs.csv")
    rows = list(csv.reader((tmp_path / "pairs.csv").read_text("utf-8").splitlines()))
    assert rows[1:3] == [["1", "training", "0", "2"], ["2", "training", "10", ""]]


def test_that_a_closed_panel_is_collected(qapp: QApplication) -> None:
    assert is_freed(lambda: given(RegressionPanel()))
