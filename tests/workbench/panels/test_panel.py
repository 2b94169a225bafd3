"""What holds for every panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from tests.workbench.panels.conftest import Show
from workbench.panels.boundary import BoundaryPanel
from workbench.panels.curves import CurvePanel
from workbench.panels.forecast import ForecastPanel
from workbench.panels.gallery import GalleryPanel
from workbench.panels.picture import PicturePanel
from workbench.panels.regression import RegressionPanel
from workbench.panels.steps import StepsPanel
from workbench.panels.writing import WritingPanel
from workbench.plotting import Panel
from workbench.plotting.plot import nice_ceiling, plain, ticks
from workbench.theme import current


def loss() -> CurvePanel:
    return CurvePanel("Loss", False)


EVERY = pytest.mark.parametrize(
    "make", [loss, GalleryPanel, BoundaryPanel, RegressionPanel, ForecastPanel, StepsPanel, WritingPanel, PicturePanel]
)


@EVERY
def test_that_every_control_has_a_name_for_people_and_for_programs(show: Show, make: Callable[[], Panel]) -> None:
    panel = make()
    show(panel)
    assert panel.accessibleName()
    reached = [
        child
        for child in panel.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.isVisible()
    ]
    assert reached
    for child in reached:
        assert child.objectName(), child
        assert child.accessibleName(), child.objectName()
    assert all(action.objectName() for action in panel.menu.actions() if not action.isSeparator())


@EVERY
@pytest.mark.parametrize("width", [300, 900])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_nothing_lies_outside_the_panel(show: Show, make: Callable[[], Panel], width: int, mode: str) -> None:
    current().set_mode(mode)
    panel = make()
    show(panel, width, 300)
    assert panel.width() == width
    for child in panel.findChildren(QWidget):
        if child.parent() is panel and child.isVisible():
            assert panel.rect().contains(child.geometry()), child.objectName()


# The offscreen platform says of every menu what it cannot do.
@EVERY
def test_that_a_right_click_opens_the_menu(show: Show, make: Callable[[], Panel]) -> None:
    panel = make()
    show(panel)
    place = panel.rect().center()
    target = panel.childAt(place) or panel
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, target.mapFrom(panel, place), QPoint(5, 5))
    QApplication.sendEvent(target, event)
    assert panel.menu.isVisible()
    panel.menu.close()


@EVERY
def test_that_saving_asks_for_a_name_without_blocking(show: Show, make: Callable[[], Panel]) -> None:
    panel = make()
    show(panel)
    panel.ask_png()
    dialog = panel.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.close()


def test_that_round_numbers_label_an_axis() -> None:
    assert ticks(0, 5, 6) == [0, 1, 2, 3, 4, 5]
    assert ticks(0, 3, 4) == [0, 1, 2, 3]
    assert ticks(0, 10, 5, whole=True) == [0, 5, 10]
    assert ticks(0, 1000, 6) == [0, 200, 400, 600, 800, 1000]
    assert len(ticks(-0.013, 0.027, 4)) <= 4
    assert ticks(2, 2, 5) == [2]
    assert [plain(value) for value in (0, 0.25, 1000, -2.5)] == ["0", "0.25", "1,000", "−2.5"]


@pytest.mark.parametrize(
    ("value", "top"), [(2.31, 2.5), (0.118, 0.12), (1.0, 1.0), (97, 100), (0, 1), (float("inf"), 1)]
)
def test_that_a_range_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice_ceiling(value) == pytest.approx(top)
