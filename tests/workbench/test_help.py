"""The dialogs under Help."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QScrollArea
from pytestqt.qtbot import QtBot

from workbench.actions import ENTRIES, Actions
from workbench.dialogs.help import about_dialog
from workbench.dialogs.keys import KeysTable, keys_dialog
from workbench.main_window import MainWindow


@pytest.fixture
def parent(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_that_all_keys_fit_on_a_small_screen(parent: QMainWindow) -> None:
    dialog = keys_dialog(Actions(parent), parent)
    dialog.ensurePolished()
    size = dialog.sizeHint()
    assert size.width() <= 1024
    assert size.height() <= 640


def test_that_what_the_keys_do_begins_at_one_edge_also_while_searching(window: MainWindow) -> None:
    dialog = keys_dialog(window.actions_by_name, window)
    dialog.show()
    (table,) = dialog.findChildren(KeysTable)
    for wanted in ("", "layer"):
        table.search.setText(wanted)
        QApplication.processEvents()
        told = [words for card in table._cards for _, _, words in card._lines if words.isVisible()]
        assert len(told) > 10
        lefts = {words.mapTo(table, words.rect().topLeft()).x() for words in told}
        assert len(lefts) <= 2, "one in each column"
        if not wanted:
            before = lefts
        assert lefts <= before
    dialog.close()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900), (1920, 1080)])
def test_that_the_list_of_keys_takes_the_room_that_its_window_has(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    dialog = keys_dialog(window.actions_by_name, window)
    dialog.show()
    QApplication.processEvents()
    assert window.geometry().contains(dialog.geometry())
    scroll = dialog.findChild(QScrollArea, "keysScroll")
    assert isinstance(scroll, QScrollArea)
    hidden = scroll.verticalScrollBar().maximum()
    assert hidden == 0 or dialog.height() >= size[1] - 100
    assert hidden == 0 or size != (1920, 1080)
    dialog.close()


def test_that_keys_that_do_the_same_stand_below_each_other(window: MainWindow) -> None:
    dialog = keys_dialog(window.actions_by_name, window)
    dialog.show()
    caps = {found.text(): found for found in dialog.findChildren(QLabel) if found.property("role") == "key"}
    first, second = (caps[keys].mapTo(dialog, QPoint(0, 0)) for keys in ("F1", "?"))
    assert first.x() == second.x()
    assert first.y() < second.y()
    dialog.close()


def test_that_every_command_with_a_key_is_listed(parent: QMainWindow) -> None:
    actions = Actions(parent)
    words = [label.text() for label in keys_dialog(actions, parent).findChildren(QLabel)]
    for entry in ENTRIES:
        if not actions[entry.name].shortcut().isEmpty():
            assert actions[entry.name].statusTip() in words


def test_that_the_versions_are_told(parent: QMainWindow, qapp: QApplication) -> None:
    words = " ".join(label.text() for label in about_dialog(parent).findChildren(QLabel))
    for name in ("Version", "Python", "NumPy", "Qt"):
        assert name in words
