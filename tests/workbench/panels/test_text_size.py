"""Panels that are open follow another size of text."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication

from tests.workbench.panels.conftest import Show
from workbench.panels.curves import CurvePanel
from workbench.panels.forecast import ForecastPanel
from workbench.panels.gallery import GalleryPanel
from workbench.panels.steps import StepsPanel
from workbench.panels.writing import WritingPanel
from workbench.plotting import Entry, Legend
from workbench.plotting.panel import TitleLabel
from workbench.results import Predictions, Reconstructions, WriteRequest, Written
from workbench.theme import current, fonts


def enlarge() -> None:
    current().set_text_size("largest")
    QApplication.processEvents()


def digits(kind: type[Predictions] = Predictions, **more: object) -> Predictions:
    pixels = np.zeros((60, 8, 8), dtype=np.uint8)
    names = tuple(str(number) for number in range(10))
    return kind(pixels, np.arange(60) % 10, None, names, (), 0, 0.0, **more)  # type: ignore[arg-type]


def test_that_a_legend_asks_for_the_room_of_larger_words(show: Show) -> None:
    legend = Legend()
    show(legend)
    legend.show_entries([Entry("train", "0.118", ("#000000",)), Entry("validation", "0.168", ("#000000",), "dashes")])
    before = legend.sizeHint().width()
    enlarge()
    assert legend.sizeHint().width() > 1.25 * before
    assert legend.visible_texts() == ["train 0.118", "validation 0.168"] or legend.width() < legend.sizeHint().width()


def test_that_tiles_grow_with_their_words(show: Show) -> None:
    panel = GalleryPanel()
    show(panel, 700, 420)
    panel.show_predictions(digits())
    before = panel.view.gridSize()
    enlarge()
    assert panel.view.gridSize().height() > before.height()
    assert panel.view.rows() * panel.view.gridSize().height() <= panel.view.viewport().height()


def test_that_the_map_of_codes_is_lettered_anew(show: Show) -> None:
    panel = GalleryPanel()
    show(panel, 700, 420)
    angles = np.linspace(0, 6, 60)
    codes = np.stack([np.sin(angles), np.cos(angles)], axis=1)
    rebuilt = np.zeros((60, 8, 8), dtype=np.uint8)
    panel.show_predictions(digits(Reconstructions, rebuilt=rebuilt, errors=np.zeros(60), codes=codes))
    panel.codes_chip.click()
    enlarge()
    names = [name for name, _ in panel.codes._names]
    assert names
    assert {name.font.pixelSize() for name in names} == {fonts.pixels(fonts.BODY)}
    axis = panel.codes.plot.widget.getAxis("left")
    assert axis.style["tickFont"].pixelSize() == fonts.pixels(fonts.SMALL)


def test_that_a_forecast_is_lettered_anew(show: Show) -> None:
    panel = ForecastPanel()
    show(panel, 700, 420)
    enlarge()
    assert panel._shade_name.textItem.font().pixelSize() == fonts.pixels(fonts.SMALL)
    assert panel.plot.widget.getAxis("bottom").style["tickFont"].pixelSize() == fonts.pixels(fonts.SMALL)


def test_that_chips_of_a_narrow_forecast_use_fewer_words(show: Show) -> None:
    panel = ForecastPanel()
    show(panel, 500, 420)
    assert panel._whole.text() == "whole series"
    enlarge()
    assert panel._whole.text() == "whole"
    assert panel._whole.accessibleName() == "whole series"


def test_that_a_written_text_is_set_in_larger_letters(show: Show) -> None:
    panel = WritingPanel()
    show(panel, 700, 420)
    panel.show_written(Written(1, WriteRequest("Once ", 100, 0.7), "upon a time", True, 10, 1.0, False, ""))
    enlarge()
    sizes = {
        fragment.charFormat().font().pixelSize()
        for block in (
            panel.page.document().findBlockByNumber(number) for number in range(panel.page.document().blockCount())
        )
        for fragment in (piece.fragment() for piece in block)
    }
    assert sizes == {fonts.pixels(fonts.SMALL), fonts.pixels(fonts.BODY + 2)}


def test_that_steps_are_lettered_anew(show: Show) -> None:
    panel = StepsPanel()
    show(panel, 700, 420)
    enlarge()
    assert panel.view._delegate._font.pixelSize() == fonts.pixels(fonts.SMALL)


def test_that_a_long_title_gives_way_to_its_initials(show: Show) -> None:
    panel = CurvePanel("Mean absolute error", False)
    show(panel, 600, 240)
    title = panel.findChild(TitleLabel, "panelTitle")
    assert title is not None
    assert title.words() == "Mean absolute error"
    title.setFixedWidth(60)
    assert title.words() == "MAE"
    assert title.toolTip() == "" or title.toolTip() == "Mean absolute error"


def test_that_what_is_said_of_an_empty_plot_leaves_its_axes_free(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel, 300, 220)
    for size in ("normal", "largest"):
        current().set_text_size(size)
        QApplication.processEvents()
        free = panel.empty.rect().marginsRemoved(panel.empty.margins)
        axis = panel.plot.widget.getAxis("left").width()
        assert free.left() > axis
        assert panel.empty.height() - free.bottom() > panel.plot.widget.getAxis("bottom").height() - 2


@pytest.mark.parametrize(("width", "height"), [(300, 110), (300, 150), (380, 130), (700, 300)])
def test_that_what_is_said_of_a_small_empty_plot_wipes_no_number_out(show: Show, width: int, height: int) -> None:
    current().set_text_size("largest")
    panel = CurvePanel("Loss", False)
    show(panel, width, height)
    panel.empty.hide()
    QApplication.processEvents()
    bare = panel.plot.widget.grab().toImage()
    panel.empty.show()
    QApplication.processEvents()
    plot = panel.plot.widget
    told = panel.grab(QRect(plot.mapTo(panel, QPoint(0, 0)), plot.size())).toImage()
    box = panel.plot.box.mapRectToScene(panel.plot.box.rect()).toRect()
    beside = [(x, y) for x in range(0, box.left() - 1, 2) for y in range(0, bare.height(), 2)]
    below = [(x, y) for x in range(0, bare.width(), 2) for y in range(box.bottom() + 2, bare.height(), 2)]
    assert all(bare.pixel(x, y) == told.pixel(x, y) for x, y in beside + below)
    assert panel.empty.placed()[2].width() > 50
