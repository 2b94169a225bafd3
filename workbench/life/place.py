"""Where the window was when it closed, and how its panels stood."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow


def written(window: QMainWindow) -> str:
    """Return the window's place on the screen as text."""
    return bytes(window.saveGeometry().toBase64().data()).decode("ascii")


def put(window: QMainWindow, text: str) -> bool:
    """Put the window where it was; Qt moves it where the screen it was on is gone. Return whether the text was one."""
    return bool(text) and window.restoreGeometry(QByteArray.fromBase64(text.encode("ascii", "replace")))
