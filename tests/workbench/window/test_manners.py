"""Text size, colours, layout, keys, focus and names hold in the whole window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QTabBar,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from workbench.dialogs.help import about_dialog
from workbench.dialogs.keys import keys_dialog
from workbench.life import place
from workbench.life.project_life import preferences_path
from workbench.main_window import MainWindow
from workbench.theme import current, fonts
from workbench.window import layout
from workbench.window.keys import groups


def choose(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action is not None, name
    action.trigger()


def measures(window: MainWindow) -> dict[str, tuple[int, int, int, int]]:
    return {
        widget.objectName(): (
            widget.minimumWidth(),
            widget.minimumHeight(),
            widget.maximumWidth(),
            widget.maximumHeight(),
        )
        for widget in window.findChildren(QWidget)
        if widget.objectName() and not widget.objectName().startswith("qt_") and not isinstance(widget, QDockWidget)
    }


# --- Text size and colours ------------------------------------------------------------------------------------------


def test_that_all_text_grows_live_and_shrinks_back(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(2200, 1200)
    QApplication.processEvents()
    before = measures(window)
    height, width = window.network.layers.sizeHintForRow(1), window.bar.primary.width()
    choose(window, "text_size.largest")
    QApplication.processEvents()
    assert window.font().pixelSize() == 20
    assert window.bar.primary.width() > 1.3 * width
    assert window.network.layers.sizeHintForRow(1) == round(1.5 * height)
    assert window.properties_dock.width() >= fonts.pixels(300)
    choose(window, "text_size.large")
    choose(window, "text_size.normal")
    QApplication.processEvents()
    after = measures(window)
    assert {name: sizes for name, sizes in after.items() if before.get(name, sizes) != sizes} == {}


def test_that_safe_colours_reach_the_window_and_are_kept(window: MainWindow) -> None:
    choose(window, "colours.safe")
    choose(window, "text_size.large")
    kept = json.loads(preferences_path().read_text("utf-8"))
    assert (kept["colours"], kept["text_size"]) == ("safe", "large")
    assert current().tokens.wrong in QApplication.instance().styleSheet()  # type: ignore[union-attr]


# --- Layout ---------------------------------------------------------------------------------------------------------


def test_that_reset_layout_puts_every_panel_back(window: MainWindow) -> None:
    choose(window, "historyAction")
    window.palette_dock.hide()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.network_dock)
    choose(window, "layoutAction")
    assert window.dockWidgetArea(window.network_dock) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert window.palette_dock.isVisible()
    assert window.history_dock.isHidden()


def test_that_the_division_of_the_window_is_kept_as_text(window: MainWindow) -> None:
    window.palette_dock.hide()
    choose(window, "historyAction")
    text = layout.written(window)
    choose(window, "layoutAction")
    window.put_layout(text)
    assert window.palette_dock.isHidden()
    assert window.history_dock.isVisible()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"docks": 1, "splitters": {}}', "[" * 20_000, '{"docks": "AAAA", "splitters": {}}']
)
def test_that_text_of_no_layout_changes_nothing(window: MainWindow, text: str) -> None:
    before = layout.written(window)
    assert not layout.put(window, text)
    assert layout.written(window) == before


# --- Keys -----------------------------------------------------------------------------------------------------------


def test_that_every_key_of_the_menus_is_said_once(window: MainWindow) -> None:
    said = [(key.keys, key.words) for group in groups(window, window.actions_by_name) for key in group.keys]
    assert len(said) == len(set(said))
    keys = " or ".join(keys for keys, _ in said).split(" or ")
    for wanted in ("Ctrl+Z", "F2", "F5", "Alt+Up", "Space", "Ctrl+H", "?"):
        assert keys.count(wanted) == 1, wanted


def test_that_the_list_of_keys_is_searched_by_key_and_by_word(window: MainWindow, qtbot: QtBot) -> None:
    dialog = keys_dialog(window.actions_by_name, window)
    dialog.open()
    search = dialog.findChild(QLineEdit, "keysSearch")
    assert isinstance(search, QLineEdit)
    qtbot.keyClicks(search, "undo")
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert "Ctrl+H" in shown
    assert "F5" not in shown
    search.setText("no such thing")
    nothing = dialog.findChild(QLabel, "keysNothing")
    assert isinstance(nothing, QLabel)
    assert nothing.isVisible()
    dialog.close()


def test_that_a_question_mark_shows_the_keys_unless_it_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.palette_panel.search.setFocus()
    qtbot.keyClick(window.palette_panel.search, Qt.Key.Key_Question)
    assert window.findChild(QDialog, "keysDialog") is None
    assert window.palette_panel.search.text() == "?"
    window.network.layers.setFocus()
    qtbot.keyClick(window.network.layers, Qt.Key.Key_Question)
    dialog = window.findChild(QDialog, "keysDialog")
    assert isinstance(dialog, QDialog)
    dialog.close()


def test_that_f2_in_the_list_names_the_layer(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.network.layers.setFocus()
    window.network.layers.select_position(0)
    qtbot.keyClick(window.network.layers, Qt.Key.Key_F2)
    line = window.findChild(QLineEdit, "layerSection.name")
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "hidden")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.document.network.layers[0].name == "hidden"
    assert window.network.layers.hasFocus(), "the next Return must not press what comes next in the window"


def test_that_return_on_train_leaves_the_focus_there(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.bar.primary.setFocus()
    for _ in range(3):  # train, pause, go on
        before = window.state
        qtbot.keyClick(window.bar.primary, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda before=before: window.state != before)
        assert window.bar.primary.hasFocus()
    window.controller.stop()
    qtbot.waitUntil(lambda: window.state == "idle")
    assert window.bar.primary.hasFocus()


def test_that_panels_that_have_no_room_beside_each_other_take_turns(window: MainWindow) -> None:
    window.resize(1024, 640)
    window.docks.palette.show()
    window.docks.properties.show()
    QApplication.processEvents()
    scroll = window.findChild(QScrollArea, "propertiesScroll")
    assert scroll is not None
    assert scroll.viewport().width() >= scroll.widget().width(), "nothing is cut at the right"
    current().set_text_size("largest")
    QApplication.processEvents()
    window.docks.palette.show()
    window.docks.properties.show()
    QApplication.processEvents()
    assert window.docks.palette.isHidden()
    window.docks.palette.show()
    assert window.docks.properties.isHidden()


# --- Names and focus ------------------------------------------------------------------------------------------------


def focusable(root: QWidget) -> list[QWidget]:
    """What the tab key stops at, without the parts that Qt itself makes inside of others."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox | QAbstractScrollArea)
        part = isinstance(widget, QTabBar) and isinstance(widget.parent(), QTabWidget)
        part = part or isinstance(widget.parent(), QTabBar) or widget.window() is not root
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not (inner or part or isinstance(widget, QMenu)):
            found.append(widget)
    return found


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()!r} {widget.accessibleName()!r} {widget.toolTip()!r}"
        for widget in focusable(root)
        if not (widget.objectName() and widget.accessibleName() and (widget.toolTip() or _told(widget)))
        and not (widget.objectName() and widget.accessibleName() and _shows_content(widget))
    ]


