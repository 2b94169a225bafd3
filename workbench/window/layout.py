"""How the window is divided: the docks and the splitters, as text to keep, and as they were at first.

Invariant: what is not such a text, or one of another version, changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import json

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

VERSION = 1
"""Of the set of docks; with another set, Qt's text means something else."""
_LONGEST = 100_000


def written(window: QMainWindow) -> str:
    """Return the division of the window as text."""
    parts = {splitter.objectName(): _text(splitter.saveState()) for splitter in _splitters(window)}
    return json.dumps({"docks": _text(window.saveState(VERSION)), "splitters": parts}, separators=(",", ":"))


def put(window: QMainWindow, text: str) -> bool:
    """Divide the window as ``text`` says; return whether it is a text that ``written`` wrote."""
    try:
        data = json.loads(text if len(text) <= _LONGEST else "")
        docks, parts = _bytes(data["docks"]), {name: _bytes(part) for name, part in data["splitters"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error):
        return False
    if not window.restoreState(docks, VERSION):
        return False
    for splitter in _splitters(window):
        if splitter.objectName() in parts:
            splitter.restoreState(parts[splitter.objectName()])
    return True


def _splitters(window: QMainWindow) -> list[QSplitter]:
    return [splitter for splitter in window.findChildren(QSplitter) if splitter.objectName()]


def _text(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _bytes(text: str) -> QByteArray:
    return QByteArray(base64.b64decode(text, validate=True))
