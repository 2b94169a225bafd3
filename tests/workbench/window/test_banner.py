"""The message above the plots: whatever a file is called, the window stays as wide as it is."""

from __future__ import annotations

import pytest

from workbench.main_window import MainWindow


@pytest.mark.parametrize("name", ["measurements_" * 15, "x" * 200, "/home/me/" + "a.b_" * 60])
def test_that_a_word_without_room_goes_on_in_the_next_line(window: MainWindow, name: str) -> None:
    banner = window.watching.banner
    window.show_message("A sentence.", "What to do.", True)
    one_line = banner.sentence.heightForWidth(300)
    banner.hide()
    window.show_message(f"{name}.csv is damaged.", "Choose another file.", True)
    assert banner.minimumSizeHint().width() < 250
    assert banner.sentence.text() == f"{name}.csv is damaged."
    assert banner.sentence.heightForWidth(300) > 3 * one_line


def test_that_words_with_room_are_not_broken(window: MainWindow) -> None:
    window.show_message("This cannot be opened, because it is damaged.", "Choose another one, or start anew.", True)
    label = window.watching.banner.sentence
    for width in range(120, 400, 7):
        lines = label._lines(width)
        ends = [line.textStart() + line.textLength() for line in map(lines.lineAt, range(lines.lineCount()))]
        assert all(label.text()[end - 1] == " " for end in ends[:-1]), width


def test_that_no_example_is_named_twice_in_its_menu(window: MainWindow) -> None:
    texts = [action.text() for action in window.menus.examples.actions()]
    assert "XOR" in texts
    assert "Handwritten digits (mnist-mlp)" in texts
    for text in texts:
        title, _, name = text.rstrip(")").partition(" (")
        assert title.casefold() != name
