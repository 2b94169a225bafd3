"""Large files are read in the background: the open project stays whole and usable, and Cancel means it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from nncore.errors import InputError
from nncore.layers import Dense
from nncore.project import load_preset
from nncore.project_file import Loaded, load_file, load_project, save_project
from nncore.storage.archives import Heed
from tests.nncore.project_files import content, parts, trained
from tests.workbench.driving import Wait, answer_unsaved, loaded
from workbench.life.opening import Opening
from workbench.life.project_life import recovery_folder
from workbench.life.recovery import Kept
from workbench.main_window import MainWindow


class SlowStick:
    """Gives a file in pieces, each when it is let through."""

    def __init__(self) -> None:
        self.pieces = threading.Semaphore(0)
        self.reads = 0
        self.ended = False

    def load(self, name: str, heed: Heed | None = None) -> Loaded:
        assert heed is not None, "it was read with the window's thread"
        self.reads += 1
        try:
            for piece in range(10):
                self.pieces.acquire()
                heed(piece / 10)
            return load_project(name)
        finally:
            self.ended = True

    def release(self) -> None:
        self.pieces.release(1000)


@pytest.fixture
def stick(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowStick]:
    made = SlowStick()
    monkeypatch.setattr("workbench.project_files.load_project", made.load)
    monkeypatch.setattr("workbench.life.opening.AT_ONCE", -1)
    yield made
    made.release()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "large.nnw"
    save_project(made, load_preset("spiral"), None)
    return made


def asked(window: MainWindow) -> bool:
    """Return whether the person is asked about unsaved changes."""
    return any(box.isVisible() for box in window.findChildren(QMessageBox, "unsavedQuestion"))


@pytest.fixture
def asked_for_another_reason(window: MainWindow, until: Wait, stick: SlowStick, path: Path) -> MainWindow:
    """A window with an edit: a file has been read while the person is asked about it for the sake of a new project."""
    window.document.insert(0, Dense(7))
    window.files.open(str(path))
    window.actions_by_name["newAction"].trigger()
    assert asked(window)
    stick.release()
    until(lambda: stick.ended and window.files.opening._work is None)
    return window


def test_that_the_open_project_stays_usable_until_the_new_one_is_whole(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    window.files.open(str(path))
    notice = window.life.opening_notice
    assert not notice.isVisible(), "what opens in a moment shows no progress"
    stick.pieces.release(6)
    until(notice.isVisible)
    assert notice.words.text() == "Opening large.nnw…"
    until(lambda: notice.progress.value() == 500)
    assert window.document.project.name == "xor"
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.controller.history is not None and len(window.controller.history.step_loss) > 10)
    stick.release()
    until(lambda: window.document.path == path)
    assert window.document.project.name == "spiral"
    assert window.state == "idle"
    assert not notice.isVisible()


def test_that_a_long_name_takes_no_room_from_the_panels(
    window: MainWindow, until: Wait, stick: SlowStick, tmp_path: Path
) -> None:
    path = tmp_path / f"{'the networks of the whole class ' * 6}.nnw"
    save_project(path, load_preset("spiral"), None)
    notice = window.life.opening_notice
    window.files.open(str(path))
    until(notice.isVisible)
    assert notice.words.toolTip() == notice.words.text() == f"Opening {path.name}…"
    assert notice.minimumSizeHint().width() < 320
    assert notice.progress.width() >= 80


def test_that_cancel_leaves_everything_as_it_was(
    window: MainWindow, qtbot: QtBot, until: Wait, stick: SlowStick, path: Path
) -> None:
    before = window.document.project
    window.files.open(str(path))
    until(window.life.opening_notice.isVisible)
    qtbot.mouseClick(window.life.opening_notice.cancel_button, Qt.MouseButton.LeftButton)
    assert not window.life.opening_notice.isVisible()
    stick.pieces.release()  # one more piece, and the thread sees that nobody waits
    until(lambda: stick.ended and not window.files.opening._left)
    qtbot.wait(50)
    assert window.document.project is before
    assert window.document.path is None
    assert not window.watching.banner.isVisible()


def test_that_an_edit_while_a_file_is_read_is_asked_about(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    window.files.open(str(path))
    window.document.insert(0, Dense(7))
    stick.release()
    until(lambda: window.findChild(QMessageBox, "unsavedQuestion") is not None)
    assert window.document.network.layers[0] == Dense(7)
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(QMessageBox.StandardButton.Discard).click()
    assert window.document.path == path


def test_that_changes_given_up_for_a_large_file_are_asked_about_once(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    window.document.insert(0, Dense(7))
    window.files.open(str(path))
    assert window.findChild(QMessageBox, "unsavedQuestion") is None, "nobody knows yet whether it can be opened"
    stick.release()
    until(lambda: window.findChild(QMessageBox, "unsavedQuestion") is not None)
    assert window.document.network.layers[0] == Dense(7), "they are lost only when the file is there"
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.document.path == path


def test_that_what_follows_from_the_data_while_the_question_stands_asks_nothing_more(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    window.controller.loader.hold()
    window.document.set_data(window.document.project.data.replace(source="iris"))
    window.files.open(str(path))
    stick.release()
    until(lambda: window.findChild(QMessageBox, "unsavedQuestion") is not None)
    window.controller.loader.release()
    until(lambda: window.document.network.input_shape == (4,))
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.document.path == path


@pytest.mark.parametrize("size", [10, 2**20])
@pytest.mark.parametrize("kind", ["damaged", "missing"])
def test_that_nobody_is_asked_to_save_for_a_file_that_cannot_be_opened(
    window: MainWindow, until: Wait, tmp_path: Path, kind: str, size: int
) -> None:
    path = tmp_path / "other.nnw"
    if kind == "damaged":
        path.write_bytes(b"PK" + bytes(size))
    window.document.insert(0, Dense(7))
    window.files.open(str(path))
    until(window.watching.banner.isVisible)
    assert str(path) in window.watching.banner.sentence.text()
    assert window.findChild(QMessageBox, "unsavedQuestion") is None
    assert window.document.network.layers[0] == Dense(7)


def test_that_changes_that_are_saved_to_the_very_file_that_is_opened_are_in_it(
    window: MainWindow, until: Wait, path: Path
) -> None:
    window.open_project(str(path))
    until(lambda: loaded(window))
    window.document.insert(0, Dense(7))
    window.files.open(str(path))
    answer_unsaved(window, QMessageBox.StandardButton.Save)
    until(lambda: window.document.clean and not window.document.stack.canUndo())
    assert window.document.path == path
    assert window.document.network.layers[0] == Dense(7)
    window.document.insert(0, Dense(9))
    window.actions_by_name["saveAction"].trigger()
    assert window.findChild(QMessageBox, "overwriteQuestion") is None, "nobody else has written it"
    until(lambda: window.document.clean)


def test_that_changes_that_are_saved_while_the_very_file_is_read_again_are_in_it(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    stick.pieces.release(10)
    window.files.open(str(path))
    until(lambda: loaded(window) and window.document.path == path)
    window.document.insert(0, Dense(7))
    stick.pieces.release(10)
    window.files.open(str(path))
    until(lambda: asked(window))
    answer_unsaved(window, QMessageBox.StandardButton.Save)
    until(lambda: stick.reads == 3)
    window.document.insert(0, Dense(9))
    stick.pieces.release(10)
    until(lambda: asked(window))
    answer_unsaved(window, QMessageBox.StandardButton.Save)
    stick.release()
    until(lambda: window.document.clean and not window.document.stack.canUndo())
    assert window.document.network.layers[:2] == (Dense(9), Dense(7))
    window.document.insert(0, Dense(5))
    window.actions_by_name["saveAction"].trigger()
    assert window.findChild(QMessageBox, "overwriteQuestion") is None, "nobody else has written it"
    until(lambda: window.document.clean)


def test_that_a_file_that_was_read_while_something_else_is_asked_is_asked_about_when_that_is_given_up(
    asked_for_another_reason: MainWindow, until: Wait, path: Path
) -> None:
    window = asked_for_another_reason
    assert window.files.opening.name == path.name, "it waits"
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)
    until(lambda: len(window.findChildren(QMessageBox, "unsavedQuestion")) == 1 and asked(window))
    assert not window.files.opening.name
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.document.path == path


def test_that_a_file_that_was_read_waits_for_the_dialog_that_saves(
    asked_for_another_reason: MainWindow, until: Wait, path: Path
) -> None:
    window = asked_for_another_reason
    answer_unsaved(window, QMessageBox.StandardButton.Save)
    dialog = window.findChild(QFileDialog, "saveDialog")
    assert dialog is not None
    assert not asked(window)
    dialog.reject()
    until(lambda: len(window.findChildren(QMessageBox, "unsavedQuestion")) == 1 and asked(window))
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.document.path == path


def test_that_what_was_asked_about_before_a_file_was_read_takes_its_place(
    asked_for_another_reason: MainWindow, qtbot: QtBot
) -> None:
    window = asked_for_another_reason
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    qtbot.wait(50)
    assert window.document.project.name == "untitled"
    assert not window.files.opening.name
    assert not asked(window)


def test_that_a_file_that_waits_for_an_answer_can_be_given_up(
    asked_for_another_reason: MainWindow, qtbot: QtBot
) -> None:
    window = asked_for_another_reason
    window.files.opening.cancel()
    assert not window.files.opening.name
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)
    qtbot.wait(50)
    assert not asked(window)


def test_that_the_newest_wish_counts(window: MainWindow, until: Wait, stick: SlowStick, path: Path) -> None:
    window.files.open(str(path))
    window.actions_by_name["newAction"].trigger()
    assert window.document.project.name == "untitled"
    stick.release()
    until(lambda: stick.ended and not window.files.opening._left)
    assert window.document.project.name == "untitled"
    assert not window.life.opening_notice.isVisible()


def test_that_a_window_closes_while_a_file_is_read(
    window: MainWindow, until: Wait, stick: SlowStick, path: Path
) -> None:
    window.files.open(str(path))
    until(lambda: stick.reads == 1)
    stick.release()
    window.close()
    assert not window.isVisible()


def test_that_a_large_damaged_file_is_told_in_the_window(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    path = tmp_path / "large.nnw"
    path.write_bytes(b"PK" + bytes(2**20))
    window.files.open(str(path))
    until(window.watching.banner.isVisible)
    assert str(path) in window.watching.banner.sentence.text()
    assert window.document.project.name == "xor"


def test_that_a_small_file_and_whatever_is_asked_for_by_name_is_open_at_once(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.nnw"
    project, checkpoint = trained()
    save_project(path, project, checkpoint)
    window.files.open(str(path))
    assert window.document.path == path
    assert window.controller.checkpoint is not None
    monkeypatch.setattr("workbench.life.opening.AT_ONCE", -1)
    window.open_project("spiral")
    assert window.document.project.name == "spiral"
    window.open_project(str(path))
    assert window.document.path == path


def test_that_a_large_kept_project_is_restored_in_the_background(
    window: MainWindow, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept.new(recovery_folder())
    kept.keep(*trained(), None)
    kept.release()
    window.life.begin(named=True)
    monkeypatch.setattr("workbench.life.opening.AT_ONCE", -1)
    window.life.restore(0)
    until(lambda: window.controller.checkpoint is not None)
    assert not window.document.clean
    assert not window.life.notice.isVisible()


# --- Without a window -------------------------------------------------------------------------------------------


def test_that_reading_tells_how_far_it_is_and_can_be_ended_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "p.nnw"
    path.write_bytes(content())
    shares: list[float] = []
    loaded = load_file(path, shares.append)
    assert loaded.project == load_file(path).project
    assert shares == sorted(shares)
    assert len(shares) >= len(parts(content()))
    assert 0.9 < shares[-1] <= 1

    class EnoughError(Exception):
        """The end."""

    for stop in range(len(shares)):
        told: list[float] = []

        def heed(share: float, told: list[float] = told, stop: int = stop) -> None:
            told.append(share)
            if len(told) > stop:
                raise EnoughError

        with pytest.raises(EnoughError):
            load_file(path, heed)


def test_that_many_wishes_in_a_row_end_with_the_last_one(qtbot: QtBot, tmp_path: Path, until: Wait) -> None:
    path = tmp_path / "large.nnw"
    path.write_bytes(bytes(2**20))
    opening, opened = Opening(), []
    errors: list[InputError] = []
    opening.failed.connect(errors.append)

    def load(number: int) -> Callable[[Heed | None], Loaded]:
        def slowly(heed: Heed | None) -> Loaded:
            for share in range(20):
                time.sleep(0.001)
                if heed is not None:
                    heed(share / 20)
            return Loaded(load_preset("xor").replace(name=str(number)), None)

        return slowly

    for number in range(5):
        opening.read(path, load(number), lambda loaded: opened.append(loaded.project.name))
    until(lambda: not opening.name and not opening._left)
    assert opened == ["4"]
    assert errors == []
    opening.close()


def test_that_what_a_training_goes_on_to_learn_is_not_asked_about_a_second_time(
    window: MainWindow, until: Wait, path: Path
) -> None:
    window.open_project(str(path))
    until(lambda: loaded(window))
    window.document.set_training(window.document.project.training.replace(epochs=100_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "running")
    window.files.open(str(path))
    answer_unsaved(window, QMessageBox.StandardButton.Save)
    until(lambda: window.state == "idle" and not window.document.stack.canUndo())
    assert window.findChild(QMessageBox, "unsavedQuestion") is None
    assert window.document.project.training.epochs == 100_000
