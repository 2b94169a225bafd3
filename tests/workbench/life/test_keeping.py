"""When nothing can be kept or saved: one sentence in its place, gone when it goes well again, and no file is hurt."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from nncore.project_file import load_file, save_project
from tests.nncore.project_files import trained
from tests.workbench.driving import Wait
from workbench.life.keeping_notice import KeepingNotice
from workbench.life.last_training import last_training
from workbench.life.project_life import recovery_folder
from workbench.main_window import MainWindow

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def keep(window: MainWindow, until: Wait) -> Callable[[], None]:
    """Change something, and have it kept as if half a minute had passed."""
    autosave = window.life.autosave
    autosave._timer.setInterval(10**9)
    now = [1000.0]
    autosave.clock = lambda: now[0]

    def once() -> None:
        window.document.insert(0, Dense(5))
        for _ in range(2):
            autosave.look()
            now[0] += 31
        until(lambda: autosave._work is None)

    return once


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bool], None]]:
    """Let the disk be full, or not any more."""
    fsync = os.fsync

    def flush(handle: int) -> None:
        raise FULL

    def switch(is_full: bool) -> None:
        monkeypatch.setattr(os, "fsync", flush if is_full else fsync)

    yield switch
    monkeypatch.setattr(os, "fsync", fsync)


@contextmanager
def locked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take the right to write in a folder, from the administrator, too, whom permissions do not stop."""
    folder.chmod(0o500)
    make = tempfile.mkdtemp

    def refuse(suffix: str | None = None, prefix: str | None = None, dir: Path | None = None) -> str:
        if dir == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return make(suffix, prefix, dir)

    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "mkdtemp", refuse)
        yield
    folder.chmod(0o700)


def notice(window: MainWindow) -> KeepingNotice:
    return window.life.keeping_notice


# --- Keeping ----------------------------------------------------------------------------------------------------


def test_that_a_full_disk_is_told_once_and_until_keeping_goes_well(
    window: MainWindow, qtbot: QtBot, keep: Callable[[], None], full: Callable[[bool], None]
) -> None:
    keep()
    assert not notice(window).isVisible()
    (path,) = recovery_folder().glob("*/project.nnw")
    before = path.read_bytes()
    full(True)
    keep()
    assert notice(window).isVisible()
    assert notice(window).sentence.text() == "What is not saved cannot be kept for recovery: no space left on device."
    assert notice(window).remedy.text() == f"Make room on the disk of {recovery_folder()}, or save it yourself."
    assert path.read_bytes() == before, "what was kept before is whole"
    assert list(path.parent.glob(".*.tmp")) == []
    qtbot.mouseClick(notice(window).close_button, Qt.MouseButton.LeftButton)
    keep()
    assert not notice(window).isVisible(), "it was read and put away"
    full(False)
    keep()
    assert window.life.autosave.problem is None
    full(True)
    keep()
    assert notice(window).isVisible()
    full(False)
    keep()
    assert not notice(window).isVisible()