def _shows_content(widget: QWidget) -> bool:
    """Whether a widget shows things that have tooltips of their own."""
    return isinstance(widget, QAbstractScrollArea | QTabWidget) or widget.objectName() == "pictureView"


def _told(widget: QWidget) -> bool:
    """Whether what a widget stands in has a tooltip, which Qt then shows."""
    parent = widget.parentWidget()
    return parent is not None and not parent.isWindow() and (bool(parent.toolTip()) or _told(parent))


def test_that_every_control_has_names_and_a_tooltip(window: MainWindow) -> None:
    window.watching.complete()
    for dialog in (None, keys_dialog(window.actions_by_name, window), about_dialog(window)):
        assert nameless(dialog or window) == []
        if dialog is not None:
            dialog.close()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_the_focus_can_be_seen_on_every_control(window: MainWindow, qtbot: QtBot, mode: str) -> None:
    current().set_mode(mode)
    window.activateWindow()
    unseen = []
    for widget in focusable(window):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        window.setFocus()
        before = picture(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if not widget.hasFocus() and widget.focusProxy() is None:
            continue
        if isinstance(widget, QAbstractItemView) and not widget.currentIndex().isValid():
            qtbot.keyClick(widget, Qt.Key.Key_Down)
        QApplication.processEvents()
        if picture(widget) == before:
            unseen.append(f"{type(widget).__name__} {widget.objectName()}")
    assert unseen == []


def test_that_undo_works_while_a_field_has_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    window.network.layers.select_position(0)
    window.document.remove(1)
    layers = len(window.document.network.layers)
    units = window.findChild(QLineEdit, "layerForm.units")
    assert isinstance(units, QLineEdit)
    units.setFocus()
    keys = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(units, "7")
    qtbot.keyClick(units, *keys)  # what is typed is taken back first
    assert len(window.document.network.layers) == layers
    while units.isUndoAvailable():
        units.undo()
    qtbot.keyClick(units, *keys)
    assert len(window.document.network.layers) == layers + 1


def test_that_the_first_window_is_not_larger_than_its_screen(window: MainWindow) -> None:
    room = window.screen().availableSize()
    assert window.width() > room.width()  # the screen of the tests is small
    place.put(window, "")
    assert window.width() <= room.width()
    assert window.height() < room.height()
    assert window.isMaximized()
