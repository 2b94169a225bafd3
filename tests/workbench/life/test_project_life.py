"""Welcome, recent files, recovery after a crash, more windows: as a person meets them."""

from __future__ import annotations

import functools
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QProcess, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QMessageBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from nncore.project import load_preset, preset_names
from nncore.project_file import load_file, save_project
from tests.nncore.project_files import trained
from tests.workbench.conftest import close
from tests.workbench.driving import Wait
from workbench.app import build
from workbench.life import association
from workbench.life.discarded import discarded, discarded_folder, put_away
from workbench.life.kept_trainings import MOST
from workbench.life.project_life import preferences_path, recovery_folder
from workbench.life.recovery import Kept
from workbench.life.welcome import WelcomePage
from workbench.life.welcome.teaching import TEACHES
from workbench.main_window import MainWindow
from workbench.preferences import PreferencesFile
from workbench.theme import current


@pytest.fixture
def started(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Start the program without a project, as often as is wanted."""
    made: list[MainWindow] = []

    def start() -> MainWindow:
        _, window = build(["workbench"])
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield start
    for window in made:
        close(window)
    current().set_mode("light")


def page(window: MainWindow) -> WelcomePage:
    found = window.findChild(WelcomePage, "welcomePage")
    assert found is not None
    return found


def press(qtbot: QtBot, window: MainWindow, kind: type[QWidget], name: str) -> None:
    """Click the widget of this name."""
    button = window.findChild(kind, name)
    assert isinstance(button, QWidget)
    assert button.isVisible(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def leave_behind(name: str = "xor", path: Path | None = None) -> None:
    """Be a window that ended unexpectedly."""
    kept = Kept.new(recovery_folder())
    kept.keep(load_preset(name), None, path)
    kept.release()


# --- The welcome page -----------------------------------------------------------------------------------------------


def test_that_the_page_lies_over_the_default_preset_when_no_project_is_named(
    started: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = started()
    assert page(window).isVisible()
    assert window.document.project.name == "mnist-mlp"
    assert window.watching.loss_curve.isVisible(), "what lies below stays as it is"
    assert [card.name for card in page(window).cards] == preset_names()
    qtbot.keyClick(QApplication.focusWidget() or page(window), Qt.Key.Key_Escape)
    assert not page(window).isVisible()
    window.actions_by_name["welcomeAction"].trigger()
    assert page(window).isVisible()


@pytest.mark.parametrize("way", ["before", "after"])
def test_that_the_buttons_of_the_page_grow_with_the_text(
    started: Callable[[], MainWindow], request: pytest.FixtureRequest, way: str
) -> None:
    request.addfinalizer(functools.partial(current().set_text_size, "normal"))
    if way == "before":
        PreferencesFile(preferences_path()).change(text_size="largest")
    window = started()
    if way == "after":
        current().set_text_size("largest")
    QApplication.processEvents()
    for button in page(window).buttons:
        assert button.iconSize().width() == 24
        words = button.fontMetrics().horizontalAdvance(button.text())
        assert button.width() >= words + 24, button.text()
        assert button.width() >= button.sizeHint().width(), button.text()


def test_that_the_buttons_of_the_page_have_room_in_a_small_window_with_large_text(
    started: Callable[[], MainWindow], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(functools.partial(current().set_text_size, "normal"))
    window = started()
    current().set_text_size("largest")
    window.resize(1024, 640)
    for _ in range(3):
        QApplication.processEvents()
    for button in page(window).buttons:
        assert button.width() >= button.minimumSizeHint().width(), button.text()


def test_that_a_window_for_a_project_has_no_page(window: MainWindow) -> None:
    assert window.findChild(WelcomePage) is None


def test_that_an_example_is_opened_by_the_mouse_and_by_the_keyboard(
    started: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    window = started()
    card = page(window).cards[1]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.document.project.name == "spiral"
    assert not page(window).isVisible()
    window.actions_by_name["welcomeAction"].trigger()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    for _ in range(20):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused.objectName() == "example.xor":
            break
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert window.document.project.name == "xor"


@pytest.mark.parametrize("way", ["train", "edit", "new"])
def test_that_any_choice_puts_the_page_away(
    started: Callable[[], MainWindow], qtbot: QtBot, until: Wait, way: str
) -> None:
    window = started()
    until(lambda: window.controller.data is not None and not window.controller.loading)
    if way == "train":
        window.actions_by_name["trainAction"].trigger()
    elif way == "edit":
        window.document.insert(1, Dense(7))
    else:
        press(qtbot, window, QToolButton, "welcome.newAction")
        assert len(window.document.network) == 0
    assert not page(window).isVisible()


def test_that_the_page_stays_away_when_a_person_wants_that(started: Callable[[], MainWindow], qtbot: QtBot) -> None:
    window = started()
    box = window.findChild(QCheckBox, "welcomeAtStart")
    assert box is not None
    assert box.isChecked()
    box.click()
    other = started()
    assert other.findChild(WelcomePage) is None


def test_that_every_example_says_what_it_teaches_and_is_painted_in_both_themes(
    started: Callable[[], MainWindow],
) -> None:
    assert set(TEACHES) == set(preset_names())
    window = started()
    for mode in ("light", "dark"):
        current().set_mode(mode)
        for card in page(window).cards:
            assert TEACHES[card.name] in card.accessibleDescription()
            image = card.grab().toImage()
            # The picture has the colours of its network's families, and many more than an empty card.
            seen = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(12, 70, 2)}
            assert len(seen) > 8, card.name


def test_that_the_page_follows_the_size_of_what_it_covers(started: Callable[[], MainWindow], qtbot: QtBot) -> None:
    window = started()
    for width in (1440, 1024, 800):
        window.resize(width, 640)
        qtbot.wait(20)
        covered = window.findChild(QWidget, "watchingSplitter")
        assert covered is not None
        assert page(window).geometry() == covered.geometry()
        inside = page(window).area.viewport().width()
        assert all(card.geometry().right() <= inside for card in page(window).cards)


# --- Recent files ---------------------------------------------------------------------------------------------------


def test_that_files_that_were_opened_and_saved_are_listed_and_the_missing_are_grey(
    started: Callable[[], MainWindow], qtbot: QtBot, until: Wait, tmp_path: Path
) -> None:
    window = started()
    for name in ("first", "second"):
        save_project(tmp_path / f"{name}.nnw", load_preset("xor"), None)
        window.open_project(str(tmp_path / f"{name}.nnw"))
    window.files.save_to(tmp_path / "third.nnw")
    until(lambda: len(PreferencesFile(preferences_path()).recent) == 3)
    (tmp_path / "second.nnw").unlink()
    menu = window.life.recent_menu
    menu.aboutToShow.emit()
    files = [action for action in menu.actions() if action.data()]
    assert [Path(action.data()).stem for action in files] == ["third", "second", "first"]
    assert [action.isEnabled() for action in files] == [True, False, True]
    window.actions_by_name["welcomeAction"].trigger()
    gone = window.findChild(QToolButton, "recent.1")
    assert gone is not None
    assert not gone.isEnabled()
    assert "missing" in gone.text()
    press(qtbot, window, QToolButton, "recent.1.remove")
    assert [Path(path).stem for path in window.life.preferences.recent] == ["third", "first"]
    press(qtbot, window, QToolButton, "recent.1")
    assert window.document.path == tmp_path / "first.nnw"


def test_that_a_recent_file_is_opened_from_the_menu_and_the_list_can_be_emptied(
    window: MainWindow, tmp_path: Path
) -> None:
    save_project(tmp_path / "a & b.nnw", load_preset("spiral"), None)
    window.life.preferences.add_recent(tmp_path / "a & b.nnw")
    menu = window.life.recent_menu
    menu.aboutToShow.emit()
    action = menu.findChild(QAction, "recentFile.0")
    assert isinstance(action, QAction)
    action.trigger()
    assert window.document.path == tmp_path / "a & b.nnw"
    menu.clear_action.trigger()
    menu.aboutToShow.emit()
    assert not menu.clear_action.isEnabled()
    assert PreferencesFile(preferences_path()).recent == ()


def test_that_a_long_name_of_a_file_is_shortened_in_the_menu_and_whole_in_its_tip(
    window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "a name that is much longer than any row of a menu & more.nnw"
    window.life.preferences.add_recent(path)
    menu = window.life.recent_menu
    menu.fill()
    assert menu.actions()[0].text() == "&1  a name that is much longer than any row… (missing)"
    assert menu.actions()[0].toolTip() == str(path)


# --- Recovery -------------------------------------------------------------------------------------------------------


def test_that_what_a_crash_left_is_offered_and_restored_as_unsaved(
    started: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    project, checkpoint = trained()
    kept = Kept.new(recovery_folder())
    kept.keep(project, checkpoint, tmp_path / "circles.nnw")
    kept.release()
    window = started()
    assert window.life.notice.isVisible()
    words = window.life.notice.findChild(QWidget, "recovery.0.words")
    assert words is not None
    assert '"circles", last kept ' in words.text()  # type: ignore[attr-defined]
    assert page(window).isVisible()
    focused = window.focusWidget()
    assert focused is not None
    assert focused.objectName() == "recovery.0.restore", "before anything new is begun"
    press(qtbot, window, QPushButton, "recovery.0.restore")
    assert not window.life.notice.isVisible()
    assert window.document.project == project
    assert window.document.path is None
    assert not window.document.clean
    restored = window.controller.checkpoint
    assert restored is not None
    assert np.array_equal(restored.snapshot.parameters, checkpoint.snapshot.parameters)
    assert len(restored.history.step_loss) == len(checkpoint.history.step_loss)
    # Until it is saved, a second crash would not lose it.
    (path,) = recovery_folder().glob("*/project.nnw")
    assert load_file(path).project == project


@pytest.mark.parametrize(
    ("count", "heading", "rest"),
    [
        (1, "The workbench ended before this was saved, and has kept it:", None),
        (3, "The workbench ended before these were saved, and has kept them:", None),
        (4, "The workbench ended before these were saved, and has kept them:", "One more is shown"),
        (5, "The workbench ended before these were saved, and has kept them:", "2 more are shown"),
    ],
)
def test_that_one_project_and_several_are_offered_in_words_of_their_own(
    started: Callable[[], MainWindow], count: int, heading: str, rest: str | None
) -> None:
    for _ in range(count):
        leave_behind()
    notice = started().life.notice
    told, more = (notice.findChild(QLabel, f"recovery.{name}") for name in ("heading", "rest"))
    assert told is not None
    assert told.text() == heading
    assert (more is None) is (rest is None)
    if more is not None:
        assert more.text() == f"{rest} when these are decided."


def test_that_what_is_discarded_can_be_brought_back_from_the_menu(
    started: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    project, checkpoint = trained()
    kept = Kept.new(recovery_folder())
    kept.keep(project.replace(name="my net"), checkpoint, None)
    kept.release()
    leave_behind("spiral")
    window = started()
    words = window.life.notice.findChild(QLabel, "recovery.1.words")
    assert words is not None
    first, second = (1, 0) if "my net" in words.text() else (0, 0)
    press(qtbot, window, QPushButton, f"recovery.{first}.discard")
    assert window.status.text() == 'Discarded "my net". File > Unsaved work brings it back.'
    press(qtbot, window, QPushButton, f"recovery.{second}.discard")
    assert not window.life.notice.isVisible()
    assert list(recovery_folder().iterdir()) == [], "it is not offered again"
    menu = window.life.kept_menu
    assert menu.title() == "&Unsaved work"
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert re.fullmatch(r"&1  spiral, discarded \d\d:\d\d", texts[0])
    assert re.fullmatch(r"&2  my net, discarded \d\d:\d\d", texts[1])
    menu.actions()[1].trigger()
    assert window.document.project.network == project.network
    assert not window.document.clean, "it lies in no file of the person's"
    assert window.document.path is None
    restored = window.controller.checkpoint
    assert restored is not None
    assert np.array_equal(restored.snapshot.parameters, checkpoint.snapshot.parameters)
    assert window.status.text() == 'Brought back "my net". Save it to keep it.'


@pytest.mark.parametrize("damage", [None, b'{"path": ', b'["a"]', b"[" * 50_000])
def test_that_what_is_brought_back_is_saved_where_it_came_from_unless_that_is_not_known(
    started: Callable[[], MainWindow], qtbot: QtBot, tmp_path: Path, damage: bytes | None
) -> None:
    path = tmp_path / "spirals of the class.nnw"
    leave_behind("spiral", path)
    window = started()
    press(qtbot, window, QPushButton, "recovery.0.discard")
    if damage is not None:
        (about,) = discarded_folder().glob("*.json")
        about.write_bytes(damage)
    window.life.kept_menu.fill()
    window.life.kept_menu.actions()[0].trigger()
    assert window.document.project.name == "spiral"
    assert window.document.path is None, "it is not what lies there"
    assert (window.files.origin == path) is (damage is None)
    assert (window.files._folder() == tmp_path) is (damage is None)


def test_that_bringing_back_asks_about_unsaved_changes_first(started: Callable[[], MainWindow], qtbot: QtBot) -> None:
    leave_behind("spiral")
    window = started()
    press(qtbot, window, QPushButton, "recovery.0.discard")
    window.document.insert(0, Dense(3))
    window.life.kept_menu.fill()
    window.life.kept_menu.actions()[0].trigger()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    assert window.document.project.name == "mnist-mlp"
    box.button(QMessageBox.StandardButton.Discard).click()
    assert window.document.project.name == "spiral"


def test_that_the_few_that_were_discarded_last_are_kept_however_old_they_are(qapp: QApplication) -> None:
    for number in range(MOST + 2):
        leave_behind()
        (new,) = recovery_folder().glob("*/project.nnw")
        os.utime(new, (1e9 - 1e5 * number,) * 2)
        put_away(Kept(new.parent))
        assert len(discarded()) == min(number + 1, MOST)
        assert discarded()[0].path == max(discarded_folder().glob("*.nnw"))
        assert len(list(discarded_folder().iterdir())) == 2 * len(discarded()), "a project, and what is known of it"
        time.sleep(0.01)  # some file systems tell times no better


def test_that_what_cannot_be_discarded_stays_in_the_notice(started: Callable[[], MainWindow], qtbot: QtBot) -> None:
    leave_behind()
    discarded_folder().write_bytes(b"in the way")
    window = started()
    press(qtbot, window, QPushButton, "recovery.0.discard")
    assert window.life.notice.isVisible()
    assert window.watching.banner.isVisible()
    assert len(list(recovery_folder().glob("*/project.nnw"))) == 1


def test_that_what_nobody_decided_on_is_offered_again_and_by_one_window_only(
    started: Callable[[], MainWindow],
) -> None:
    leave_behind()
    first = started()
    assert first.life.notice.isVisible()
    second = started()
    assert not second.life.notice.isVisible()
    first.document.stack.setClean()
    first.close()
    third = started()
    assert third.life.notice.isVisible()


def test_that_restoring_asks_about_unsaved_changes_first(started: Callable[[], MainWindow], qtbot: QtBot) -> None:
    leave_behind("spiral")
    window = started()
    window.document.insert(0, Dense(3))
    press(qtbot, window, QPushButton, "recovery.0.restore")
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    assert window.document.project.name == "mnist-mlp"
    box.button(QMessageBox.StandardButton.Discard).click()
    assert window.document.project.name == "spiral"


def test_that_a_damaged_kept_project_is_told_and_the_open_one_stays(
    started: Callable[[], MainWindow], qtbot: QtBot
) -> None:
    leave_behind()
    next(recovery_folder().glob("*/project.nnw")).write_bytes(b"half")
    window = started()
    press(qtbot, window, QPushButton, "recovery.0.restore")
    assert "damaged" in window.watching.banner.sentence.text()
    assert window.document.project.name == "mnist-mlp"
    press(qtbot, window, QPushButton, "recovery.0.discard")
    assert not window.life.notice.isVisible()


# --- Seeds, windows, the desktop ------------------------------------------------------------------------------------


def test_that_a_new_seed_gives_other_weights_and_can_be_taken_back(window: MainWindow, until: Wait) -> None:
    weights = []
    for _ in range(2):
        window.actions_by_name["stepAction"].trigger()
        until(lambda: window.state == "paused")
        session = window.controller.session
        assert session is not None
        weights.append(session.first_parameters.copy())
        window.controller.stop_and_wait()
        window.actions_by_name["newSeedAction"].trigger()
    assert window.document.project.training.seed == 2
    assert not np.array_equal(*weights)
    while window.document.stack.canUndo():
        window.actions_by_name["undoAction"].trigger()
    assert window.document.project.training.seed == 0
    window.actions_by_name["resetAction"].trigger()
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    assert window.controller.session is not None
    assert np.array_equal(window.controller.session.first_parameters, weights[0])
    window.controller.stop_and_wait()


def test_that_another_window_is_another_program(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str], str]] = []

    def start(program: str, arguments: list[str], folder: str) -> tuple[bool, int]:
        started.append((program, arguments, folder))
        return len(started) == 1, 1

    monkeypatch.setattr(QProcess, "startDetached", start)
    window.actions_by_name["newWindowAction"].trigger()
    ((_, arguments, folder),) = started
    assert arguments == ["-m", "workbench"]
    assert (Path(folder) / "workbench" / "__main__.py").is_file()
    window.actions_by_name["newWindowAction"].trigger()
    assert "cannot be opened" in window.status.text()


def test_that_the_desktop_is_told_what_nnw_files_belong_to(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", '/opt/a "b" $c/python')
    window.actions_by_name["registerAction"].trigger()
    entry = (tmp_path / "applications" / "workbench.desktop").read_text("utf-8")
    assert 'Exec="/opt/a \\\\"b\\\\" \\\\$c/python" "-m" "workbench" "--window" %f\n' in entry
    assert f"MimeType={association.TYPE};\n" in entry
    package = (tmp_path / "mime" / "packages" / "workbench.xml").read_text("utf-8")
    assert '<glob pattern="*.nnw"/>' in package
    assert ".nnw" in window.status.text()


def test_that_a_theme_that_was_chosen_is_there_the_next_time(started: Callable[[], MainWindow]) -> None:
    window = started()
    (dark,) = [action for action in window.findChildren(QAction) if action.objectName() == "theme.dark"]
    dark.trigger()
    started()
    assert current().mode == "dark"


def test_that_damaged_preferences_are_told_in_the_window(started: Callable[[], MainWindow]) -> None:
    preferences_path().parent.mkdir(parents=True)
    preferences_path().write_text("{", "utf-8")
    window = started()
    assert "The preferences were damaged" in window.status.text()


def test_that_the_window_comes_back_where_it_was(started: Callable[[], MainWindow]) -> None:
    window = started()
    window.life.put_window()
    window.resize(760, 500)
    window.document.stack.setClean()
    window.close()
    other = started()
    other.life.put_window()
    assert (other.width(), other.height()) == (760, 500)
