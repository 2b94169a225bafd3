"""Finding controls by their names, and typing into them."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

_Widget = TypeVar("_Widget", bound=QWidget)


def found(root: QWidget, kind: type[_Widget], name: str) -> _Widget:
    """Return the widget with an object name."""
    widget = root.findChild(kind, name)
    assert isinstance(widget, kind), name
    return widget


def line(root: QWidget, name: str) -> QLineEdit:
    """Return the line with an object name."""
    return found(root, QLineEdit, name)


def type_into(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    """Replace what stands in a line, and press Return."""
    edit.setFocus()
    edit.selectAll()
    edit.insert(text)  # keys for signs beyond ASCII abort Qt's test library
    qtbot.keyClick(edit, Qt.Key.Key_Return)
