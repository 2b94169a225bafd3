"""What surrounds a project: the welcome page, recent files, recovery, messages."""

from __future__ import annotations

from pathlib import Path

from nncore.project import load_preset
from nncore.project_file import save_project
from tests.screens.states.driving import wait
from tests.screens.states.state import State
from workbench.life.notice import RecoveryNotice
from workbench.life.recovery import Kept
from workbench.life.welcome import WelcomePage
from workbench.main_window import MainWindow


def welcome(window: MainWindow) -> None:
    """New, Open, Recent and Examples."""
    window.life.show_welcome()


def remember(window: MainWindow) -> None:
    """Files were opened before; one of them is not there any more."""
    folder = Path.home() / "school"
    folder.mkdir()
    for name in ("digits", "weather-of-a-year", "a name that is much longer than any row of the page has room for it"):
        path = folder / f"{name}.nnw"
        save_project(path, load_preset("xor").replace(name=name), None)
        window.life.preferences.add_recent(path)
    window.life.preferences.add_recent(folder / "gone.nnw")


def leave(window: MainWindow, count: int) -> None:
    """Earlier windows ended unexpectedly."""
    for number in range(count):
        kept = Kept.new(window.life.root)
        project = load_preset(("mnist-cnn", "spiral", "text-classifier", "xor")[number % 4])
        kept.keep(project, None, Path.home() / "digits.nnw" if number == 0 else None)
        kept.release()
    window.life.begin(named=True)


def leave_one(window: MainWindow) -> None:
    """One window ended unexpectedly."""
    leave(window, 1)


def leave_many(window: MainWindow) -> None:
    """More ended than are shown at once, and the welcome page is open below."""
    leave(window, 5)


def refuse(window: MainWindow) -> None:
    """A file that cannot be opened."""
    path = Path.home() / "broken.nnw"
    path.write_bytes(b"no archive at all")
    window.files.open(str(path))
    wait(lambda: not window.watching.banner.isHidden())


def complain_at_length(window: MainWindow) -> None:
    """A long sentence above the plots."""
    window.show_message(
        'The column "group" of /home/me/school/measurements-of-the-whole-year.csv has 211 different texts in 212 rows, '
        "and a class needs at least two samples.",
        "Choose another target column, or take the column out of the table.",
        True,
    )


STATES = (
    State("welcome", "mnist-mlp", arrange=welcome, shows=(WelcomePage,)),
    State("welcome-recent", "mnist-mlp", remember, welcome, (WelcomePage,)),
    State("recovery", "mnist-mlp", leave_one, shows=(RecoveryNotice,)),
    State("recovery-many", "mnist-mlp", leave_many, welcome, (RecoveryNotice, WelcomePage)),
    State("banner", "mnist-mlp", refuse),
    State("banner-long", "mnist-mlp", complain_at_length),
)
