"""Where the keyboard is can be seen on everything that the Tab key stops at, in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait
from tests.workbench.keyboard import DIALOGS, KINDS, opened, told, walk
from workbench.main_window import MainWindow
from workbench.theme import current
from workbench.window import tab_order

LEAST_PIXELS, LEAST_DIFFERENCE, LEAST_HEIGHT = 40, 40, 0.6
"""So many pixels change, by so much of 255, over so much of a control's height: a ring, and not only other letters."""


@pytest.fixture(autouse=True)
def usual(qapp: QApplication) -> Iterator[None]:
    yield
    current().set_mode("light")


def pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return data[:, : image.width(), :3].astype(int)


def unseen(stops: list[QWidget], elsewhere: QWidget) -> list[str]:
    """Return what looks with the focus as it does without, or is out of sight with it."""
    found = []
    for widget in stops:
        elsewhere.setFocus(Qt.FocusReason.OtherFocusReason)
        QApplication.processEvents()
        before = pixels(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        tab_order.reveal(widget)
        QApplication.processEvents()
        after = pixels(widget)
        if before.shape != after.shape:
            continue  # it shows more of itself
        changed = np.abs(after - before).max(axis=2) >= LEAST_DIFFERENCE
        rows = np.flatnonzero(changed.any(axis=1))
        height = (rows[-1] - rows[0] + 1) / len(changed) if len(rows) else 0.0
        if isinstance(widget, QAbstractScrollArea):
            height = 1.0  # one of its rows or tiles has the ring
        if changed.sum() < LEAST_PIXELS or height < LEAST_HEIGHT or widget.visibleRegion().isEmpty():
            found.append(f"{told(widget)}: {changed.sum()} pixels, {height:.0%} of its height")
    return found


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("preset", KINDS)
def test_that_the_focus_can_be_seen_wherever_the_tab_key_stops(
    window: MainWindow, qtbot: QtBot, until: Wait, preset: str, mode: str
) -> None:
    current().set_mode(mode)
    window.open_project(preset)
    until(lambda: window.controller.data is not None and not window.controller.loading)
    window.watching.complete()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.network.layers.setFocus()
    window.actions_by_name["historyAction"].trigger()
    QApplication.processEvents()
    stops = tab_order.stops(window)
    if preset != KINDS[0]:  # the rest of the window is the same
        stops = [widget for widget in stops if window.watching.isAncestorOf(widget)]
    assert stops
    assert unseen(stops, window) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", DIALOGS)
def test_that_the_focus_can_be_seen_in_every_dialog(
    window: MainWindow, qtbot: QtBot, until: Wait, name: str, mode: str
) -> None:
    current().set_mode(mode)
    dialog = opened(window, until, name)
    stops = walk(qtbot, dialog)
    assert unseen(stops if len(stops) > 1 else [], dialog) == []
    dialog.reject()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_the_focus_can_be_seen_on_the_welcome_page(window: MainWindow, qtbot: QtBot, mode: str) -> None:
    current().set_mode(mode)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.actions_by_name["welcomeAction"].trigger()
    page = window.life.welcome
    assert page is not None
    QApplication.processEvents()
    stops = [widget for widget in tab_order.stops(window) if page.isAncestorOf(widget)]
    assert len(stops) > 10
    assert unseen(stops, window) == []


def test_that_putting_the_welcome_page_away_gives_the_focus_back(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.network.layers.setFocus()
    window.actions_by_name["welcomeAction"].trigger()
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert window.network.layers.hasFocus()


def test_that_return_presses_the_button_that_has_the_focus(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.life.show_welcome()
    button = window.findChild(QWidget, "welcome.newAction")
    assert button is not None
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    until(lambda: len(window.document.network) == 0)
    qtbot.keyClick(window.network.layers, Qt.Key.Key_Return)  # what is no button has its own use for the key
    assert len(window.document.network) == 0
