"""Rows that come and go in a layout."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout


def clear(layout: QLayout) -> None:
    """Take every widget out of a layout and delete it."""
    while (item := layout.takeAt(0)) is not None:
        row = item.widget()
        if row is not None:
            row.setParent(None)  # at once, so that nothing finds its buttons any more
            row.deleteLater()
