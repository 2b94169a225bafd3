"""The gallery shows whole tiles, tells right from wrong in words, and keeps the chosen sample."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.gallery import GalleryPanel
from workbench.panels.gallery.model import TILE
from workbench.panels.gallery.thumbnails import Thumbnails
from workbench.panels.gallery.tiles import fitting_lines
from workbench.results import Predictions
from workbench.theme import DARK, LIGHT, current

DIGITS = tuple("0123456789")
TRUTH = np.arange(60) % 10


def images(rows: int = 60, side: int = 8) -> np.ndarray:
    pixels = np.zeros((rows, side, side), dtype=np.uint8)
    pixels[:, 2:-2, 2:-2] = 255
    return pixels


def predicted(wrong: dict[int, int] | None = None, step: int = 528, sure: float = 0.82) -> Predictions:
    """Return predictions that are right except for ``wrong``: sample to class."""
    output = np.full((60, 10), (1 - sure) / 9, dtype=np.float32)
    answer = TRUTH.copy()
    for sample, number in (wrong or {}).items():
        answer[sample] = number
    output[np.arange(60), answer] = sure
    return Predictions(images(), TRUTH, output, DIGITS, (), step, 3.7)


def tiles(panel: GalleryPanel) -> list[str]:
    found = [panel.model.index(row).data(TILE) for row in range(panel.model.rowCount())]
    return [f"{tile.answer} {tile.correction}".strip() for tile in found]


def colours_in(panel: GalleryPanel, row: int) -> set[str]:
    QApplication.processEvents()
    image = panel.view.viewport().grab(panel.view.visualRect(panel.model.index(row))).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_that_wrong_answers_are_red_and_say_so_in_words(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8}))
    assert tiles(panel)[4:6] == ["4", "8 not 5"]
    assert LIGHT.right in colours_in(panel, 4)
    assert LIGHT.wrong not in colours_in(panel, 4)
    assert LIGHT.wrong in colours_in(panel, 5)


def test_that_the_summary_counts_the_right_answers_of_all_samples(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8, 7: 1}))
    panel._wrong.setChecked(True)
    assert panel.summary.text() == "58 of 60 right · step 528"
    assert panel.accessibleDescription() == panel.summary.text()


def test_that_a_tile_is_read_out_as_a_sentence_and_its_tip_lists_all_classes(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8}))
    index = panel.model.index(5)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Sample 6: 8, wrong, it is 5, 82\N{NO-BREAK SPACE}%"
    lines = index.data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert lines[1] == "8: 82.0\N{NO-BREAK SPACE}%"
    assert len(lines) == 11


@pytest.mark.parametrize(("width", "height"), [(300, 300), (316, 500), (640, 500), (900, 420), (1000, 700)])
def test_that_no_tile_is_cut_off_and_the_view_is_full(show: Show, width: int, height: int) -> None:
    panel = GalleryPanel()
    show(panel, width, height)
    panel.show_predictions(predicted())
    QApplication.processEvents()
    view = panel.view
    # Without the gap around a tile, which belongs to its cell.
    shown = [view.visualRect(panel.model.index(row)).adjusted(0, 4, -8, -4) for row in range(60)]
    inside = [rect for rect in shown if rect.intersects(view.viewport().rect())]
    assert all(view.viewport().rect().contains(rect) for rect in inside)
    assert len(inside) == min(60, view.columns() * view.rows())
    assert len({rect.top() for rect in inside}) == view.rows()
    view.verticalScrollBar().setValue(1)
    QApplication.processEvents()
    assert view.visualRect(panel.model.index(view.columns())).topLeft() == QPoint(0, 0)


def test_that_two_rows_that_nearly_fit_stand_closer_with_pictures_as_large_as_ever(show: Show) -> None:
    panel = GalleryPanel()
    show(panel, 400, 400)
    panel.show_predictions(predicted())
    QApplication.processEvents()
    view = panel.view
    panel.resize(400, panel.height() - view.viewport().height() + 2 * view._least.height() - 10)
    QApplication.processEvents()
    assert view.rows() == 2
    assert view.columns() == (view.viewport().width() - 1) // view._least.width()
    assert view.tight
    thumbnails = panel.model.thumbnails
    assert thumbnails is not None
    view.grab()
    assert thumbnails.pixmap(0, *thumbnails._made_for).height() == 56
    panel.resize(400, panel.height() - 20)
    QApplication.processEvents()
    assert view.rows() == 1
    assert not view.tight


@pytest.mark.parametrize("side", [8, 28, 100])
def test_that_tiles_of_one_high_row_grow_by_half_at_most(show: Show, side: int) -> None:
    panel = GalleryPanel()
    show(panel, 900, 300)
    panel.show_predictions(Predictions(images(side=side), TRUTH, None, DIGITS, (), 0, 0.0))
    QApplication.processEvents()
    view = panel.view
    panel.resize(900, panel.height() - view.viewport().height() + 2 * view._least.height() - 30)
    QApplication.processEvents()
    assert view.rows() == 1
    assert view._least.width() < view.gridSize().width() < 1.6 * view._least.width()


def test_that_chips_choose_a_class_the_wrong_ones_and_the_worst_first(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8, 13: 9, 23: 1}))
    panel._wrong.setChecked(True)
    assert tiles(panel) == ["8 not 5", "9 not 3", "1 not 3"]
    next(action for action in panel._class_menu.actions() if action.text() == "3").trigger()
    assert tiles(panel) == ["9 not 3", "1 not 3"]
    assert panel._classes.accessibleName() == "Classes shown: 3"
    panel._wrong.setChecked(False)
    panel._worst.setChecked(True)
    assert tiles(panel) == ["9 not 3", "1 not 3", "3", "3", "3", "3"]
    panel._class_menu.actions()[0].trigger()
    assert len(tiles(panel)) == 60


def test_that_no_wrong_answer_is_told_instead_of_an_empty_area(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    assert not panel._empty.isVisible()
    panel._wrong.setChecked(True)
    assert panel._empty.isVisible()
    assert panel._empty.text() == "None of these answers is wrong."


def test_that_samples_are_shown_with_their_truth_before_the_training(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    assert panel._empty.isVisible()
    panel.show_predictions(Predictions(images(), TRUTH, None, DIGITS, (), 0, 0.0))
    assert not panel._empty.isVisible()
    assert panel.summary.text() == "60 samples · not predicted yet"
    assert tiles(panel)[:3] == ["0", "1", "2"]
    assert not {LIGHT.right, LIGHT.wrong} & colours_in(panel, 0)
    assert panel.model.sentence(2) == "Sample 3: 2, not predicted yet"


def test_that_outputs_that_are_no_numbers_are_shown_as_not_predicted(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    output = predicted().output
    assert output is not None
    broken = np.full_like(output, np.nan)
    panel.show_predictions(Predictions(images(), TRUTH, broken, DIGITS, (), 5, 0.1))
    panel.grab()
    assert panel.summary.text() == "60 samples · not predicted yet"


def test_that_bright_strokes_become_ink_in_the_light_theme_only(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    cell = panel.view.visualRect(panel.model.index(0))
    place = QPoint(cell.center().x() - 4, cell.top() + 4 + (cell.height() - 8) // 3)

    def pixel() -> str:
        QApplication.processEvents()
        return QColor(panel.view.viewport().grab().toImage().pixel(place)).name()

    assert pixel() == "#000000"
    current().set_mode("dark")
    assert pixel() == "#ffffff"
    assert DARK.right in colours_in(panel, 0)


def test_that_pixels_stay_square_and_sharp(show: Show) -> None:
    board = (np.indices((1, 8, 8)).sum(axis=0) % 2 * 255).astype(np.uint8)
    picture = Thumbnails(board).pixmap(0, 60, 1.0, True).toImage()
    assert picture.width() == picture.height() == 56
    assert {QColor(picture.pixel(x, y)).name() for x in range(56) for y in range(56)} == {"#000000", "#ffffff"}
    assert QColor(picture.pixel(6, 0)).name() != QColor(picture.pixel(7, 0)).name()


@pytest.mark.parametrize("shape", [(2, 5, 7), (2, 5, 7, 1), (2, 5, 7, 3), (2, 5, 7, 4), (2, 90, 120, 3)])
@pytest.mark.parametrize("kind", ["uint8", "float32"])
def test_that_images_of_every_kind_are_drawn(show: Show, shape: tuple[int, ...], kind: str) -> None:
    numbers = np.random.default_rng(0).random(shape)
    array = (numbers * 255).astype(np.uint8) if kind == "uint8" else numbers.astype(np.float32)
    picture = Thumbnails(array).pixmap(1, 60, 2.0, False)
    assert picture.deviceIndependentSize().width() <= 60
    assert picture.deviceIndependentSize().width() > picture.deviceIndependentSize().height()


def test_that_pictures_are_kept_while_predictions_change(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    kept = panel.model.thumbnails
    panel.show_predictions(predicted({1: 2}))
    assert panel.model.thumbnails is kept


def test_that_only_tiles_that_say_something_new_are_painted(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    panel.show_predictions(predicted(step=529))
    QApplication.processEvents()
    painted: list[int] = []
    words = panel.model.tile
    monkeypatch.setattr(panel.view, "update", lambda index: painted.append(index.row()))
    panel.show_predictions(predicted({3: 7}, step=530))
    assert painted == [3]
    assert words(3).correction == "not 3"


def test_that_the_chosen_sample_stays_chosen_when_the_order_changes(show: Show, qtbot: QtBot) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    panel._worst.setChecked(True)
    panel.view.setCurrentIndex(panel.model.index(0))
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.currentIndex().data(TILE).sample == 1
    panel.show_predictions(predicted({40: 3}, step=600))
    assert panel.view.currentIndex().row() == 2
    assert panel.view.currentIndex().data(TILE).sample == 1


def test_that_a_hidden_gallery_waits_until_it_is_seen(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.hide()
    panel.show_predictions(predicted())
    assert panel.model.rowCount() == 0
    panel.show()
    assert panel.model.rowCount() == 60


def test_that_rows_of_a_table_show_their_first_features(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    rows = np.array([[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3]])
    output = np.array([[0.9, 0.1], [0.8, 0.2]])
    names = ("sepal length", "sepal width", "petal length", "petal width")
    panel.show_predictions(Predictions(rows, np.array([0, 1]), output, ("setosa", "virginica"), names, 80, 4.0))
    tile = panel.model.tile(1)
    assert tile.lines == tuple(zip(names, ("6.20", "2.90", "4.30", "1.30"), strict=True))
    assert (tile.answer, tile.correction) == ("setosa", "not virginica")
    assert panel.view.columns() == 3


def test_that_numbers_are_shown_with_their_truth_and_no_verdict(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    rows = np.array([[1.0], [2.0]])
    panel.show_predictions(Predictions(rows, np.array([10.0, 20.0]), np.array([[12.0], [19.0]]), (), ("x",), 80, 4.0))
    assert panel.model.tile(0).caption == "truth 10.0"
    assert panel.summary.text() == "mean error 1.50 · step 80"
    assert not panel._wrong.isVisible()
    assert not {LIGHT.right, LIGHT.wrong} & colours_in(panel, 0)


def test_that_another_data_set_brings_its_own_classes(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted())
    panel._class_menu.actions()[4].trigger()
    rows = np.zeros((4, 2))
    panel.show_predictions(Predictions(rows, np.array([0, 1, 0, 1]), None, ("no", "yes"), ("a", "b"), 0, 0.0))
    assert [action.text() for action in panel._class_menu.actions()] == ["all classes", "no", "yes"]
    assert panel.model.rowCount() == 4


def test_that_the_table_holds_truth_answer_and_all_outputs(show: Show, tmp_path: Path) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8}))
    panel.save_csv(tmp_path / "p.csv")
    rows = list(csv.DictReader((tmp_path / "p.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 60
    assert (rows[5]["sample"], rows[5]["truth"], rows[5]["prediction"]) == ("6", "5", "8")
    assert float(rows[5]["8"]) == pytest.approx(0.82)


def test_that_a_closed_gallery_is_collected(qapp: QApplication) -> None:
    def filled() -> GalleryPanel:
        panel = GalleryPanel()
        panel.show_predictions(predicted())
        return panel

    assert is_freed(filled)


def test_that_a_narrow_panel_shows_several_samples_and_fewer_words(show: Show) -> None:
    panel = GalleryPanel()
    show(panel, 390, 300)
    panel.show_predictions(predicted({5: 8}))
    QApplication.processEvents()
    assert panel.view.columns() >= 3
    assert panel.summary.text() == "59 of 60 right"
    assert panel.summary.toolTip() == panel.accessibleDescription() == "59 of 60 right · step 528"
    assert panel.summary.geometry().bottom() < panel.view.geometry().top()
    assert panel.summary.geometry().top() < panel._wrong.geometry().bottom()  # in one line
    panel.resize(700, 300)
    QApplication.processEvents()
    assert panel.summary.text() == "59 of 60 right · step 528"


def test_that_nothing_is_drawn_where_nothing_scrolls(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8}))
    QApplication.processEvents()

    def colours() -> set[str]:
        image = panel.view.verticalScrollBar().grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    assert len(colours()) > 1
    panel._wrong.setChecked(True)
    QApplication.processEvents()
    assert len(colours()) == 1


def test_that_few_tiles_grow_by_half_where_all_of_them_find_room(show: Show) -> None:
    panel = GalleryPanel()
    show(panel, 640, 560)
    panel.show_predictions(predicted({5: 8, 13: 9}))
    QApplication.processEvents()
    view = panel.view
    many = view.gridSize()
    panel._wrong.setChecked(True)
    QApplication.processEvents()
    assert 1.3 * many.width() < view.gridSize().width() < 1.6 * view._least.width()
    assert view.columns() * view.rows() >= 2
    panel._wrong.setChecked(False)
    QApplication.processEvents()
    assert view.gridSize() == many


def test_that_the_worst_first_say_by_what_they_are_sorted(show: Show) -> None:
    panel = GalleryPanel()
    show(panel)
    panel.show_predictions(predicted({5: 8}))
    assert panel._worst.toolTip() == "Those with the least score for the right answer come first"
    assert panel.model.index(5).data(TILE).truth == "5: 2\N{NO-BREAK SPACE}%"
    assert panel.model.index(4).data(TILE).truth == ""
    panel.show_predictions(Predictions(np.ones((60, 4)), TRUTH / 2, None, (), tuple("abcd"), 0, 0.0))
    assert panel._worst.toolTip() == "Those with the largest error come first"


def test_that_a_tile_of_a_table_says_how_many_values_it_leaves_out() -> None:
    lines = [(name, "1.00") for name in "abcdef"]
    assert fitting_lines(lines[:4], 4, 4) == lines[:4]
    assert fitting_lines(lines, 13, 4) == [*lines[:3], ("+ 10 more", "")]
    assert fitting_lines(lines, 13, 9) == [*lines, ("+ 7 more", "")]
    assert fitting_lines(lines[:4], 4, 3) == [*lines[:2], ("+ 2 more", "")]
