"""Which keys do what, and what this program is."""

from __future__ import annotations

import platform

import numpy
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

import nncore
from workbench.actions import ENTRIES, Actions
from workbench.theme import fonts


class TextDialog(QDialog):
    """A heading, something to read, and a button to close it."""

    def __init__(self, name: str, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = QLabel(title, self)
        heading.setProperty("role", "title")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(content)
        layout.addWidget(buttons)


def keys_dialog(actions: Actions, parent: QWidget) -> TextDialog:
    """Return the list of keys; those of the commands are read from the commands themselves."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    native = QKeySequence.SequenceFormat.NativeText
    rows = [
        ("Space", parent.tr("Train or pause, wherever nothing is typed")),
        ("Right", parent.tr("Learn one batch")),
        ("Shift+Right", parent.tr("Learn to the end of the epoch")),
        ("Del", parent.tr("Remove the selected layer")),
        ("Ctrl+D", parent.tr("Duplicate the selected layer")),
        ("Alt+Up", parent.tr("Move the selected layer up")),
        ("Alt+Down", parent.tr("Move the selected layer down")),
        ("Ctrl+Return", parent.tr("Mend the first error")),
        ("Return", parent.tr("In the palette: add the layer, or fold the family")),
        ("Return", parent.tr("In the network: show the layer's settings")),
        ("Down", parent.tr("In the palette's search: go to the best answer")),
    ]
    rows = [(QKeySequence(keys).toString(native), words) for keys, words in rows]
    for entry in ENTRIES:
        action = actions[entry.name]
        if not action.shortcut().isEmpty():
            rows.append((action.shortcut().toString(native), action.statusTip()))
    half = (len(rows) + 1) // 2
    for number, (keys, words) in enumerate(rows):
        column = 0 if number < half else 2
        key_label = QLabel(keys)
        key_label.setFont(fonts.font(bold=True))
        grid.addWidget(key_label, number % half, column)
        grid.addWidget(QLabel(words), number % half, column + 1)
    return TextDialog("keysDialog", parent.tr("Keys"), table, parent)


def about_dialog(parent: QWidget) -> TextDialog:
    """Return what this program is, and the versions that a report of a fault should name."""
    words = parent.tr(
        "Build a neural network by dragging layers, press Train, and watch it learn.\n\n"
        "Version {version} · Python {python} · NumPy {numpy} · Qt {qt}"
    )
    label = QLabel(
        words.format(
            version=nncore.__version__, python=platform.python_version(), numpy=numpy.__version__, qt=qVersion()
        )
    )
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return TextDialog("aboutDialog", parent.tr("Neural Network Workbench"), label, parent)
