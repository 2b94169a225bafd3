"""A search in the palette that nothing answers."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from workbench.main_window import MainWindow


def test_that_a_search_without_an_answer_says_so_until_it_has_one(window: MainWindow) -> None:
    nothing = window.palette_panel.findChild(QLabel, "layerSearchNothing")
    assert nothing is not None
    search = window.palette_panel.search
    for text, shown in (("transformer", True), ("conv", False), ("zzz", True), ("", False)):
        search.setText(text)
        assert nothing.isHidden() != shown, text
