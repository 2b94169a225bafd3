"""What several states do with the window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QToolButton, QWidget

from nncore.layers import Layer
from nncore.project import Project
from workbench.main_window import MainWindow
from workbench.window.training_bar import SPEEDS

LONGEST = 120_000  # milliseconds that a state may take
MANY, FIRST = 30, 8  # epochs of a training, and how many of them are learned before its pictures

_Widget = TypeVar("_Widget", bound=QWidget)


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


def settle(milliseconds: int = 250) -> None:
    """Give animations, the inspector and the panels time to catch up."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def found(window: MainWindow, kind: type[_Widget], name: str) -> _Widget:
    """Return the widget with an object name."""
    widget = window.findChild(kind, name)
    assert isinstance(widget, kind), name
    return widget


def loaded(window: MainWindow) -> bool:
    """Whether the data of the open project are there."""
    return window.controller.data is not None and not window.controller.loading


def properties(window: MainWindow) -> None:
    """In a small window, the drawer with the properties."""
    window.properties_dock.show()


def put_first(window: MainWindow, *layers: Layer) -> None:
    """Put layers in front of the network."""
    for position, layer in enumerate(layers):
        window.document.insert(position, layer)


def select(window: MainWindow, row: int) -> None:
    """Make a row of the list the current one: 0 is the input, and one more than the layers is the loss."""
    window.network.layers.setCurrentIndex(window.network.layers.rows.index(row))


def unfold(window: MainWindow, form: str) -> None:
    """Unfold the settings of a form that few people need."""
    more = found(window, QToolButton, f"{form}.more")
    if not more.isChecked():
        more.click()


def open_made(window: MainWindow, project: Project) -> None:
    """Open a project that is no preset."""
    window.document.open(project)
    window.controller.restore(None)
    window.controller.load_data()
    wait(lambda: loaded(window) and not window.document.trace.problems)


def epochs(window: MainWindow) -> int:
    """Return how many epochs were learned."""
    history = window.controller.history
    return 0 if history is None else history.epoch_count()


def start(window: MainWindow) -> None:
    """Begin a training, or go on with it."""
    window.actions_by_name["trainAction"].trigger()


def run(window: MainWindow, steps: float | None = 20, many: int = MANY) -> None:
    """Be in the middle of a training that does not end while its pictures are taken.

    Args:
        steps: how many a second from then on; None for no limit.
        many: epochs in all.
    """
    window.document.set_training(window.document.project.training.replace(epochs=many, early_stopping=None))
    start(window)
    wait(lambda: epochs(window) >= FIRST)
    window.bar.speed.setValue(SPEEDS.index(steps))
    settle(1500)


def finish(window: MainWindow) -> None:
    """Have the training come to its end, and its answers shown."""
    start(window)
    wait(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    settle()
