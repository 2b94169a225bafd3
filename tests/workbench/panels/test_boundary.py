"""Points and boundary: colours by class and certainty, shapes by class, fill by part."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.boundary import BoundaryPanel
from workbench.plotting.colours import class_image, number_image
from workbench.plotting.marks import SHAPES, shape_of
from workbench.results import Grid
from workbench.theme import DARK, LIGHT, current

POINTS = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
CLASSES = np.array([0, 0, 1, 1])
HELD_OUT = np.array([False, True, False, True])


def with_points(panel: BoundaryPanel, names: tuple[str, ...] = ("left", "right")) -> BoundaryPanel:
    panel.show_points(POINTS, CLASSES if names else POINTS[:, 0] * 5, HELD_OUT, names, ("width", "height"))
    return panel


def grid_for(panel: BoundaryPanel, step: int = 12) -> Grid:
    """The right half belongs to the second class, for sure."""
    asked = panel.grid_request()
    values = (asked.points()[:, 0] > 0).astype(np.float32).reshape(asked.height, asked.width, 1)
    return Grid(values, asked.x_range, asked.y_range, step, 1.0)


def pixel(panel: BoundaryPanel, x: float, y: float) -> QColor:
    QApplication.processEvents()
    place = panel.plot.widget.mapFromScene(panel.plot.box.mapViewToScene(QPointF(x, y)))
    return QColor(panel.plot.widget.grab().toImage().pixel(place))


def test_that_each_half_has_the_colour_of_its_class(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    panel.show_grid(grid_for(panel))
    left, right = pixel(panel, -0.5, 0.3), pixel(panel, 0.5, 0.3)
    assert left.blue() > left.red()
    assert right.red() > right.blue()
    assert pixel(panel, -1.0, -1.0).name() == LIGHT.classes[0]
    assert pixel(panel, 1.0, -1.0).name() == LIGHT.classes[1]


def test_that_training_points_are_filled_and_validation_points_are_outlines(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    assert pixel(panel, -1.0, -1.0).name() == LIGHT.classes[0]
    assert pixel(panel, -1.0, 1.0).name() == LIGHT.panel
    assert "2 points of the training part" in panel.accessibleDescription()


@pytest.mark.parametrize("width", [400, 700])
def test_that_the_legend_says_what_outlines_are_where_there_are_any(show: Show, width: int) -> None:
    panel = with_points(BoundaryPanel())
    show(panel, width)
    assert panel._legend.visible_texts() == ["left", "right", "validation"]
    assert [entry.filled for entry in panel._legend.entries] == [True, True, False]
    panel.show_points(POINTS, CLASSES, np.zeros(4, dtype=bool), ("left", "right"), ("width", "height"))
    assert panel._legend.visible_texts() == ["left", "right"]


def test_that_the_colours_follow_the_theme(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    panel.show_grid(grid_for(panel))
    current().set_mode("dark")
    assert pixel(panel, -1.0, -1.0).name() == DARK.classes[0]
    assert pixel(panel, -0.5, 0.3).lightness() < 128


def test_that_classes_differ_in_shape(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    assert {mark.opts["symbol"] for mark in panel._marks} == {shape_of(0), shape_of(1)}
    assert len(set(SHAPES)) == 10
    assert [entry.mark for entry in panel._legend.entries][:2] == [shape_of(0), shape_of(1)]


@pytest.mark.parametrize(("width", "height"), [(700, 400), (900, 200), (300, 600)])
def test_that_the_request_covers_the_view_with_ten_thousand_square_cells(show: Show, width: int, height: int) -> None:
    panel = with_points(BoundaryPanel())
    show(panel, width, height)
    asked = panel.grid_request()
    assert 9_500 <= asked.width * asked.height <= 10_000
    assert panel.plot.box.width() / asked.width == pytest.approx(panel.plot.box.height() / asked.height, rel=0.05)
    x, y = panel.plot.box.viewRange()
    assert asked.x_range == pytest.approx(tuple(x))
    assert asked.y_range == pytest.approx(tuple(y))
    assert x[0] < -1
    assert x[1] > 1


def test_that_a_circle_is_drawn_round_when_both_features_are_alike(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel, 800, 400)
    x, y = panel.plot.box.viewRange()
    across, up = panel.plot.box.width() / (x[1] - x[0]), panel.plot.box.height() / (y[1] - y[0])
    assert across == pytest.approx(up, rel=0.02)


def test_that_points_are_no_speck_in_a_low_and_wide_panel(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel, 900, 180)
    (left, right), (low, high) = panel.plot.box.viewRange()
    assert left < -1 < 1 < right
    assert low < -1 < 1 < high
    assert right - left < 2.6 * (high - low)


def test_that_a_new_size_asks_for_a_new_grid(show: Show, qtbot: QtBot) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    with qtbot.waitSignal(panel.request_changed):
        panel.resize(800, 300)


def test_that_the_lowest_row_of_a_grid_is_drawn_at_the_bottom(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    asked = panel.grid_request()
    values = np.zeros((asked.height, asked.width, 1))
    values[: asked.height // 2] = 1.0
    panel.show_grid(Grid(values, asked.x_range, asked.y_range, 1, 0.1))
    low, high = pixel(panel, 0.27, -0.7), pixel(panel, 0.27, 0.7)
    assert low.red() > low.blue()
    assert high.blue() > high.red()


def test_that_uncertain_places_look_like_the_panel_and_sure_ones_strong() -> None:
    values = np.array([[[0.5], [0.75], [1.0], [np.nan]]])
    half, rather, sure, unknown = class_image(values, LIGHT)[0].astype(int)
    paper = np.array([255, 255, 255])
    assert abs(half - paper).sum() < abs(rather - paper).sum() < abs(sure - paper).sum()
    assert (unknown == paper).all()


def test_that_outputs_without_softmax_are_coloured_by_their_largest() -> None:
    shades = class_image(np.array([[[900.0, -900.0, 0.0], [-5.0, 1e4, 0.0]]]), LIGHT)[0].astype(int)
    assert shades[0][2] > shades[0][0]
    assert shades[1][0] > shades[1][2]


def test_that_numbers_diverge_from_the_middle() -> None:
    low, middle, high, unknown = number_image(np.array([0.0, 5.0, 10.0, np.nan]), 0, 10, LIGHT).astype(int)
    assert low[2] > low[0]
    assert high[0] > high[2]
    assert (middle == [0xF6, 0xF8, 0xFA]).all()
    assert (unknown == middle).all()


def test_that_regression_shows_a_ramp_with_its_range(show: Show) -> None:
    panel = with_points(BoundaryPanel(), ())
    show(panel)
    panel.show_grid(grid_for(panel))
    assert panel._legend.visible_texts() == ["−5.00 to 5.00", "validation"]
    assert panel._legend.entries[0].mark == "ramp"
    assert panel.describe(0.9, 0.0).endswith(": 1.00")


def test_that_the_place_under_the_mouse_is_told_in_words(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    assert panel.describe(0.5, 0.0) == ""
    panel.show_grid(grid_for(panel))
    assert panel.describe(0.5, 0.0) == "0.500, 0: right 100\N{NO-BREAK SPACE}%"
    assert panel.describe(50, 0) == ""


def test_that_another_data_set_takes_the_old_boundary_away(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    panel.show_grid(grid_for(panel))
    assert panel._moment.text() == "step 12"
    with_points(panel)
    assert panel._moment.text() == "not trained yet"
    assert pixel(panel, -0.5, 0.3).name() == LIGHT.panel


def test_that_points_and_grids_that_are_no_numbers_are_left_out(show: Show) -> None:
    panel = BoundaryPanel()
    show(panel)
    broken = np.array([[np.nan, 0.0], [np.inf, 1.0], [0.0, 0.0], [1.0, 1.0]])
    panel.show_points(broken, CLASSES, HELD_OUT, ("a", "b"), ("x", "y"))
    asked = panel.grid_request()
    panel.show_grid(Grid(np.full((asked.height, asked.width, 2), np.nan), asked.x_range, asked.y_range, 1, 0.0))
    panel.grab()
    assert len(panel._x) == 2
    assert panel.describe(0.5, 0.5).endswith("no number")


def test_that_points_of_another_width_are_refused() -> None:
    panel = BoundaryPanel()
    with pytest.raises(ValueError, match="two coordinates"):
        panel.show_points(np.zeros((3, 4)), np.zeros(3), np.zeros(3, dtype=bool), (), ())
    panel.deleteLater()


def test_that_a_hidden_panel_draws_its_grid_when_it_is_shown(show: Show) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    panel.hide()
    panel.show_grid(grid_for(panel))
    assert panel._moment.text() == "not trained yet"
    panel.show()
    assert panel._moment.text() == "step 12"


def test_that_the_table_names_class_and_part(show: Show, tmp_path: Path) -> None:
    panel = with_points(BoundaryPanel())
    show(panel)
    panel.save_csv(tmp_path / "points.csv")
    rows = list(csv.reader((tmp_path / "points.csv").read_text("utf-8").splitlines()))
    assert rows[0] == ["width", "height", "target", "part"]
    assert rows[4] == ["1", "1", "right", "validation"]


def test_that_a_closed_panel_is_collected(qapp: QApplication) -> None:
    def filled() -> BoundaryPanel:
        panel = with_points(BoundaryPanel())
        panel.show()
        panel.show_grid(grid_for(panel))
        return panel

    assert is_freed(filled)