@pytest.mark.parametrize("blocked", [recovery_folder, lambda: recovery_folder().parent])
def test_that_a_file_in_place_of_a_folder_is_named(
    window: MainWindow, keep: Callable[[], None], blocked: Callable[[], Path]
) -> None:
    file = blocked()
    shutil.rmtree(file, ignore_errors=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    keep()
    words = "What is not saved cannot be kept for recovery: a file lies where a folder should be."
    assert notice(window).sentence.text() == words
    assert notice(window).remedy.text() == f"Move {file} elsewhere, or save your work yourself."
    file.unlink()


def test_that_the_notice_goes_when_everything_is_saved(
    window: MainWindow, until: Wait, tmp_path: Path, keep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    recovery_folder().mkdir(parents=True)
    with locked(recovery_folder(), monkeypatch):
        keep()
        assert notice(window).isVisible()
        assert "permission denied" in notice(window).sentence.text()
        assert notice(window).remedy.text() == f"Allow writing in {recovery_folder()}, or save it yourself."
        window.files.save_to(tmp_path / "mine.nnw")
        until(lambda: window.document.clean)
        window.life.autosave.look()
        assert not notice(window).isVisible()


def test_that_a_folder_that_has_disappeared_is_made_again(window: MainWindow, keep: Callable[[], None]) -> None:
    keep()
    shutil.rmtree(recovery_folder())
    keep()
    assert not notice(window).isVisible()
    (path,) = recovery_folder().glob("*/project.nnw")
    assert load_file(path).project == window.document.project


# --- Saving by hand ---------------------------------------------------------------------------------------------


@contextmanager
def longest_file(size: int) -> Iterator[None]:
    """Have the system refuse to make a file longer than this, in the middle of writing it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_that_a_save_that_breaks_off_leaves_the_old_file_whole_and_the_project_unsaved(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "mine.nnw"
    save_project(path, *trained())
    before = path.read_bytes()
    window.open_project(str(path))
    until(lambda: not window.controller.loading)
    window.document.insert(0, Dense(5))
    with longest_file(len(before) // 2):
        window.files.save()
        until(window.watching.banner.isVisible)
    assert f"{path} cannot be written" in window.watching.banner.sentence.text()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert not window.document.clean
    window.files.save()
    until(lambda: window.document.clean)
    assert load_file(path).project.network.layers[0] == Dense(5)


def test_that_a_save_to_a_full_disk_names_the_remedy(
    window: MainWindow, until: Wait, tmp_path: Path, full: Callable[[bool], None]
) -> None:
    full(True)
    window.files.save_to(tmp_path / "mine.nnw")
    until(window.watching.banner.isVisible)
    assert "no space left on device" in window.watching.banner.sentence.text()
    assert window.watching.banner.remedy.text() == "Make room on the disk, or choose another one."
    assert list(tmp_path.iterdir()) == []


# --- What was learned, at the end -------------------------------------------------------------------------------


def learn(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")


def test_that_a_window_whose_training_cannot_be_kept_closes_only_when_asked_again(
    window: MainWindow, until: Wait, full: Callable[[bool], None]
) -> None:
    learn(window, until)
    full(True)
    window.close()
    assert window.isVisible()
    assert "no space left" in window.watching.banner.sentence.text()
    assert "close the window again" in window.watching.banner.remedy.text()
    window.close()
    assert not window.isVisible()
    assert not last_training().exists()


def test_that_a_window_closes_when_room_was_made(window: MainWindow, until: Wait, full: Callable[[bool], None]) -> None:
    learn(window, until)
    full(True)
    window.close()
    full(False)
    window.controller.train()
    until(lambda: window.state == "running")
    window.close()
    assert not window.isVisible()
    kept = load_file(last_training()).checkpoint
    assert kept is not None
    assert kept.snapshot.step >= 1


def test_that_a_large_training_is_written_without_holding_up_the_window_which_then_closes(
    window: MainWindow, qtbot: QtBot, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.life.closing.SMALL", 1)
    monkeypatch.setattr("workbench.life.closing._MOMENT", 0)
    learn(window, until)
    assert not window.close()
    assert window.isVisible()
    until(lambda: not window.isVisible())
    assert load_file(last_training()).checkpoint is not None


def test_that_an_edit_while_the_window_waits_to_close_is_asked_about(
    window: MainWindow, qtbot: QtBot, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.life.closing.SMALL", 1)
    monkeypatch.setattr("workbench.life.closing._MOMENT", 0)
    learn(window, until)
    assert not window.close()
    window.document.insert(0, Dense(5))
    until(lambda: window.findChild(QMessageBox, "unsavedQuestion") is not None)
    assert window.isVisible()
    assert last_training().is_file()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(QMessageBox.StandardButton.Cancel).click()
    monkeypatch.undo()
