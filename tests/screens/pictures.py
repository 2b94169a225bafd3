"""The picture of a window with everything that stands over it: dialogs, menus, lists of choices, help under the mouse.

A grab has a window's own pixels only, so each one is drawn where it stands, and a dialog with its title above it.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from workbench.theme import blend, current, fonts

TITLE = 28
"""Points of a dialog's title."""


def above(window: QWidget) -> list[QWidget]:
    """Return the windows that stand over a window, the lowest first."""
    others = [widget for widget in QApplication.topLevelWidgets() if widget is not window and widget.isVisible()]
    return sorted(others, key=_height)


def _height(widget: QWidget) -> int:
    if isinstance(widget, QDialog):
        return 0
    return 1 if isinstance(widget, QMenu) else 2


def picture(window: QWidget) -> QPixmap:
    """Return the window and all that stands over it."""
    whole = window.grab()
    painter = QPainter(whole)
    for widget in above(window):
        place = QRect(window.mapFromGlobal(widget.geometry().topLeft()), widget.size())
        if isinstance(widget, QDialog):
            _paint_title(painter, place, widget.windowTitle())
        painter.drawPixmap(place, widget.grab())
        painter.setPen(QPen(QColor(current().tokens.line), 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
    painter.end()
    return whole


def _paint_title(painter: QPainter, place: QRect, title: str) -> None:
    tokens = current().tokens
    bar = QRect(place.x(), place.y() - TITLE, place.width(), TITLE)
    painter.fillRect(bar, QColor(blend(tokens.text, tokens.window, 0.12)))
    painter.setPen(QColor(tokens.text))
    painter.setFont(QFont(fonts.FAMILY, 9))
    painter.drawText(bar, int(Qt.AlignmentFlag.AlignCenter), title)
