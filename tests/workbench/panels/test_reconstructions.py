"""Originals beside what the network gives back of them, and where it puts them on the way."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QToolButton

from nncore.datasets.base import IMAGE, SERIES, TABLE
from tests.workbench.panels.conftest import Show
from workbench.panels.gallery import GalleryPanel
from workbench.panels.gallery.codes import apart
from workbench.panels.gallery.model import TILE
from workbench.panels.gallery.thumbnails import Thumbnails
from workbench.results import Reconstructions
from workbench.theme import DARK, LIGHT, Tokens, current

NAMES = ("ring", "disc")
ROWS = 20
TRUTH = np.arange(ROWS) % 2
ERRORS = np.linspace(0.01, 0.2, ROWS)


def pictures(value: int = 255) -> np.ndarray:
    pixels = np.zeros((ROWS, 8, 8), dtype=np.uint8)
    pixels[:, 2:-2, 2:-2] = value
    return pixels


def of_pictures(trained: bool = True, codes: bool = False) -> Reconstructions:
    before = Reconstructions(pictures(), TRUTH, None, NAMES, (), 0, 0.0, IMAGE, errors=np.zeros(ROWS))
    places = np.random.default_rng(0).normal(size=(ROWS, 2)) + TRUTH[:, None] * 9
    trained_on = replace(before, rebuilt=pictures(128), errors=ERRORS, step=90)
    return replace(trained_on, codes=places if codes else None) if trained else before


def of_table(trained: bool = True) -> Reconstructions:
    rows = np.arange(ROWS * 4, dtype=np.float64).reshape(ROWS, 4)
    before = Reconstructions(rows, TRUTH, None, NAMES, ("a", "b", "c", "d"), 0, 0.0, TABLE, errors=np.zeros(ROWS))
    return replace(before, rebuilt=rows + 0.5, errors=ERRORS, step=90) if trained else before


def given(show: Show, shown: Reconstructions, width: int = 600) -> GalleryPanel:
    panel = GalleryPanel()
    show(panel, width, 420)
    panel.show_predictions(shown)
    QApplication.processEvents()
    return panel


def chip(panel: GalleryPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert found is not None
    return found


def colours(panel: GalleryPanel, row: int) -> set[str]:
    image = panel.view.viewport().grab(panel.view.visualRect(panel.model.index(row))).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_that_a_tile_has_original_reconstruction_label_and_error(show: Show) -> None:
    panel = given(show, of_pictures())
    tile = panel.model.index(1).data(TILE)
    assert (tile.answer, tile.caption, tile.state) == ("disc", "error 0.0200", "number")
    # Ink on paper in the light theme: 255 becomes black, and 128 grey.
    assert {"#000000", "#7f7f7f"} <= colours(panel, 1)
    assert panel.summary.text() == "rebuilt below · MSE 0.105 · step 90"
    assert "mean squared error" in panel.summary.toolTip()


def test_that_before_the_training_the_originals_are_shown(show: Show) -> None:
    panel = given(show, of_pictures(trained=False))
    assert panel.model.index(1).data(TILE).state == "open"
    assert "#7f7f7f" not in colours(panel, 1)
    assert panel.summary.text() == "20 samples · not predicted yet"


def test_that_nothing_is_called_right_or_wrong(show: Show) -> None:
    panel = given(show, of_pictures())
    assert not chip(panel, "wrongOnlyChip").isVisible()
    assert chip(panel, "classChip").isVisible()
    assert not {LIGHT.right, LIGHT.wrong} & colours(panel, 0)


def test_that_the_worst_reconstructions_come_first_if_asked(show: Show) -> None:
    panel = given(show, of_pictures())
    chip(panel, "worstFirstChip").click()
    assert [panel.model.tile_sample(row) for row in range(3)] == [19, 18, 17]


def test_that_a_reconstruction_has_the_paper_of_its_original(qapp: QApplication) -> None:
    originals = Thumbnails(pictures())
    grey = Thumbnails(np.full((ROWS, 8, 8), 128, dtype=np.uint8), originals)
    alone = Thumbnails(np.full((ROWS, 8, 8), 128, dtype=np.uint8))
    shades = [each.pixmap(0, 16, 1.0, False).toImage().pixelColor(4, 4).red() for each in (grey, alone)]
    assert shades == [127, 128]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("room", [5, 30, 57, 70, 83])
def test_that_a_picture_is_as_high_as_was_said_whatever_the_pixels_of_the_screen(
    qapp: QApplication, ratio: float, room: int
) -> None:
    thumbnails = Thumbnails(np.zeros((1, 28, 20)))
    height = thumbnails.pixmap(0, room, ratio, False).deviceIndependentSize().height()
    assert thumbnails.height(room, ratio) == pytest.approx(height, abs=1 / ratio)


def test_that_new_weights_paint_new_pictures_though_the_words_stay(show: Show) -> None:
    panel = given(show, of_pictures())
    later = replace(of_pictures(), rebuilt=pictures(64), step=91)
    panel.show_predictions(later)
    QApplication.processEvents()
    assert "#bfbfbf" in colours(panel, 1)


def test_that_a_table_has_its_numbers_and_what_became_of_them(show: Show) -> None:
    panel = given(show, of_table())
    assert panel.model.index(0).data(TILE).lines[1] == ("b", "1.00 → 1.50")
    assert panel.model.index(0).data(TILE).answer == "ring"
    panel.show_predictions(of_table(trained=False))
    assert panel.model.index(0).data(TILE).lines[1] == ("b", "1.00")


def test_that_a_piece_of_a_series_is_drawn_as_two_lines(show: Show) -> None:
    waves = np.sin(np.arange(ROWS * 24).reshape(ROWS, 24, 1) / 3)
    shown = Reconstructions(
        waves, np.full(ROWS, np.nan), None, (), (), 9, 1.0, SERIES, rebuilt=waves * 0.5, errors=ERRORS
    )
    panel = given(show, shown)
    assert panel.model.index(0).data(TILE).answer == "no. 1"
    assert LIGHT.accent in colours(panel, 0)


def test_that_diverged_reconstructions_are_told_as_missing(show: Show) -> None:
    shown = replace(of_pictures(), errors=np.full(ROWS, np.nan))
    panel = given(show, shown)
    panel.grab()
    assert "not predicted yet" in panel.summary.text()


def test_that_two_numbers_in_the_middle_make_a_map(show: Show) -> None:
    panel = given(show, of_pictures(codes=True))
    assert chip(panel, "codesChip").isVisible()
    chip(panel, "codesChip").click()
    assert panel.codes.plot.widget.isVisible()
    assert not panel.view.isVisible()
    points = [item for item in panel.codes._items if hasattr(item, "getData")]
    assert sum(len(item.getData()[0]) for item in points) == ROWS
    assert len({item.opts["symbol"] for item in points}) == 2
    chip(panel, "codesChip").click()
    assert panel.view.isVisible()


@pytest.mark.parametrize(("mode", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_that_the_names_on_the_map_leave_the_points_between_their_letters(
    show: Show, mode: str, tokens: Tokens
) -> None:
    current().set_mode(mode)
    panel = given(show, of_pictures(codes=True))
    chip(panel, "codesChip").click()
    QApplication.processEvents()
    names = [name for name, _ in panel.codes._names]
    assert [name.text for name in names] == ["ring", "disc"]
    canvas = QImage(120, 40, QImage.Format.Format_RGB32)
    canvas.fill(QColor("#ff00ff"))
    painter = QPainter(canvas)
    painter.translate(60, 20)
    names[0].paint(painter)
    painter.end()
    seen = [canvas.pixelColor(x, y).name() for x in range(120) for y in range(40)]
    assert {tokens.text, tokens.panel, tokens.classes[0]} <= set(seen)
    area = names[0].boundingRect().translated(60, 20).toAlignedRect()
    inside = [
        canvas.pixelColor(x, y).name()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    ]
    assert inside.count("#ff00ff") > len(inside) / 10
    assert seen.count("#ff00ff") == inside.count("#ff00ff") + len(seen) - len(inside), "nothing is painted beside it"


def test_that_without_two_numbers_there_is_no_map(show: Show) -> None:
    panel = given(show, of_pictures())
    assert not chip(panel, "codesChip").isVisible()
    panel.show_predictions(of_pictures(codes=True))
    chip(panel, "codesChip").click()
    panel.show_predictions(of_pictures())
    assert panel.view.isVisible()


def test_that_a_reconstruction_is_read_out_as_a_sentence(show: Show) -> None:
    panel = given(show, of_pictures())
    words = panel.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Sample 2: disc, reconstruction: error 0.0200"


@pytest.mark.parametrize("codes", [False, True])
def test_that_the_table_has_error_and_codes(show: Show, tmp_path: Path, codes: bool) -> None:
    panel = given(show, of_pictures(codes=codes))
    panel.save_csv(tmp_path / "errors.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "errors.csv").read_text("utf-8"))))
    assert rows[0][:3] == ["sample", "truth", "mean squared error"]
    assert rows[1][:3] == ["1", "ring", "0.01"]
    assert len(rows[1]) == (5 if codes else 3)


@pytest.mark.parametrize("seed", range(5))
def test_that_names_on_the_map_do_not_cover_each_other(seed: int) -> None:
    middles = np.random.default_rng(seed).uniform(0, 60, (10, 2))
    size = np.array([12.0, 20.0])
    found = apart(middles, np.tile(size, (10, 1)))
    covered = (size - np.abs(found[:, None] - found[None])).min(axis=2)
    np.fill_diagonal(covered, 0)
    assert covered.max() < 1
    assert np.abs(found - middles).max() < 60  # and each stays near its class


def test_that_names_with_room_stay_where_they_are() -> None:
    middles = np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 30.0]])
    np.testing.assert_array_equal(apart(middles, np.full((3, 2), 16.0)), middles)
