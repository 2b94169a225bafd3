"""Small widgets that several parts of the window share."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from workbench.theme import fonts

HEADER_HEIGHT = 44


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a thin horizontal line."""
    line = QFrame(parent)
    line.setProperty("rule", True)
    return line


def label(text: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label in one of the roles of the style sheet: ``dim``, ``caption``, ``title``, ..."""
    made = QLabel(text, parent)
    if role:
        made.setProperty("role", role)
    return made


def card_header(title: str, *controls: QWidget) -> QWidget:
    """Return the upper part of a card: its title on the left, some controls on the right; equally tall in all cards."""
    header = QWidget()
    header.setFixedHeight(fonts.pixels(HEADER_HEIGHT))
    row = QHBoxLayout(header)
    row.setContentsMargins(12, 0, 8, 0)
    row.setSpacing(2)
    row.addWidget(label(title, "title"))
    row.addStretch()
    for control in controls:
        row.addWidget(control)
    return header
