"""A search in the palette that nothing answers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
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
        assert not shown or nothing.text().startswith(f'No layer is called "{text}".')


@pytest.mark.parametrize("search", ["transformer", "W" * 200, "<b>bold</b>", "a layer that knows what I want to be"])
def test_that_the_search_is_quoted_in_words_that_are_not_cut_off(window: MainWindow, qtbot: QtBot, search: str) -> None:
    nothing = window.palette_panel.findChild(QLabel, "layerSearchNothing")
    assert nothing is not None
    window.palette_panel.search.setText(search)
    words = nothing.text().replace("\N{ZERO WIDTH SPACE}", "")
    assert search[:39] in words
    assert len(words) < 120
    assert nothing.textFormat() == Qt.TextFormat.PlainText
    qtbot.waitUntil(lambda: nothing.height() >= nothing.heightForWidth(nothing.width()))
    box = QRect(0, 0, nothing.contentsRect().width(), 1_000)
    wanted = nothing.fontMetrics().boundingRect(box, int(Qt.TextFlag.TextWordWrap), nothing.text())
    assert wanted.width() <= nothing.contentsRect().width()
    assert wanted.height() <= nothing.contentsRect().height()


def test_that_every_search_that_is_proposed_has_an_answer(window: MainWindow) -> None:
    palette = window.palette_panel
    nothing = palette.findChild(QLabel, "layerSearchNothing")
    assert nothing is not None
    palette.search.setText("zzz")
    proposed = nothing.text().split("for: ")[1].rstrip(".").split(", ")
    for search in proposed:
        palette.search.setText(search)
        assert palette.entries.best_shown() is not None, search


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
