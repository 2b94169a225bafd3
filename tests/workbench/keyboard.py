"""What tests of the keyboard share: which controls there are, where the Tab key goes, and how each dialog is opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow

KINDS = ("mnist-cnn", "spiral", "mlp-regression", "lstm-forecast", "autoencoder", "text-classifier", "text-generator")
"""Presets that show every panel between them."""


def controls(root: QWidget) -> list[QWidget]:
    """Return what a person can use in a window: all that is shown, enabled, and listens to keys."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
        and widget.window() is root
    ]


def told(widget: QWidget) -> str:
    """Return how a widget is called in a message."""
    return f"{type(widget).__name__} {widget.objectName()!r}"


def walk(qtbot: QtBot, root: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Press a key until the focus is where it was before; return what had it, in order."""
    passed: list[QWidget] = []
    for _ in range(500):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.window() is root
        if focused in passed:
            assert focused is passed[0], f"a trap: {told(focused)} again, and {told(passed[0])} never more"
            return passed
        passed.append(focused)
        qtbot.keyClick(focused, key)
        QApplication.processEvents()
    raise AssertionError("the key comes to no end")


def change(window: MainWindow) -> None:
    """Make an edit that is not saved, and ask for something that would lose it."""
    window.document.insert(0, Dense(3))
    window.actions_by_name["newAction"].trigger()


def _by(action: str) -> Callable[[MainWindow], None]:
    def trigger(window: MainWindow) -> None:
        assert window.actions_by_name[action].isEnabled(), action
        window.actions_by_name[action].trigger()

    return trigger


DIALOGS: dict[str, Callable[[MainWindow], None]] = {
    "keysDialog": _by("keysAction"),
    "aboutDialog": _by("aboutAction"),
    "stopAtDialog": _by("stopAtAction"),
    "moreDialog": _by("moreAction"),
    "exportDialog": _by("exportAction"),
    "unsavedQuestion": change,
}
"""Every dialog of our own, and what opens it; the choice of files is the system's."""


def opened(window: MainWindow, until: Wait, name: str) -> QDialog:
    """Learn an epoch, so that every dialog can be opened, and open one."""
    window.document.set_training(window.document.project.training.replace(epochs=1))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    DIALOGS[name](window)
    dialog = window.findChild(QDialog, name)
    assert isinstance(dialog, QDialog)
    until(dialog.isActiveWindow)
    return dialog
