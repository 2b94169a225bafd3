"""Where the window was when it closed, and how its panels stood."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QMainWindow

_FRAME = 32
"""Pixels that a title bar takes, about; the real one is known only once the window is shown."""


def written(window: QMainWindow) -> str:
    """Return the window's place on the screen as text."""
    return bytes(window.saveGeometry().toBase64().data()).decode("ascii")


def put(window: QMainWindow, text: str) -> bool:
    """Put the window where it was; Qt moves it where the screen it was on is gone. Return whether the text was one.

    Without such a text the window keeps its size, as far as the screen has room for it and its frame.
    """
    if text and window.restoreGeometry(QByteArray.fromBase64(text.encode("ascii", "replace"))):
        return True
    room = window.screen().availableSize() - QSize(0, _FRAME)
    if window.width() > room.width() or window.height() > room.height():
        window.resize(window.size().boundedTo(room))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
    return False
