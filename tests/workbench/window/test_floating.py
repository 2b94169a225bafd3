"""Panels in windows of their own: taken out, moved, kept, put back, and used with the same keys as at their sides."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait
from workbench.main_window import MainWindow
from workbench.theme import current
from workbench.window import layout, tab_order
from workbench.window.room import LEAST
from workbench.window.side_panel import FLOATING, SidePanel

PANELS = ("Palette", "Network", "Properties", "History")


def panel(window: MainWindow, name: str) -> SidePanel:
    return window.docks.every[PANELS.index(name)]


def take_out(window: MainWindow, name: str) -> SidePanel:
    """Choose the panel's entry in the menu."""
    window.actions_by_name[f"float{name}Action"].trigger()
    QApplication.processEvents()
    return panel(window, name)


def edges(dock: SidePanel) -> tuple[int, int, int, int]:
    box = dock.widget().layout()
    assert box is not None
    margins = box.contentsMargins()
    return margins.left(), margins.top(), margins.right(), margins.bottom()


def geometry(window: MainWindow) -> list[tuple[int, int, int, int]]:
    return [part.geometry().getRect() for part in (*window.docks.lasting, window.watching)]


# --- Out and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PANELS)
def test_that_the_menu_takes_a_panel_out_and_puts_it_back(window: MainWindow, name: str) -> None:
    action, dock = window.actions_by_name[f"float{name}Action"], panel(window, name)
    menus = [menu for menu in window.menus.view.findChildren(QMenu) if action in menu.actions()]
    assert [menu.title().replace("&", "") for menu in menus] == ["Panels"]
    take_out(window, name)
    assert dock.isFloating()
    assert dock.isVisible()
    assert dock.isWindow()
    assert action.isChecked()
    assert dock.titleBarWidget() is None, "the title bar by which it is moved"
    assert dock.windowTitle()
    assert edges(dock) == FLOATING
    take_out(window, name)
    assert not dock.isFloating()
    assert dock.isVisible()
    assert not action.isChecked()
    assert dock.titleBarWidget() is not None, "its card has a heading"


def test_that_a_panel_that_was_closed_in_its_window_is_shown_again_by_its_entry(window: MainWindow) -> None:
    dock = take_out(window, "Properties")
    dock.close()
    shown = dock.toggleViewAction()
    assert not shown.isChecked()
    shown.trigger()
    assert dock.isVisible()
    assert dock.isFloating()


def test_that_reset_layout_brings_back_what_floats_or_was_closed(window: MainWindow) -> None:
    before = geometry(window)
    for name in PANELS:
        take_out(window, name)
    panel(window, "Network").close()
    window.actions_by_name["layoutAction"].trigger()
    QApplication.processEvents()
    QApplication.processEvents()
    assert [dock.isFloating() for dock in window.docks.every] == [False] * 4
    assert [dock.isVisible() for dock in window.docks.every] == [True, True, True, False]
    assert [dock.titleBarWidget() is None for dock in window.docks.every] == [False] * 4
    assert not any(window.actions_by_name[f"float{name}Action"].isChecked() for name in PANELS)
    assert [edges(dock)[:1] + edges(dock)[2:3] for dock in window.docks.lasting] == [(8, 0), (0, 0), (0, 8)]
    assert geometry(window) == before


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("back", ["layoutAction", ""])
def test_that_a_panel_that_was_closed_in_its_window_can_be_hidden_once_it_is_back(
    window: MainWindow, name: str, back: str
) -> None:
    dock = take_out(window, name)
    dock.close()
    window.actions_by_name[back or f"float{name}Action"].trigger()
    QApplication.processEvents()
    assert not dock.isFloating()
    dock.setVisible(True)
    dock.toggleViewAction().trigger()
    assert dock.isHidden()
    dock.toggleViewAction().trigger()
    assert dock.isVisible()
    assert not dock.isWindow()
    others = [handle for handle in QGuiApplication.topLevelWindows() if handle is not window.windowHandle()]
    assert not [handle for handle in others if handle.isVisible()], "an empty window"


def test_that_a_kept_layout_has_its_floating_panel_where_it_was(window: MainWindow) -> None:
    dock = take_out(window, "Properties")
    dock.setGeometry(50, 60, 340, 400)
    QApplication.processEvents()
    text = layout.written(window)
    window.actions_by_name["layoutAction"].trigger()
    window.put_layout(text)
    QApplication.processEvents()
    assert dock.isFloating()
    assert dock.isVisible()
    assert dock.titleBarWidget() is None
    assert dock.geometry().getRect() == (50, 60, 340, 400)
    assert window.actions_by_name["floatPropertiesAction"].isChecked()


# --- Room in the window ---------------------------------------------------------------------------------------------


