"""A dialog to read in, and what this program is."""

from __future__ import annotations

import platform

import numpy
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

import nncore


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
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName(f"{name}.close")
        close.setAccessibleName(self.tr("Close"))
        close.setToolTip(self.tr("Close · Escape"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(content)
        layout.addWidget(buttons)


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
