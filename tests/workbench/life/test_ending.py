"""The end that the system asks for: nobody is asked, nothing is lost, and the next start says what is true."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from nncore.layers import Dense
from nncore.project_file import load_file
from tests.workbench.conftest import close
from tests.workbench.driving import Wait
from workbench.app import build
from workbench.life.ending import Ending
from workbench.life.kept_trainings import kept_trainings
from workbench.life.project_life import recovery_folder
from workbench.main_window import MainWindow

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from nncore.layers import Dense
from workbench import app

build = app.build

def edited(argv, **options):
    application, window = build(argv, **options)
    window.document.insert(1, Dense(77))
    window.close()  # the question stands open
    QTimer.singleShot(300, window, lambda: print("ready", flush=True))
    return application, window

app.build = edited
sys.exit(app.run(["workbench", "xor"]))
"""


@pytest.fixture
def ending(window: MainWindow, qapp: QApplication) -> Iterator[Ending]:
    """The window as ``app.run`` has it."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    # A shell that runs the tests in the background has them ignore some.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    made = Ending(window, qapp)
    made.listen()
    yield made
    made.ignore()
    for number, handler in before.items():
        signal.signal(number, handler)


def learn(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_that_a_signal_closes_the_window_and_keeps_what_is_not_saved(
    window: MainWindow, ending: Ending, until: Wait, name: str
) -> None:
    statuses: list[int] = []
    ending.ended.connect(statuses.append)
    learn(window, until)
    window.document.insert(1, Dense(77))
    project = window.document.project
    number = getattr(signal, name)
    os.kill(os.getpid(), number)
    until(lambda: bool(statuses))
    assert statuses == [128 + number]
    assert not window.isVisible()
    assert window.findChild(QMessageBox) is None
    _, later = build(["workbench"])
    later.show()
    heading = later.life.notice.findChild(QLabel, "recovery.heading")
    assert heading is not None
    assert heading.text() == "The workbench ended before this was saved, and has kept it:"
    restore = later.life.notice.findChild(QPushButton, "recovery.0.restore")
    assert restore is not None
    restore.click()
    assert later.document.project == project
    assert later.controller.checkpoint is not None
    assert later.controller.checkpoint.snapshot.step == 1
    close(later)


def test_that_what_a_project_without_edits_has_learned_is_kept_as_when_a_person_closes_the_window(
    window: MainWindow, ending: Ending, until: Wait
) -> None:
    learn(window, until)
    os.kill(os.getpid(), signal.SIGTERM)
    until(lambda: not window.isVisible())
    assert [kept.name for kept in kept_trainings()] == ["xor"]
    assert list(recovery_folder().glob("*/*")) == []


def test_that_a_file_that_cannot_be_written_does_not_hold_the_end_up(
    window: MainWindow, ending: Ending, until: Wait, tmp_path: Path
) -> None:
    window.document.insert(1, Dense(77))
    window.files.save_to(tmp_path / "missing" / "net.nnw")
    os.kill(os.getpid(), signal.SIGTERM)
    until(lambda: not window.isVisible())
    (kept,) = recovery_folder().glob("*/project.nnw")
    assert load_file(kept).project == window.document.project


def test_that_everything_is_kept_when_the_session_may_end_and_the_window_goes_on_if_it_does_not(
    window: MainWindow, ending: Ending, until: Wait
) -> None:
    learn(window, until)
    window.document.insert(1, Dense(77))
    ending.keep()
    (kept,) = recovery_folder().glob("*/project.nnw")
    loaded = load_file(kept)
    assert loaded.project == window.document.project
    assert loaded.checkpoint is not None
    assert window.isVisible()
    assert window.state == "paused"
    window.document.stack.setClean()
    window.close()
    assert not window.isVisible()
    assert not kept.exists()


def test_that_the_program_ends_in_good_order_with_a_question_open(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    environment |= {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    _, told = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM, told
    (kept,) = tmp_path.glob("**/recovery/*/project.nnw")
    assert load_file(kept).project.network.layers[1] == Dense(77)
