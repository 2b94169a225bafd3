"""The real window for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.app import build
from workbench.main_window import MainWindow
from workbench.theme import current


@pytest.fixture(autouse=True)
def usual_look() -> Iterator[None]:
    """The look is the usual one again after each test, also after one that failed."""
    yield
    if QApplication.instance() is None:
        return
    theme = current()
    if (theme.mode, theme.colours, theme.text_size) != ("light", "standard", "normal"):
        theme.set_text_size("normal")
        theme.set_colours("standard")
        theme.set_mode("light")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window with the small preset ``xor``, shown, its data loaded."""
    _, made = build(["workbench", "xor"])
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.controller.data is not None and not made.controller.loading, timeout=20_000)
    yield made
    close(made)


@pytest.fixture
def until(qtbot: QtBot) -> Callable[..., None]:
    """Wait until a condition holds; slow machines get a minute."""

    def wait(condition: Callable[[], bool]) -> None:
        qtbot.waitUntil(condition, timeout=60_000)

    return wait


def close(window: MainWindow) -> None:
    """Close a window without a question, and have Qt delete it."""
    window.document.stack.setClean()
    window.files.unsaved.learned = bool
    window.close()
    window.deleteLater()
