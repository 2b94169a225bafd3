"""What the random person sits at: the window, a folder for files, and a note of all that was done."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QLineEdit, QMessageBox, QWidget

from nncore.layers import Layer
from nncore.project import Project
from tests.workbench.random_user.chance import Draw
from tests.workbench.random_user.hands import wait
from tests.workbench.random_user.timeline import Timeline
from workbench.document import Document
from workbench.editor import LayerView
from workbench.main_window import MainWindow


@dataclass(frozen=True)
class Action:
    """Something that a person does.

    Attributes:
        method: does it. drawn: what it is given. possible: whether it can be done now. weight: how often it is wanted.
    """

    method: Callable[..., None]
    drawn: dict[str, Draw[Any]]
    possible: Callable[[Any], bool]
    weight: int

    def __repr__(self) -> str:
        return self.method.__name__

    def carry_out(self, person: Any, chance: Random) -> None:
        """Do it with values that chance gives, and note it in the log."""
        values = {name: draw(chance) for name, draw in self.drawn.items()}
        words = [f"{name}={str(value)[:40]!r}" for name, value in values.items()]
        person.desk.log.append(f"{self}({', '.join(words)})")
        self.method(person, **values)


def action(
    possible: Callable[[Any], bool] = lambda _: True, *, weight: int = 1, **drawn: Draw[Any]
) -> Callable[[Callable[..., None]], Action]:
    """Make an action of a method."""

    def wrap(method: Callable[..., None]) -> Action:
        return Action(method, drawn, possible, weight)

    return wrap


def actions(*kinds: type) -> list[Action]:
    """Return the actions of the kinds, each as often as it is wanted."""
    found = [item for kind in kinds for item in vars(kind).values() if isinstance(item, Action)]
    return [item for item in found for _ in range(item.weight)]


class Desk:
    """The window and what is known of it from outside.

    Attributes:
        folder: for the files that are written. until: waits for a condition.
        turns: how many actions were chosen. done: how often each was really carried out.
        timeline: what the project was at each place of the undo list.
        errors: what the training said was wrong; who waits for it empties the list.
        alive: for each time that all was taken back, how many objects of each kind there were.
        raised: exceptions in slots, which Qt tells nobody else of.
        log: the actions since the start, with what was drawn for them. failures: what went wrong, with the log of
            that time.
    """

    def __init__(self, window: MainWindow, folder: Path, until: Callable[[Callable[[], bool]], None]) -> None:
        self.window, self.folder, self.until = window, folder, until
        self.turns = 0
        self.done: Counter[str] = Counter()
        self.timeline = Timeline(window.document)
        self.errors: list[str] = []
        self.log: list[str] = []
        self.failures: list[tuple[BaseException, list[str]]] = []
        self.raised: list[BaseException] = []
        self.alive: list[Counter[str]] = []
        self._numbers = itertools.count()
        window.controller.message.connect(self._note)
        self._hook, sys.excepthook = sys.excepthook, self._note_raised

    def _note_raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.raised.append(error)
        self._hook(kind, error, trace)

    def new_path(self) -> Path:
        """Return a path where no file is, nor comes: before replacing one the dialog asks, in a loop of its own."""
        return next(path for k in self._numbers if not (path := self.folder / f"net {k}.nnw").exists())

    def _note(self, sentence: str, remedy: str, error: bool) -> None:
        if error:
            self.errors.append(sentence)

    def leave(self) -> None:
        """Listen no more."""
        self.timeline.forget()
        self.window.controller.message.disconnect(self._note)
        sys.excepthook = self._hook

    @property
    def document(self) -> Document:
        """What is edited."""
        return self.window.document

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.window.document.project

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers of now."""
        return self.window.document.network.layers

    @property
    def list(self) -> LayerView:
        """The network's list."""
        return self.window.network.layers

    @property
    def shown_list(self) -> LayerView:
        """The network's list; who hid it shows it again to use it."""
        self.bring(self.window.network_dock)
        return self.list

    def did(self, *actions: str) -> None:
        """Note what was carried out."""
        self.done.update(actions)

    def trigger(self, name: str) -> bool:
        """Choose a command as from its menu; return whether it could be chosen."""
        action = self.window.actions_by_name[name]
        if not action.isEnabled():
            return False
        action.trigger()
        return True

    def activate(self) -> None:
        """Have the window in front, which a desktop does when a dialog closes."""
        if QApplication.activeWindow() is not self.window:
            self.window.activateWindow()
            wait()
        assert QApplication.activeWindow() is self.window

    def bring(self, dock: QDockWidget) -> None:
        """Have a panel on the screen, with what it stands in in front."""
        if dock.isHidden():
            dock.toggleViewAction().trigger()
            wait()
        if not dock.isFloating():
            self.activate()
        elif not dock.isActiveWindow():
            dock.activateWindow()
            wait()

    def show_properties(self) -> None:
        """Have the forms on the screen."""
        self.bring(self.window.properties_dock)

    def take_typing(self) -> None:
        """Leave a line in which something is half typed; the program takes that with the next command at the latest."""
        focused = (self.window.focusWidget(), QApplication.focusWidget())  # which may be in a panel's own window
        if any(isinstance(widget, QLineEdit) for widget in focused):
            self.shown_list.setFocus()

    def wait_for_data(self) -> None:
        """Wait until what the project names is loaded, or has failed to be."""
        self.until(lambda: not self.window.controller.loading)
        wait()

    # --- Dialogs ---

    def dialogs(self) -> list[QDialog]:
        """Return the dialogs on the screen."""
        return [
            widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()
        ]

    def answer(self, button: QMessageBox.StandardButton) -> bool:
        """Answer the question about unsaved changes, if it is asked."""
        for box in self.dialogs():
            if isinstance(box, QMessageBox):
                assert box.objectName() == "unsavedQuestion", f"a message box says {box.text()}"
                box.button(button).click()
                return True
        return False

    def find(self, name: str, kind: type[QWidget] = QWidget) -> QWidget | None:
        """Return the widget of a name, if the window has it now."""
        found = self.window.findChild(kind, name)
        return found if isinstance(found, kind) else None
