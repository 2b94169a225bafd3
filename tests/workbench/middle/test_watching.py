"""The middle of the window divides its room between curves and samples."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.main_window import MainWindow


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
