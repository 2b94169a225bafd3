"""Files and folders: what is kept, read and written, and what a person is asked or told about it."""

from __future__ import annotations

import functools
import shutil
import time
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu

from nncore.layers import Dense
from nncore.project import load_preset
from nncore.project_file import Loaded, save_project
from nncore.storage.archives import Heed
from tests.screens.states.dialogs import act
from tests.screens.states.driving import wait
from tests.screens.states.life import remember, welcome
from tests.screens.states.menus import show_below
from tests.screens.states.state import State
from workbench.dialogs.question_box import QuestionBox
from workbench.life.keeping_notice import KeepingNotice
from workbench.life.kept_trainings import place_for
from workbench.life.opening import AT_ONCE
from workbench.life.opening_notice import OpeningNotice
from workbench.life.welcome import WelcomePage
from workbench.main_window import MainWindow
from workbench.window.banner import Banner


def keep_trainings(window: MainWindow) -> None:
    """Three trainings were not saved."""
    for name in ("xor", "a name that is much longer than any row of the page has room for", "digits"):
        save_project(place_for(name), load_preset("xor").replace(name=name), None)


def keep_and_remember(window: MainWindow) -> None:
    """Files were opened before, and trainings were not saved."""
    remember(window)
    keep_trainings(window)


def open_large(window: MainWindow) -> None:
    """A large file is being read, which may be cancelled."""
    path = Path.home() / "the-networks-of-the-whole-class.nnw"
    path.write_bytes(bytes(AT_ONCE + 1))
    window.files.opening.read(path, _read_slowly, _show_nothing)
    wait(lambda: not window.life.opening_notice.isHidden())


def _read_slowly(heed: Heed | None) -> Loaded:
    while heed is not None:
        heed(0.4)
        time.sleep(0.02)
    raise AssertionError


def _show_nothing(loaded: Loaded) -> None:
    raise AssertionError


def fail_to_keep(window: MainWindow) -> None:
    """Unsaved work cannot be kept for recovery: a file lies where the folder should."""
    root = window.life.root
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_bytes(b"")
    window.life.autosave.every = 0
    window.document.insert(1, Dense(8))
    wait(lambda: not window.life.keeping_notice.isHidden())


def change_elsewhere(window: MainWindow) -> None:
    """Another window has saved to the open file."""
    path = Path.home() / "digits.nnw"
    save_project(path, window.document.project, None)
    window.open_project(str(path))
    window.document.insert(1, Dense(8))
    save_project(path, load_preset("spiral"), None)


def save_panel(window: MainWindow) -> None:
    """Where the picture of a curve goes."""
    window.watching.loss_curve.ask_png()


def fail_to_save_panel(window: MainWindow) -> None:
    """A picture that cannot be written."""
    window.watching.loss_curve._save(str(Path.home() / "no such folder" / "loss.png"))


STATES = (
    State("welcome-kept", "mnist-mlp", keep_trainings, welcome, (WelcomePage,)),
    State("welcome-full", "mnist-mlp", keep_and_remember, welcome, (WelcomePage,)),
    State("opening", "mnist-mlp", open_large, shows=(OpeningNotice,)),
    State("opening-welcome", "mnist-mlp", open_large, welcome, (OpeningNotice, WelcomePage)),
    State("keeping-fails", "mnist-mlp", fail_to_keep, shows=(KeepingNotice,)),
    State("overwrite", "mlp-classifier", change_elsewhere, act("save"), (QuestionBox,)),
    State("own-folder", arrange=act("ownFolder"), shows=(QFileDialog,)),
    State("save-panel", arrange=save_panel, shows=(QFileDialog,)),
    State("save-panel-error", arrange=fail_to_save_panel, shows=(Banner,)),
    *(
        State(name, "mnist-mlp", prepare, functools.partial(show_below, title="file", name=menu), (QMenu,), True)
        for name, prepare, menu in (
            ("menu-kept", keep_and_remember, "keptMenu"),
            ("menu-recent", keep_and_remember, "recentMenu"),
        )
    ),
)
