"""The last few trainings that nobody saved are kept by name and time, and every way leads back to each of them."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox
from pytestqt.qtbot import QtBot

from nncore.errors import InputError
from nncore.layers import Dense
from nncore.project_file import load_file
from tests.workbench.conftest import close
from tests.workbench.driving import Wait
from workbench.app import build
from workbench.life import kept_trainings as files
from workbench.life.kept_trainings import MOST, kept_trainings, last_training, place_for, prune
from workbench.main_window import MainWindow


def learn(window: MainWindow, until: Wait, epochs: int = 5) -> int:
    """Train to the end of an epoch; return the steps."""
    window.document.set_training(window.document.project.training.replace(epochs=epochs))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    assert window.controller.checkpoint is not None
    return window.controller.checkpoint.snapshot.step


def reset(window: MainWindow, until: Wait) -> None:
    before = len(kept_trainings())
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.controller.checkpoint is None and len(kept_trainings()) > before)
    until(window.files.last.wait)


def open_menu(window: MainWindow) -> list[str]:
    window.life.kept_menu.fill()
    return [action.text() for action in window.life.kept_menu.actions()]


def write(name: str, size: int = 10, age: float = 0.0) -> Path:
    path = place_for(name)
    path.write_bytes(bytes(size))
    os.utime(path, (path.stat().st_mtime - age,) * 2)
    return path


# --- The files ------------------------------------------------------------------------------------------------------


def test_that_the_newest_are_kept_and_never_more_than_a_few() -> None:
    paths = [write(f"net {number}", age=100 - number) for number in range(MOST + 3)]
    prune()
    assert [kept.path for kept in kept_trainings()] == paths[: -MOST - 1 : -1]
    assert [kept.name for kept in kept_trainings()] == [f"net {number}" for number in (7, 6, 5, 4, 3)]
    assert last_training() == paths[-1]


def test_that_large_ones_push_the_older_ones_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    old, middle = write("old", 300, 20), write("middle", 300, 10)
    new = write("new", 500)
    prune()
    assert [kept.path for kept in kept_trainings()] == [new, middle]
    assert not old.exists()
    huge = write("huge", 5000)
    prune()
    assert [kept.path for kept in kept_trainings()] == [huge]


@pytest.mark.parametrize("name", ["../../up", "a/b", "", "..", "x" * 500, "zwei Kätzchen", "con\nol", "a%b{c}"])
def test_that_any_name_is_a_file_in_the_folder(name: str) -> None:
    path = write(name)
    assert path.parent == files.trainings_folder()
    (kept,) = kept_trainings()
    assert kept.path == path
    assert kept.name


# --- The window -----------------------------------------------------------------------------------------------------


def test_that_the_last_trainings_stand_in_the_menu_by_name_and_time(window: MainWindow, until: Wait) -> None:
    assert open_menu(window) == ["Nothing yet"]
    steps = []
    for epochs in (3, 5):
        steps.append(learn(window, until, epochs))
        reset(window, until)
    texts = open_menu(window)
    assert len(texts) == 2
    for number, text in enumerate(texts):
        assert re.fullmatch(rf"&{number + 1}  xor, \d\d:\d\d", text)
    window.document.stack.setClean()
    window.life.kept_menu.actions()[1].trigger()
    until(lambda: window.controller.checkpoint is not None)
    assert window.controller.checkpoint is not None
    assert window.controller.checkpoint.snapshot.step == steps[0]
    assert window.document.path is None


def test_that_a_long_name_leaves_room_for_the_time(window: MainWindow) -> None:
    write("a name that is much longer than any row of a menu")
    (text,) = open_menu(window)
    assert re.fullmatch(r"&1  a name that is much longer than any row…, \d\d:\d\d", text)


def test_that_a_reset_is_taken_back_even_if_older_trainings_were_kept(window: MainWindow, until: Wait) -> None:
    learn(window, until, 3)
    reset(window, until)
    window.document.stack.setClean()
    window.actions_by_name["reopenAction"].trigger()
    until(lambda: window.controller.checkpoint is not None)
    until(lambda: window.controller.data is not None and not window.controller.loading)
    assert window.controller.checkpoint is not None
    learned = window.controller.checkpoint.snapshot.parameters.copy()
    window.actions_by_name["resetAction"].trigger()  # of what lies in the newest file, unchanged
    until(lambda: window.controller.checkpoint is None)
    assert len(kept_trainings()) == 1
    window.document.stack.setClean()
    window.actions_by_name["reopenAction"].trigger()
    until(lambda: window.controller.checkpoint is not None)
    assert np.array_equal(window.controller.checkpoint.snapshot.parameters, learned)


def test_that_a_reset_is_taken_back_at_once(window: MainWindow, until: Wait) -> None:
    learn(window, until, 3)
    assert window.controller.checkpoint is not None
    learned = window.controller.checkpoint.snapshot.parameters.copy()
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.controller.checkpoint is None)
    window.document.stack.setClean()
    assert window.actions_by_name["reopenAction"].isEnabled(), "it is still being written"
    window.actions_by_name["reopenAction"].trigger()
    until(lambda: window.controller.checkpoint is not None)
    assert np.array_equal(window.controller.checkpoint.snapshot.parameters, learned)


def test_that_what_could_not_be_written_is_told_where_it_is_wanted_at_once(
    window: MainWindow, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("older")
    learn(window, until, 3)
    go_on = threading.Event()

    def fail(*_: object) -> None:
        go_on.wait(20)
        raise InputError("There is no space left.", "Delete something.")

    monkeypatch.setattr("workbench.life.last_training.save_project", fail)
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.files.last.writing)
    window.document.stack.setClean()
    told: list[str] = []
    window.files.message.connect(lambda sentence, *_: told.append(sentence))
    go_on.set()
    window.actions_by_name["reopenAction"].trigger()
    assert told == ["There is no space left."]
    assert window.controller.checkpoint is None, "no older one is taken for it"


def test_that_a_reset_of_a_saved_training_is_kept_under_the_name_of_its_file(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    learn(window, until)
    window.files.save_to(tmp_path / "my own.nnw")
    until(lambda: window.document.path is not None and window.document.clean)
    reset(window, until)
    assert "brings it back" in window.status.text()
    (kept,) = kept_trainings()
    assert kept.name == "my own"
    assert load_file(kept.path).project.name == "my own"


def test_that_the_welcome_page_lists_them(window: MainWindow, until: Wait, qtbot: QtBot) -> None:
    steps = learn(window, until)
    reset(window, until)
    window.document.stack.setClean()
    window.actions_by_name["welcomeAction"].trigger()
    assert window.life.welcome is not None
    assert not window.life.welcome.recent.isVisible(), "that there are no files needs no words above what there is"
    row = window.life.welcome.findChild(QAbstractButton, "kept.0")
    assert row is not None
    assert re.fullmatch(r"xor, learned but not saved, \d\d:\d\d", row.accessibleName())
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    until(lambda: window.controller.checkpoint is not None)
    assert window.controller.checkpoint is not None
    assert window.controller.checkpoint.snapshot.step == steps
    assert window.life.welcome.isHidden()


# --- The mark in the title ------------------------------------------------------------------------------------------


def marked(window: MainWindow) -> bool:
    return window.windowTitle().split(" · ")[0].endswith("*")


def test_that_a_saved_project_that_has_learned_since_is_marked(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=5))
    window.files.save_to(tmp_path / "net.nnw")
    until(lambda: window.document.clean)
    assert not marked(window)
    window.actions_by_name["trainAction"].trigger()
    assert marked(window)
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    assert marked(window)
    window.actions_by_name["saveAction"].trigger()
    until(lambda: not marked(window))
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state != "running")
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.controller.checkpoint is None)


def test_that_an_opened_training_waits_for_no_next_start_and_is_kept_with_its_own_network(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    learn(window, until)
    window.document.rename_layer(0, "mine")
    window.files.save_to(tmp_path / "mine.nnw")
    until(lambda: window.document.clean)
    window.open_project("mlp-classifier")
    window.open_project(str(tmp_path / "mine.nnw"))
    until(lambda: window.controller.data is not None and not window.controller.loading)
    assert window.controller.started_project.training == window.document.project.training
    window.document.replace_layer(0, Dense(5, "tanh"))
    before = len(kept_trainings())
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused" and len(kept_trainings()) > before)
    until(window.files.last.wait)
    kept = load_file(kept_trainings()[0].path)
    assert kept.checkpoint is not None
    assert kept.project.network == kept.checkpoint.snapshot.network


def test_that_the_question_calls_a_project_as_its_file(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    window.files.save_to(tmp_path / "third.nnw")
    until(lambda: window.document.path is not None)
    window.document.insert(0, Dense(3))
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    assert box.text() == 'Save the changes to "third"?'
    box.button(QMessageBox.StandardButton.Cancel).click()


def test_that_what_a_saved_project_has_learned_since_is_kept_when_its_window_closes(
    until: Wait, qtbot: QtBot, tmp_path: Path
) -> None:
    _, first = build(["workbench", "xor"])
    until(lambda: first.controller.data is not None and not first.controller.loading)
    first.document.set_training(first.document.project.training.replace(epochs=5))
    first.files.save_to(tmp_path / "net.nnw")
    until(lambda: first.document.clean)
    first.actions_by_name["trainAction"].trigger()
    until(lambda: first.state == "idle" and first.controller.checkpoint is not None)
    first.close()
    box = first.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None, "the title has its mark"
    assert box.text() == 'Save what "net" has learned since it was saved?'
    box.button(QMessageBox.StandardButton.Discard).click()
    until(lambda: not first.isVisible())
    close(first)
    (kept,) = kept_trainings()
    assert kept.name == "net"
    assert load_file(kept.path).checkpoint is not None
