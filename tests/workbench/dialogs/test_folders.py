"""Where the dialogs that choose a file begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog

from nncore.project import load_preset
from nncore.project_file import save_project
from tests.workbench.driving import Wait
from workbench.dialogs.folders import LastFolder
from workbench.main_window import MainWindow
from workbench.plotting.panel import Panel


@pytest.fixture
def documents(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which the person keeps documents, which does not exist yet."""
    path = tmp_path / "Documents"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(path))
    return path


def test_that_the_first_dialog_begins_among_the_documents_or_else_at_home(documents: Path) -> None:
    folder = LastFolder()
    assert folder.path == Path.home()
    documents.mkdir()
    assert folder.path == documents


def test_that_a_dialog_begins_where_the_last_one_ended_while_that_is_there(documents: Path) -> None:
    documents.mkdir()
    used = documents / "networks"
    used.mkdir()
    folder = LastFolder()
    folder.note(str(used / "net.nnw"))
    assert folder.path == used
    used.rmdir()
    assert folder.path == documents


def test_that_a_new_project_and_its_pictures_are_saved_beside_the_last_one(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.files.save_to(tmp_path / "net.nnw")
    until(lambda: window.document.path is not None)
    window.files.new()
    assert window.document.path is None
    panel = window.findChild(Panel)
    assert panel is not None
    panel.ask_png()
    picture = panel.findChild(QFileDialog)
    assert picture is not None
    assert Path(picture.directory().path()) == tmp_path
    picture.reject()

    window.files.save()
    asked = window.findChild(QFileDialog, "saveDialog")
    assert asked is not None
    assert Path(asked.directory().path()) == tmp_path
    asked.reject()


def test_that_a_new_project_is_saved_beside_the_one_that_was_opened(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "net.nnw"
    save_project(path, load_preset("xor"), None)
    window.files.open_now(str(path))
    window.files.new()
    window.files.save()
    asked = window.findChild(QFileDialog, "saveDialog")
    assert asked is not None
    assert Path(asked.directory().path()) == tmp_path
    asked.reject()
