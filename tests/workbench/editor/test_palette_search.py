"""A search in the palette that nothing answers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from workbench.main_window import MainWindow


def test_that_a_search_without_an_answer_says_so_until_it_has_one(window: MainWindow) -> None:
    nothing = window.palette_panel.findChild(QLabel, "layerSearchNothing")
    assert nothing is not None
    search = window.palette_panel.search
    for text, shown in (("transformer", True), ("conv", False), ("zzz", True), ("", False)):
        search.setText(text)
        assert nothing.isHidden() != shown, text


def test_that_undo_in_the_search_takes_back_the_layer_it_added(window: MainWindow, qtbot: QtBot) -> None:
    before, search = window.document.network, window.palette_panel.search
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    search.setFocus()
    qtbot.keyClicks(search, "dropout")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert window.document.network != before
    qtbot.keyClick(search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.network == before
    assert search.text() == "dropout"
    qtbot.keyClicks(search, "de")
    qtbot.keyClick(search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert search.text() != "de"
    assert window.document.stack.canRedo()
