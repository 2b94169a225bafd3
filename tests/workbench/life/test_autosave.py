"""What is not saved is kept every half minute and at the end of each epoch, and goes when it is saved or closed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.layers import Dense
from nncore.project_file import load_file
from tests.workbench.driving import Wait
from workbench.life.autosave import Autosave
from workbench.life.project_life import recovery_folder
from workbench.main_window import MainWindow


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(window: MainWindow) -> Clock:
    """The clock of the window's autosave, whose own timer is switched off."""
    made = Clock()
    autosave(window).clock = made
    autosave(window)._timer.setInterval(10**9)
    return made


def autosave(window: MainWindow) -> Autosave:
    return window.life.autosave


def files() -> list[Path]:
    """Return the projects that are kept."""
    return sorted(recovery_folder().glob("*/project.nnw"))


def look(window: MainWindow, until: Wait) -> None:
    """Look once, and wait for what is written then."""
    autosave(window).look()
    until(lambda: autosave(window)._work is None)


def test_that_an_edit_is_kept_after_half_a_minute_and_not_before(window: MainWindow, until: Wait, clock: Clock) -> None:
    look(window, until)
    window.document.insert(0, Dense(5))
    look(window, until)
    clock.now += 29
    look(window, until)
    assert files() == []
    clock.now += 1
    look(window, until)
    (path,) = files()
    assert load_file(path).project == window.document.project
    written = path.stat().st_mtime_ns
    clock.now += 100
    look(window, until)
    assert path.stat().st_mtime_ns == written, "nothing had changed"


def test_that_each_epoch_is_kept_but_not_all_the_time(window: MainWindow, until: Wait, clock: Clock) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=1_000_000))
    window.actions_by_name["trainAction"].trigger()
    history = lambda: window.controller.history  # noqa: E731  # it is another object at each call
    until(lambda: history() is not None and history().epoch_count() > 2)
    look(window, until)
    (path,) = files()
    first = load_file(path).checkpoint
    assert first is not None
    steps = first.snapshot.step
    until(lambda: len(history().step_loss) > steps + 20)
    clock.now += 4
    look(window, until)
    again = load_file(path).checkpoint
    assert again is not None
    assert again.snapshot.step == steps
    clock.now += 1
    look(window, until)
    later = load_file(path).checkpoint
    assert later is not None
    assert later.snapshot.step >= steps + 20
    assert not np.array_equal(later.snapshot.parameters, first.snapshot.parameters)
    window.controller.stop_and_wait()


def test_that_a_large_network_is_written_seldom(window: MainWindow, until: Wait, clock: Clock) -> None:
    autosave(window)._took = 1.0
    window.document.set_training(window.document.project.training.replace(epochs=1_000_000))
    autosave(window)._last = clock.now
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.controller.history is not None and window.controller.history.epoch_count() > 2)
    clock.now += 19
    look(window, until)
    assert files() == []
    clock.now += 1
    look(window, until)
    assert len(files()) == 1
    window.controller.stop_and_wait()


def test_that_saving_removes_what_was_kept(window: MainWindow, until: Wait, clock: Clock, tmp_path: Path) -> None:
    window.document.insert(0, Dense(5))
    look(window, until)
    clock.now += 30
    look(window, until)
    assert len(files()) == 1
    window.files.save_to(tmp_path / "mine.nnw")
    until(lambda: window.document.clean)
    look(window, until)
    assert files() == []
    window.document.insert(0, Dense(6))
    look(window, until)
    clock.now += 30
    look(window, until)
    assert len(files()) == 1, "the folder is still there for what comes next"


def test_that_a_training_that_was_not_saved_counts_as_unsaved(window: MainWindow, until: Wait, clock: Clock) -> None:
    assert not autosave(window).unsaved
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    assert window.document.clean
    assert autosave(window).unsaved
    window.controller.stop_and_wait()


def test_that_a_clean_close_leaves_nothing(window: MainWindow, until: Wait, clock: Clock) -> None:
    window.document.insert(0, Dense(5))
    look(window, until)
    clock.now += 30
    look(window, until)
    assert len(files()) == 1
    window.document.stack.setClean()
    window.close()
    assert list(recovery_folder().iterdir()) == []


def test_that_opening_another_project_forgets_the_old_one(window: MainWindow, until: Wait, clock: Clock) -> None:
    window.document.insert(0, Dense(5))
    look(window, until)
    clock.now += 30
    look(window, until)
    window.document.stack.setClean()
    window.open_project("spiral")
    look(window, until)
    assert files() == []


def test_that_keeping_does_not_hold_up_the_window(window: MainWindow, until: Wait, clock: Clock) -> None:
    window.document.insert(0, Dense(5))
    autosave(window).look()
    clock.now += 30
    autosave(window).look()
    assert autosave(window)._work is not None  # it is done elsewhere
    until(lambda: autosave(window)._work is None)


def test_that_a_folder_that_refuses_writing_disturbs_nobody(window: MainWindow, until: Wait, clock: Clock) -> None:
    recovery_folder().parent.mkdir(parents=True)
    recovery_folder().touch()
    window.document.insert(0, Dense(5))
    look(window, until)
    clock.now += 30
    look(window, until)
    assert window.watching.banner.isHidden()


def test_that_the_timer_keeps_by_itself_and_then_sleeps(window: MainWindow, until: Wait) -> None:
    autosave(window).every = 0.0
    autosave(window)._timer.setInterval(10)
    window.document.insert(0, Dense(5))
    until(lambda: len(files()) == 1 and not autosave(window)._timer.isActive())