def test_that_what_stays_has_the_margins_at_the_edges_of_the_window(window: MainWindow) -> None:
    take_out(window, "Palette")
    assert edges(panel(window, "Network")) == (8, 8, 0, 8)
    take_out(window, "Network")
    take_out(window, "Properties")
    box = window.watching.layout()
    assert box is not None
    assert (box.contentsMargins().left(), box.contentsMargins().right()) == (8, 8)
    assert window.watching.width() == window.width()
    window.docks.history.show()
    assert edges(window.docks.history) == (0, 8, 8, 8)


def test_that_the_middle_has_the_room_of_a_panel_that_was_taken_out(window: MainWindow) -> None:
    network, middle = window.network.width(), window.watching.width()
    palette = window.palette_dock.width()
    take_out(window, "Palette")
    assert window.network.width() == network
    assert window.watching.width() >= middle + palette
    take_out(window, "Palette")
    assert (window.palette_dock.width(), window.network.width()) == (palette, network)


def drag_network(window: MainWindow, width: int) -> None:
    window.resizeDocks([window.network_dock], [width], Qt.Orientation.Horizontal)
    QApplication.processEvents()


@pytest.mark.parametrize("name", PANELS[:3])
def test_that_a_panel_that_floats_in_a_kept_layout_is_docked_beside_a_network_as_wide_as_it_was_dragged(
    window: MainWindow, name: str
) -> None:
    first = window.network_dock.width()
    drag_network(window, 400)
    take_out(window, name)
    text = layout.written(window)
    window.actions_by_name["layoutAction"].trigger()
    for _ in range(2):
        take_out(window, name)
    window.put_layout(text)
    QApplication.processEvents()
    take_out(window, name)
    assert window.network_dock.width() == (first if name == "Network" else 400)


@pytest.mark.parametrize("name", ["Palette", "Properties"])
def test_that_the_network_keeps_the_width_to_which_it_was_dragged_while_another_panel_floated(
    window: MainWindow, name: str
) -> None:
    take_out(window, name)
    drag_network(window, 480)
    dragged = window.network.width()
    take_out(window, name)
    assert window.network.width() == dragged


def test_that_a_panel_that_was_hidden_comes_back_from_its_window_beside_a_network_as_wide_as_before(
    window: MainWindow,
) -> None:
    window.resize(1024, 640)
    QApplication.processEvents()
    network = window.network.width()
    assert window.palette_dock.isHidden()
    window.palette_dock.docked_width = 0  # as in a window that was small from the start
    for _ in range(2):
        take_out(window, "Palette")
        assert window.network.width() == network
    assert window.palette_dock.isVisible()


@pytest.mark.parametrize("name", ["Palette", "Properties"])
def test_that_the_network_is_as_wide_whatever_comes_and_goes_beside_it(window: MainWindow, name: str) -> None:
    """The room is the middle's, be it by the menu, by keys, or through a window of its own that is closed."""
    network, middle, dock = window.network.width(), window.watching.width(), panel(window, name)
    ways = (
        (dock.toggleViewAction().trigger, dock.toggleViewAction().trigger),
        (dock.hide, dock.show),
        (dock.hide, lambda: (take_out(window, name), dock.setFloating(False))),
        (lambda: (take_out(window, name), dock.close()), lambda: take_out(window, name)),
    )
    for away, back in ways:
        away()
        QApplication.processEvents()
        assert window.network.width() == network
        assert window.watching.width() > middle
        back()
        QApplication.processEvents()
        assert window.network.width() == network
        assert abs(window.watching.width() - middle) <= 1


@pytest.mark.parametrize("names", [("Palette", "Properties"), ("Properties", "Palette"), ("Palette", "History")])
def test_that_panels_that_come_back_into_a_small_window_leave_the_middle_its_least(
    window: MainWindow, names: tuple[str, str]
) -> None:
    window.resize(1024, 640)
    for _ in range(2):
        for name in names:
            take_out(window, name)
    assert all(panel(window, name).isVisible() for name in names)
    assert window.watching.width() >= LEAST


def test_that_text_of_another_size_gives_a_floating_panel_and_what_stays_other_widths(window: MainWindow) -> None:
    take_out(window, "Palette")
    current().set_text_size("large")
    QApplication.processEvents()
    network = window.network.width()
    take_out(window, "Palette")
    assert window.network.width() == network
    assert window.palette_dock.width() == window.palette_dock.minimumSizeHint().width()


def test_that_a_floating_panel_stays_when_the_window_becomes_small_and_makes_nobody_hide(window: MainWindow) -> None:
    dock = take_out(window, "Properties")
    window.resize(1024, 640)
    QApplication.processEvents()
    assert dock.isVisible()
    assert window.palette_dock.isHidden()
    window.resize(720, 480)
    window.palette_dock.show()
    QApplication.processEvents()
    assert dock.isVisible()
    dock.close()
    dock.show()
    assert window.palette_dock.isVisible(), "there is room: the other one needs none"
    window.watching.enlarge_button.click()
    assert dock.isVisible()
    assert window.palette_dock.isHidden()


