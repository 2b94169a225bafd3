"""The dialogs under Help."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
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
