"""The menu of a layer has the window's own command for its name; those of input and loss do not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait
from workbench.main_window import MainWindow


def test_that_the_menu_of_a_layer_renames_it_and_tells_the_key(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    window.activateWindow()
    layers = window.network.layers
    layers.setFocus()
    layers.select_position(1)
    rename = window.actions_by_name["renameAction"]
    menu = layers.make_menu(2)
    assert menu.actions().count(rename) == 1
    assert rename.shortcut() == QKeySequence("F2")
    rename.trigger()
    line = window.findChild(QLineEdit, "layerSection.name")
    assert line is not None
    until(line.hasFocus)
    qtbot.keyClicks(line, "last")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert window.document.network.layers[1].name == "last"
    for row in (0, len(window.document.network) + 1):
        assert rename not in layers.make_menu(row).actions()