def test_that_a_panel_that_comes_back_into_a_window_without_room_takes_its_turn(window: MainWindow) -> None:
    take_out(window, "Properties")
    window.resize(720, 480)
    window.palette_dock.show()
    take_out(window, "Properties")
    assert window.properties_dock.isVisible()
    assert window.palette_dock.isHidden()


def test_that_panels_dropped_in_another_order_stand_as_they_did(window: MainWindow, until: Wait) -> None:
    window.docks.history.show()
    QApplication.processEvents()
    take_out(window, "Palette")
    take_out(window, "Properties")
    window.splitDockWidget(window.network_dock, window.palette_dock, Qt.Orientation.Vertical)
    window.splitDockWidget(window.docks.history, window.properties_dock, Qt.Orientation.Horizontal)
    window.palette_dock.setFloating(False)
    window.properties_dock.setFloating(False)
    until(lambda: window.palette_dock.geometry().right() < window.network_dock.x())
    until(lambda: window.properties_dock.geometry().bottom() < window.docks.history.y())
    assert window.palette_dock.x() == 0
    assert window.properties_dock.geometry().right() == window.width() - 1


def test_that_a_panel_is_only_docked_at_its_own_side(window: MainWindow) -> None:
    left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    assert [dock.allowedAreas() for dock in window.docks.every] == [left, left, right, right]


# --- Keys -----------------------------------------------------------------------------------------------------------


def test_that_the_focus_stays_in_a_panel_that_is_taken_out_and_put_back(window: MainWindow) -> None:
    window.activateWindow()
    window.palette_panel.search.setFocus()
    for _ in range(2):
        take_out(window, "Palette")
        assert window.palette_panel.search.hasFocus()


def test_that_keys_go_to_panels_in_other_windows_and_back(window: MainWindow, until: Wait) -> None:
    window.activateWindow()
    window.network.layers.setFocus()
    dock = take_out(window, "Properties")
    units = window.findChild(QLineEdit, "layerForm.units")
    assert units is not None
    window.actions_by_name["goPropertiesAction"].trigger()
    until(dock.isActiveWindow)
    until(units.hasFocus)
    for name, focused in (("goNetworkAction", window.network.layers), ("goPaletteAction", window.palette_panel.search)):
        window.actions_by_name["goPropertiesAction"].trigger()
        until(units.hasFocus)
        window.actions_by_name[name].trigger()
        until(focused.hasFocus)
    window.actions_by_name["goPropertiesAction"].trigger()
    until(units.hasFocus)
    window.actions_by_name["goResultsAction"].trigger()
    until(lambda: window.watching.isAncestorOf(QApplication.focusWidget()))


def test_that_tab_goes_round_within_a_floating_panel(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    dock = take_out(window, "Properties")
    window.actions_by_name["goPropertiesAction"].trigger()
    until(lambda: dock.isAncestorOf(QApplication.focusWidget()))
    first = QApplication.focusWidget()
    passed = []
    for _ in range(100):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert dock.isAncestorOf(focused)
        passed.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            break
    assert QApplication.focusWidget() is first
    stops = tab_order.stops(dock)
    here = stops.index(passed[0])
    assert passed == stops[here:] + stops[:here], "as one reads"


def test_that_space_trains_from_a_floating_panel_and_return_presses_its_buttons(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    take_out(window, "Network")
    window.actions_by_name["goNetworkAction"].trigger()
    qtbot.keyClick(window.network.layers, Qt.Key.Key_Space)
    until(lambda: window.state == "running")
    window.controller.stop()
    until(lambda: window.state == "idle")
    take_out(window, "History")
    close = window.history.findChild(QToolButton, "historyClose")
    assert close is not None
    window.docks.history.activateWindow()
    close.setFocus()
    qtbot.keyClick(close, Qt.Key.Key_Return)
    assert window.docks.history.isHidden()


def test_that_f2_names_a_layer_whose_form_floats_and_gives_the_focus_back(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    take_out(window, "Properties")
    window.activateWindow()
    window.network.layers.setFocus()
    until(window.network.layers.hasFocus)
    window.network.layers.select_position(0)
    qtbot.keyClick(window.network.layers, Qt.Key.Key_F2)
    line = window.findChild(QLineEdit, "layerSection.name")
    assert line is not None
    until(line.hasFocus)
    qtbot.keyClicks(line, "hidden")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.document.network.layers[0].name == "hidden"
    until(window.network.layers.hasFocus)
