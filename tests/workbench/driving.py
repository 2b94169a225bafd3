"""What tests do with the real window as a person does, and what they read from it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.main_window import MainWindow

Wait = Callable[[Callable[[], bool]], None]
ENDLESS = 1_000_000
"""Epochs of a training that does not end by itself."""


def steps(window: MainWindow) -> int:
    """Return how many steps have been made."""
    history = window.controller.history
    return len(history.step_loss) if history is not None else 0


def epochs(window: MainWindow) -> int:
    """Return how many epochs have been finished."""
    history = window.controller.history
    return history.epoch_count() if history is not None else 0


def loaded(window: MainWindow) -> bool:
    """Whether the data of the open project are there."""
    return window.controller.data is not None and not window.controller.loading


def open_preset(window: MainWindow, until: Wait, name: str) -> None:
    """Open a preset and wait for its data."""
    window.open_project(name)
    until(lambda: loaded(window))


def open_whole(window: MainWindow, until: Wait, name: str) -> None:
    """Open a preset and have every part of the middle made that is otherwise made when it is first seen."""
    open_preset(window, until, name)
    window.watching.complete()
    QApplication.processEvents()


def show_loss(window: MainWindow) -> None:
    """Bring the loss to the front where it stands in a tab."""
    watching = window.watching
    for tabs in (watching.views, watching.plots.tabs):
        if tabs.indexOf(watching.loss_curve) >= 0:
            tabs.setCurrentWidget(watching.loss_curve)


def set_epochs(window: MainWindow, epochs: int) -> None:
    """Set for how long the network is to be trained."""
    window.document.set_training(window.document.project.training.replace(epochs=epochs))


def train(window: MainWindow, until: Wait, epochs: int = 3) -> None:
    """Train to the end."""
    set_epochs(window, epochs)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")


def train_on(window: MainWindow, until: Wait) -> None:
    """Start a training that does not end by itself, and wait until it learns."""
    set_epochs(window, ENDLESS)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: steps(window) > 10)


def drop(window: MainWindow, *urls: QUrl) -> None:
    """Drop files or links onto the window."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    window.dropEvent(
        QDropEvent(
            QPointF(600, 400), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def answer_unsaved(window: MainWindow, button: QMessageBox.StandardButton) -> None:
    """Answer the question about unsaved changes."""
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(button).click()
