"""A way to show a panel as it stands in the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.theme import install

Show = Callable[..., None]


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    """Begin and end every test in the light theme."""
    install(qapp, "light")
    yield
    install(qapp, "light")


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a widget at a size and wait until it is laid out; it is deleted after the test."""

    def place(widget: QWidget, width: int = 600, height: int = 400) -> None:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        QApplication.processEvents()

    return place
