"""The menus by keys: each command has words and a name, and within a menu each underlined letter stands once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from nncore.layers import Dense
from workbench.main_window import MainWindow
from workbench.window.keys import groups


def menus(window: MainWindow) -> dict[str, QMenu]:
    """Return every menu that can be opened, by its title or name; those of the bar with all that are below them."""
    bar = {action.text().replace("&", ""): action.menu() for action in window.menuBar().actions()}
    found = {title: menu for title, menu in bar.items() if isinstance(menu, QMenu)}
    found["a row"] = window.network.layers.make_menu(1)
    found["the loss"] = window.network.layers.make_menu(len(window.document.network) + 1)
    found["the button Add"] = window.network.add_menu()
    for title, menu in list(found.items()):
        found.update({f"{title} > {below.title()}": below for below in _below(menu)})
    return found


def _below(menu: QMenu) -> Iterator[QMenu]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield inner
            yield from _below(inner)


def mnemonic(action: QAction) -> str:
    letters = QKeySequence.mnemonic(action.text())
    return letters.toString().removeprefix("Alt+")


def test_that_within_each_menu_an_underlined_letter_stands_once(window: MainWindow) -> None:
    window.document.insert(1, Dense(3))
    twice = {}
    for title, menu in menus(window).items():
        letters = Counter(mnemonic(action) for action in menu.actions() if mnemonic(action))
        if found := [letter for letter, count in letters.items() if count > 1]:
            twice[title] = [
                (letter, [it.text() for it in menu.actions() if mnemonic(it) == letter]) for letter in found
            ]
    assert twice == {}
    bar = [mnemonic(action) for action in window.menuBar().actions()]
    assert all(bar)
    assert len(set(bar)) == len(bar)


def test_that_every_command_in_a_menu_has_words_and_a_letter_or_a_place_in_a_list(window: MainWindow) -> None:
    wordless = [
        (title, action.objectName())
        for title, menu in menus(window).items()
        for action in menu.actions()
        if not action.isSeparator() and not action.text().strip()
    ]
    assert wordless == []


@pytest.mark.parametrize("title", ["File", "Edit", "Model", "Train", "View", "Help"])
def test_that_every_command_of_the_bar_has_an_underlined_letter(window: MainWindow, title: str) -> None:
    """The data sets of Data, the files and the examples are lists, in which the arrows and first letters do."""
    window.document.insert(1, Dense(3))
    menu = menus(window)[title]
    assert [it.text() for it in menu.actions() if it.isVisible() and not it.isSeparator() and not mnemonic(it)] == []


def test_that_no_key_is_given_to_two_commands(window: MainWindow) -> None:
    keys = Counter(key.toString() for action in window.actions() for key in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []


def test_that_the_list_of_keys_tells_what_building_a_network_needs(window: MainWindow) -> None:
    told = {key.keys for group in groups(window, window.actions_by_name) for key in group.keys}
    every = " or ".join(sorted(told)).split(" or ")
    assert set(every) >= {
        "Ctrl+N",
        "Ctrl+F",
        "Ctrl+1",
        "Ctrl+2",
        "Ctrl+3",
        "Ctrl+4",
        "Return",
        "Ctrl+Return",
        "F3",
        "Tab",
    }
