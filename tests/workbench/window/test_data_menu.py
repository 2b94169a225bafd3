"""The menu Data, and the ways to data of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait
from workbench.main_window import MainWindow


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "pets.csv"
    path.write_text("age,size,kind\n" + "1,2,cat\n3,4,dog\n" * 20)
    return path


def ticked(window: MainWindow) -> list[str]:
    return [action.data() for action in window.menus.data.actions() if action.isChecked()]


def asked(window: MainWindow, name: str) -> QFileDialog:
    dialog = window.findChild(QFileDialog, name)
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    return dialog


def test_that_the_tick_follows_the_data(window: MainWindow, until: Wait) -> None:
    assert ticked(window) == ["xor"]
    (moons,) = [action for action in window.menus.data.actions() if action.data() == "moons"]
    moons.trigger()
    assert window.document.project.data.source == "moons"
    assert ticked(window) == ["moons"]
    until(lambda: window.controller.data is not None and not window.controller.loading)
    while window.document.stack.canUndo():
        window.document.stack.undo()
    assert ticked(window) == ["xor"]


def test_that_the_menu_asks_for_a_file_and_the_next_time_begins_where_it_was(
    window: MainWindow, until: Wait, table: Path
) -> None:
    window.actions_by_name["ownFileAction"].trigger()
    dialog = asked(window, "ownFileDialog")
    dialog.fileSelected.emit(str(table))
    dialog.accept()
    until(lambda: window.document.project.data.source == str(table))
    assert ticked(window) == []
    until(lambda: window.controller.data is not None and not window.controller.loading)
    window.actions_by_name["ownFolderAction"].trigger()
    again = asked(window, "ownFolderDialog")
    assert again.fileMode() == QFileDialog.FileMode.Directory
    assert Path(again.directory().path()) == table.parent
    again.reject()


def test_that_open_takes_data_as_well(window: MainWindow, until: Wait, table: Path) -> None:
    window.actions_by_name["openAction"].trigger()
    dialog = asked(window, "openDialog")
    assert any("*.csv" in words for words in dialog.nameFilters())
    dialog.fileSelected.emit(str(table))
    dialog.reject()
    until(lambda: window.document.project.data.source == str(table))


def test_that_the_welcome_page_asks_for_data_of_ones_own(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["welcomeAction"].trigger()
    button = window.findChild(QToolButton, "welcome.ownFileAction")
    assert isinstance(button, QToolButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    asked(window, "ownFileDialog").reject()
