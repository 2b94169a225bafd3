"""Two windows with the same file: what the other one has saved is replaced only when the person says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from nncore.layers import Dense
from nncore.project import load_preset
from nncore.project_file import load_file, save_project
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow


@pytest.fixture
def shared(window: MainWindow, tmp_path: Path) -> Path:
    """A file that this window has open and edited, and another one has saved since."""
    path = tmp_path / "shared.nnw"
    save_project(path, load_preset("xor"), None)
    window.open_project(str(path))
    window.document.insert(0, Dense(5))
    save_project(path, load_preset("spiral"), None)
    return path


def asked(window: MainWindow) -> QMessageBox:
    box = window.findChild(QMessageBox, "overwriteQuestion")
    assert box is not None
    assert box.isVisible()
    return box


def test_that_replacing_is_asked_about_and_cancel_changes_nothing(window: MainWindow, shared: Path) -> None:
    window.actions_by_name["saveAction"].trigger()
    assert asked(window).text().startswith('"shared.nnw" was saved by another window or program')
    asked(window).button(QMessageBox.StandardButton.Cancel).click()
    assert window.files._work is None
    assert load_file(shared).project.name == "spiral"
    assert not window.document.clean


def test_that_replace_replaces_and_the_next_save_asks_nothing(window: MainWindow, until: Wait, shared: Path) -> None:
    window.actions_by_name["saveAction"].trigger()
    asked(window).button(QMessageBox.StandardButton.Yes).click()
    until(lambda: window.document.clean)
    assert load_file(shared).project.network.layers[0] == Dense(5)
    window.document.insert(0, Dense(6))
    window.actions_by_name["saveAction"].trigger()
    until(lambda: window.document.clean)
    assert load_file(shared).project.network.layers[0] == Dense(6)


def test_that_save_as_keeps_both(window: MainWindow, until: Wait, shared: Path) -> None:
    window.actions_by_name["saveAction"].trigger()
    asked(window).button(QMessageBox.StandardButton.Save).click()
    dialog = window.findChild(QFileDialog, "saveDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(shared.with_name("mine.nnw")))
    dialog.close()
    until(lambda: window.document.clean)
    assert load_file(shared).project.name == "spiral"
    assert load_file(shared.with_name("mine.nnw")).project.network.layers[0] == Dense(5)


def test_that_closing_with_save_does_not_close_over_the_others_work(window: MainWindow, shared: Path) -> None:
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(QMessageBox.StandardButton.Save).click()
    asked(window).button(QMessageBox.StandardButton.Cancel).click()
    assert window.isVisible()
    assert load_file(shared).project.name == "spiral"


def test_that_a_file_that_nobody_touched_or_that_is_gone_is_saved_without_a_question(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "mine.nnw"
    save_project(path, load_preset("xor"), None)
    window.open_project(str(path))
    for step in range(3):
        window.document.insert(0, Dense(5 + step))
        if step == 1:
            path.unlink()
        window.actions_by_name["saveAction"].trigger()
        window.actions_by_name["saveAction"].trigger()
        until(lambda: window.document.clean and window.files._work is None)
    assert load_file(path).project.network.layers[0] == Dense(7)
    assert window.findChild(QMessageBox, "overwriteQuestion") is None
