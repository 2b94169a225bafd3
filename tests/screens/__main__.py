"""Draw the real window in its main states, both themes and two sizes, into a folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from nncore.layers import Activation, Dense, Dropout
from workbench.app import build
from workbench.main_window import MainWindow
from workbench.theme import current

SIZES = ((1440, 900), (1024, 640))
THEMES = ("light", "dark")
LONGEST = 60_000  # milliseconds that a state may take


def wait(condition: Callable[[], bool]) -> None:
    """Run the event loop until the condition holds; exit with a message when it never does."""
    loop, tick, end = QEventLoop(), QTimer(), QTimer()
    failed: list[bool] = []

    def check() -> None:
        if condition():
            loop.quit()

    def give_up() -> None:
        failed.append(True)
        loop.quit()

    tick.timeout.connect(check)
    end.timeout.connect(give_up)
    tick.start(20)
    end.start(LONGEST)
    loop.exec()
    if failed:
        sys.exit("The window did not reach the state that was to be drawn.")


def settle(milliseconds: int = 500) -> None:
    """Give animations, the inspector and the panels time to catch up."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def loaded(window: MainWindow) -> bool:
    """Whether the data of the open project are there."""
    return window.controller.data is not None and not window.controller.loading


def show_start(window: MainWindow) -> None:
    """The window as it opens."""


def show_editing(window: MainWindow) -> None:
    """A layer was added, is selected and has been changed; undo is possible."""
    window.network.layers.select_position(1)
    window.network.add(Dropout(0.25))
    window.document.replace_layer(2, Dropout(0.4))
    show_properties(window)


def show_error(window: MainWindow) -> None:
    """A layer does not fit, and says so with what would mend it."""
    window.document.remove(0)
    window.network.layers.select_position(0)


def show_other_errors(window: MainWindow) -> None:
    """The output does not fit the loss."""
    last = len(window.document.network) - 1
    window.document.replace_layer(last, Dense(7))
    window.document.insert(last, Activation("tanh"))


def show_training(window: MainWindow) -> None:
    """In the middle of a training."""
    window.bar.speed.setValue(window.bar.speed.maximum() - 1)
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 2)
    settle(300)


def show_paused(window: MainWindow) -> None:
    """A training that waits."""
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 2)
    window.actions_by_name["pauseAction"].trigger()
    wait(lambda: window.state == "paused")


def show_finished(window: MainWindow) -> None:
    """A training that is over."""
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.state == "idle" and window.controller.checkpoint is not None)


def show_export(window: MainWindow) -> None:
    """The export dialog after a training."""
    show_finished(window)
    window.actions_by_name["exportAction"].trigger()


def show_message(window: MainWindow) -> None:
    """A message on data that cannot be used."""
    window.document.set_data(window.document.project.data.replace(source="pupils.csv"))
    wait(lambda: not window.watching.banner.isHidden())


def show_keys(window: MainWindow) -> None:
    """The list of keys."""
    window.actions_by_name["keysAction"].trigger()


def show_properties(window: MainWindow) -> None:
    """In a small window, the drawer with the properties."""
    window.properties_dock.show()


STATES: tuple[tuple[str, str, Callable[[MainWindow], None]], ...] = (
    ("start", "mnist-mlp", show_start),
    ("editing", "mnist-mlp", show_editing),
    ("error-row", "mnist-mlp", show_error),
    ("error-loss", "mnist-mlp", show_other_errors),
    ("training", "mnist-mlp", show_training),
    ("paused", "mlp-classifier", show_paused),
    ("finished", "mnist-mlp", show_finished),
    ("boundary", "spiral", show_finished),
    ("regression", "mlp-regression", show_finished),
    ("export", "xor", show_export),
    ("message", "xor", show_message),
    ("keys", "xor", show_keys),
)


def draw(
    folder: Path, name: str, preset: str, show: Callable[[MainWindow], None], theme: str, size: tuple[int, int]
) -> Path:
    """Bring a new window into a state, save its picture and close it; return the picture's path."""
    _, window = build(["workbench", preset])
    current().set_mode(theme)
    window.resize(*size)
    window.show()
    wait(lambda: loaded(window))
    show(window)
    settle()
    path = folder / f"{name}-{theme}-{size[0]}x{size[1]}.png"
    picture = window.grab()
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        # A grab has only the window's own pixels: the dialog is drawn where it stands.
        dialog.render(picture, window.mapFromGlobal(dialog.pos()))
    picture.save(str(path))
    if dialog is not None:
        dialog.close()
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
    settle(50)
    return path


def main(arguments: list[str] | None = None) -> int:
    """Draw the states that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--states", nargs="+", choices=[name for name, _, _ in STATES], help="only these")
    parser.add_argument("--smallest", action="store_true", help="one theme and one size only")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, preset, show in STATES:
        if chosen.states and name not in chosen.states:
            continue
        for theme in THEMES[:1] if chosen.smallest else THEMES:
            for size in SIZES[:1] if chosen.smallest else SIZES:
                print(draw(chosen.folder, name, preset, show, theme, size), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
