"""The middle of the window divides its room between curves and samples."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from nncore.metrics import MeanAbsoluteError
from tests.workbench.driving import Wait, show_loss, train
from tests.workbench.test_accessible_names import called_alike, nameless
from workbench.main_window import MainWindow
from workbench.middle.plots import Plots
from workbench.theme import current


@pytest.fixture
def large(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A small window with the largest text, in which nothing has room above anything."""
    window.resize(1024, 640)
    current().set_text_size("largest")
    qtbot.waitUntil(lambda: not window.watching.plots.isVisible())
    return window


def tabs(shown: QTabWidget) -> list[QWidget]:
    return [shown.widget(place) for place in range(shown.count())]


def test_that_a_low_window_has_curves_predictions_and_picture_in_one_bar_of_tabs(large: MainWindow) -> None:
    watching = large.watching
    assert tabs(watching.views) == [watching.loss_curve, watching.metric_curve, watching.stack, watching.picture]
    assert watching.views.currentWidget() is watching.stack, "what was in front stays there"
    bar = watching.views.tabBar()
    for place, panel in enumerate(tabs(watching.views)):
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())
        assert panel.isVisible()
    QTest.keyClick(bar, Qt.Key.Key_Left)
    assert watching.predictions_wanted
    large.actions_by_name["pictureAction"].trigger()
    assert watching.picture.isVisible()


def test_that_the_controls_of_a_low_window_have_names_of_their_own(large: MainWindow) -> None:
    large.palette_dock.show()
    for panel in tabs(large.watching.views):
        large.watching.views.setCurrentWidget(panel)
        QApplication.processEvents()
        assert nameless(large) == []
        assert called_alike(large) == []


def test_that_a_plot_in_a_low_window_has_all_the_room(large: MainWindow, until: Wait) -> None:
    train(large, until)
    watching = large.watching
    show_loss(large)
    QApplication.processEvents()
    assert watching.loss_curve.isVisible()
    assert watching.loss_curve._curve.count > 0
    assert watching.loss_curve.plot.box.height() > 150


def test_that_a_narrow_tab_has_the_short_name_from_the_beginning(qtbot: QtBot) -> None:
    plots = Plots()
    qtbot.addWidget(plots)
    plots.set_metric(MeanAbsoluteError)
    plots.fit(260)
    plots.build()
    assert plots.tabs.tabText(1) == "MAE"
    assert plots.tabs.tabToolTip(1) == "Mean absolute error"


def test_that_the_tabs_of_a_low_window_go_back_to_where_there_is_room(large: MainWindow, qtbot: QtBot) -> None:
    watching = large.watching
    show_loss(large)
    current().set_text_size("normal")
    qtbot.waitUntil(watching.plots.isVisible)
    QApplication.processEvents()
    assert tabs(watching.views) == [watching.stack, watching.picture]
    assert watching.loss_curve.isVisible()
    assert watching.metric_curve.isVisible()
    assert watching.loss_curve.property("card")
    assert watching.plots.height() > 100
    assert watching.stack.isVisible()


def test_that_a_metric_of_another_name_names_its_tab(large: MainWindow) -> None:
    watching = large.watching
    watching.set_metric(MeanAbsoluteError)
    assert watching.views.tabText(1) in ("Mean absolute error", "MAE")
    assert watching.views.tabToolTip(1) == ("Mean absolute error" if watching.views.tabText(1) == "MAE" else "")


def test_that_a_small_window_with_usual_text_shows_curves_above_samples(window: MainWindow) -> None:
    window.resize(1024, 640)
    QApplication.processEvents()
    assert window.watching.plots.isVisible()
    assert tabs(window.watching.views) == [window.watching.stack, window.watching.picture]


def test_that_messages_take_the_room_of_the_curves_where_there_is_too_little(window: MainWindow, qtbot: QtBot) -> None:
    watching = window.watching
    window.resize(1024, 640)
    QApplication.processEvents()
    assert watching.plots.isVisible()
    watching.banner.setFixedHeight(360)
    watching.banner.show()
    qtbot.waitUntil(lambda: not watching.plots.isVisible())
    assert watching.views.isVisible()
    watching.banner.hide()
    qtbot.waitUntil(watching.plots.isVisible)


def test_that_the_room_of_a_panel_that_is_hidden_goes_to_the_middle(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1440, 900)
    QApplication.processEvents()
    network, before = window.network.width(), window.watching.width()
    window.watching.enlarge_button.click()
    QApplication.processEvents()
    assert abs(window.network.width() - network) <= 8
    assert window.watching.width() > before + 300
    window.watching.enlarge_button.click()
    QApplication.processEvents()
    assert abs(window.network.width() - network) <= 8


def test_that_a_larger_window_does_not_take_the_room_back(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    QApplication.processEvents()
    window.watching.enlarge_button.click()
    window.resize(1440, 900)
    QApplication.processEvents()
    assert window.palette_dock.isHidden()
    assert window.properties_dock.isHidden()
    window.watching.enlarge_button.click()
    assert not window.palette_dock.isHidden()
    assert not window.properties_dock.isHidden()
