"""The list keeps its current row in view when the size of text changes, where there is room for a row."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from workbench.document import Document
from workbench.editor import LayerView
from workbench.theme import current


@pytest.mark.parametrize(("height", "shown"), [(30, True), (30, False), (160, False)])
def test_that_a_list_that_is_not_put_into_its_window_yet_stays_at_its_top(
    document: Document, qtbot: QtBot, height: int, shown: bool
) -> None:
    made = LayerView(document)
    qtbot.addWidget(made)
    made.resize(300, height)
    made.show()
    qtbot.waitExposed(made)
    made.setVisible(shown)
    made.select_position(2)
    made.scrollToTop()
    current().set_text_size("largest")
    qtbot.wait(10)
    assert made.verticalScrollBar().value() == 0


def test_that_the_current_row_stays_in_view_when_the_text_gets_larger(view: LayerView, qtbot: QtBot) -> None:
    view.resize(300, 260)
    view.select_position(2)
    view.scrollTo(view.currentIndex())
    current().set_text_size("largest")
    qtbot.waitUntil(lambda: view.viewport().rect().contains(view.visualRect(view.currentIndex())))
