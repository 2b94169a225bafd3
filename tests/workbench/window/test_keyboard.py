"""Everything can be reached and left by keys: the Tab key goes through the whole window, and round again."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Conv2D, Dense
from tests.workbench.driving import Wait, open_whole
from tests.workbench.keyboard import DIALOGS, KINDS, controls, opened, told, walk
from workbench.main_window import MainWindow


@pytest.fixture
def ready(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window in front, with the focus in the list."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.network.layers.setFocus()
    return window


@pytest.mark.parametrize("preset", KINDS)
def test_that_the_tab_key_visits_every_control_and_comes_round(
    ready: MainWindow, qtbot: QtBot, until: Wait, preset: str
) -> None:
    open_whole(ready, until, preset)
    ready.actions_by_name["historyAction"].trigger()
    passed = walk(qtbot, ready)
    assert [told(widget) for widget in controls(ready) if widget not in passed] == []
    back = walk(qtbot, ready, Qt.Key.Key_Backtab)
    assert back == [back[0], *reversed(passed[: passed.index(back[0])]), *reversed(passed[passed.index(back[0]) + 1 :])]


@pytest.mark.parametrize("width", [1440, 1024])
def test_that_no_control_is_lost_when_rows_and_panels_come_and_go(
    ready: MainWindow, qtbot: QtBot, until: Wait, width: int
) -> None:
    ready.resize(width, 640)
    open_whole(ready, until, "mnist-cnn")
    for action in ("goPaletteAction", "goPropertiesAction"):
        ready.actions_by_name[action].trigger()
    for position, form in ((1, "layerForm"), (0, "trainingForm")):
        ready.network.layers.select_position(position)
        more = ready.findChild(QWidget, f"{form}.more")
        if more is not None:
            more.click()  # type: ignore[attr-defined]  # a button
    ready.document.insert(1, Dense(3))
    QApplication.processEvents()
    passed = walk(qtbot, ready)
    assert [told(widget) for widget in controls(ready) if widget not in passed] == []


def test_that_the_tab_key_goes_from_panel_to_panel_as_one_reads(ready: MainWindow, qtbot: QtBot) -> None:
    panels = (ready.bar, ready.palette_panel, ready.network, ready.watching, ready.properties)
    ready.bar.primary.setFocus()
    where = [next(place for place, panel in enumerate(panels) if panel.isAncestorOf(it)) for it in walk(qtbot, ready)]
    assert [place for place, _ in itertools.groupby(where)] == [0, 1, 2, 3, 4]


def test_that_the_tab_key_goes_down_the_forms_row_by_row(ready: MainWindow, qtbot: QtBot) -> None:
    inside = [widget for widget in walk(qtbot, ready) if ready.properties.isAncestorOf(widget)]
    middles = [widget.mapTo(ready, widget.rect().center()).y() for widget in inside]
    first = inside.index(min(inside, key=lambda widget: widget.mapTo(ready, widget.rect().center()).y()))
    down = middles[first:] + middles[:first]
    assert all(after > before - 8 for before, after in itertools.pairwise(down))  # of one row, not equally tall


def test_that_the_tab_key_stays_out_of_what_the_welcome_page_covers(ready: MainWindow, qtbot: QtBot) -> None:
    ready.actions_by_name["welcomeAction"].trigger()
    page, covered = ready.life.welcome, ready.findChild(QWidget, "watchingSplitter")
    assert page is not None
    assert covered is not None
    passed = walk(qtbot, ready)
    assert not [told(widget) for widget in passed if covered.isAncestorOf(widget)]
    assert [
        told(widget) for widget in controls(page.window()) if page.isAncestorOf(widget) and widget not in passed
    ] == []
    page.dismiss()
    assert [widget for widget in walk(qtbot, ready) if covered.isAncestorOf(widget)]


@pytest.mark.parametrize("name", DIALOGS)
def test_that_every_dialog_is_walked_through_and_left_by_keys(
    ready: MainWindow, qtbot: QtBot, until: Wait, name: str
) -> None:
    dialog = opened(ready, until, name)
    passed = walk(qtbot, dialog)
    assert [told(widget) for widget in controls(dialog) if widget not in passed] == []
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    until(lambda: not ready.findChildren(QWidget, name) or not dialog.isVisible())


# --- Going to a part of the window ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "panel"),
    [
        (Qt.Key.Key_F, "palettePanel"),
        (Qt.Key.Key_1, "palettePanel"),
        (Qt.Key.Key_2, "networkPanel"),
        (Qt.Key.Key_3, "watching"),
        (Qt.Key.Key_4, "propertiesPanel"),
    ],
)
def test_that_a_key_goes_to_each_part_of_the_window(ready: MainWindow, qtbot: QtBot, key: Qt.Key, panel: str) -> None:
    ready.palette_dock.hide()
    ready.properties_dock.hide()
    ready.bar.primary.setFocus()
    qtbot.keyClick(ready.bar.primary, key, Qt.KeyboardModifier.ControlModifier)
    focused = QApplication.focusWidget()
    wanted = ready.watching if panel == "watching" else ready.findChild(QWidget, panel)
    assert wanted is not None
    assert focused is not None
    assert wanted.isAncestorOf(focused)


def test_that_a_searched_layer_is_added_by_return_and_the_next_search_replaces_it(
    ready: MainWindow, qtbot: QtBot
) -> None:
    search = ready.palette_panel.search
    qtbot.keyClick(ready.network.layers, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.hasFocus()
    for words in ("dropout", "softmax"):
        qtbot.keyClicks(search, words)
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert search.text() == "softmax"
    assert [layer.type_name for layer in ready.document.network.layers] == ["Dense", "Dropout", "Softmax", "Dense"]
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert [layer.type_name for layer in ready.document.network.layers].count("Softmax") == 2


def test_that_the_list_shows_the_key_of_a_mend_while_it_has_the_keyboard(
    ready: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    open_whole(ready, until, "mnist-mlp")
    view = ready.network.layers
    ready.document.remove(0)
    view.setFocus()
    QApplication.processEvents()
    with_keyboard = view.grab().toImage()
    ready.palette_panel.search.setFocus()
    view.select_first()
    QApplication.processEvents()
    row = view.visualRect(view.rows.index(1))
    button = view.painter_of_rows.layout(view.rows.index(1))
    assert button is not None
    area = button.buttons[0][0].toRect()
    assert row.contains(area.center())
    assert view.grab().toImage().copy(area) != with_keyboard.copy(area)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [layer.type_name for layer in ready.document.network.layers] == ["Flatten", "Dense", "Dense"]


def test_that_the_first_convolution_on_grey_pictures_gets_its_axis_of_colours(
    ready: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    open_whole(ready, until, "mnist-mlp")
    ready.actions_by_name["newAction"].trigger()
    until(lambda: ready.controller.data is not None and not ready.controller.loading)
    ready.palette_panel.search.setFocus()
    qtbot.keyClicks(ready.palette_panel.search, "conv2d")
    qtbot.keyClick(ready.palette_panel.search, Qt.Key.Key_Return)
    assert ready.document.network.input_shape == (28, 28, 1)
    assert isinstance(ready.document.network.layers[0], Conv2D)
    assert ready.document.trace.rows[0].problem is None
    ready.document.stack.undo()
    assert ready.document.network.input_shape == (28, 28)
    assert ready.document.clean
