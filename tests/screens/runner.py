"""Brings the real window into each state and takes its picture in each look."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QToolTip

from tests.screens.faults import faults
from tests.screens.looks import Look
from tests.screens.pictures import above, picture
from tests.screens.states import State
from tests.screens.states.driving import loaded, settle, wait
from workbench.app import build
from workbench.main_window import MainWindow
from workbench.theme import current


def draw(folder: Path, state: State, looks: Sequence[Look]) -> Iterator[tuple[Path, list[str]]]:
    """Yield the path of each picture, with what is cut off in it."""
    if not looks:
        return
    with _home(), _window(state, looks[0]) as window:
        state.prepare(window)
        for look in looks:
            put_look(window, look)
            state.arrange(window)
            settle()
            check(window, state)
            for _ in range(3):
                QApplication.sendPostedEvents()  # layouts follow a new text one after the other
            path = folder / f"{state.name}-{look.name}.png"
            picture(window).save(str(path))
            yield path, faults(window)
            clear(window)


@contextmanager
def _home() -> Iterator[None]:
    """A home of its own for each state: neither the user's files nor those of another state."""
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "NNCORE_DATA")
    before = {name: os.environ.pop(name, None) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        try:
            yield
        finally:
            del os.environ["HOME"]
            os.environ.update({name: value for name, value in before.items() if value is not None})


@contextmanager
def _window(state: State, look: Look) -> Iterator[MainWindow]:
    _, window = build(["workbench", state.preset])
    put_look(window, look)
    window.move(0, 0)
    window.show()
    window.activateWindow()
    wait(lambda: loaded(window))
    try:
        yield window
    finally:
        clear(window)
        current().set_text_size("normal")
        window.document.stack.setClean()
        window.files.unsaved.learned = bool  # nobody is there to answer
        window.close()
        window.deleteLater()
        settle(50)


def put_look(window: MainWindow, look: Look) -> None:
    """Give the window, while it is open, another theme, size, size of text and set of colours."""
    theme = current()
    theme.set_mode(look.theme)
    theme.set_colours(look.colours)
    theme.set_text_size(look.text_size)
    QCursor.setPos(4 * look.size[0], 4 * look.size[1])  # nothing is to lie under the mouse
    window.resize(*look.size)
    settle(50)


def clear(window: MainWindow) -> None:
    """Close whatever stands over the window, the uppermost first."""
    QToolTip.hideText()
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for widget in reversed(above(window)):
        widget.close()
    window.network.layers.close_editor()
    settle(50)


def check(window: MainWindow, state: State) -> None:
    """Exit with a message when a state does not show what it says it shows."""
    tops = (window, *above(window))
    for kind in state.shows:
        inside = (child for top in tops for child in (top, *top.findChildren(kind)))
        if not any(isinstance(child, kind) and child.isVisible() for child in inside):
            sys.exit(f"The state {state.name} shows no {kind.__name__}.")
