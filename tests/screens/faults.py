"""What can be seen of a picture without looking: words that have no room, widgets that leave their parents, a dialog
that is larger than its window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QMainWindow,
    QWidget,
)

from tests.screens.pictures import TITLE, above
from workbench.plotting.panel import TitleLabel
from workbench.theme.widgets import ElidedLabel

_SLACK = 1  # pixels


def faults(window: QWidget) -> list[str]:
    """Return one line for each thing that is cut off in a window, or in what stands over it."""
    found = []
    for top in (window, *above(window)):
        if isinstance(top, QFileDialog):
            continue  # Qt's own
        found += [f"{_named(widget)}: {words}" for widget in _visible(top) for words in _cut(widget)]
        if isinstance(top, QDialog):
            place = QRect(window.mapFromGlobal(top.geometry().topLeft()), top.size()).adjusted(0, -TITLE, 0, 0)
            if not window.rect().contains(place):
                found.append(f"{_named(top)}: {place} is not within the window")
    return found


def _visible(top: QWidget) -> Iterator[QWidget]:
    for widget in top.findChildren(QWidget):
        if widget.isVisible() and widget.window() is top and not widget.visibleRegion().isEmpty():
            yield widget


def _cut(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel | TitleLabel) and widget.text():
        if widget.wordWrap():
            wanted = widget.heightForWidth(widget.width())
            if wanted > widget.height() + _SLACK:
                yield f"its words are {wanted} high, it is {widget.height()}: {widget.text()[:60]!r}"
        elif widget.sizeHint().width() > widget.width() + _SLACK:
            yield f"its words are {widget.sizeHint().width()} wide, it is {widget.width()}: {widget.text()[:60]!r}"
    if isinstance(widget, QAbstractButton) and widget.text():
        wanted_size = widget.minimumSizeHint()
        if wanted_size.width() > widget.width() + _SLACK or wanted_size.height() > widget.height() + _SLACK:
            yield f"it wants {wanted_size.toTuple()}, it has {widget.size().toTuple()}: {widget.text()!r}"
    if isinstance(widget, QComboBox) and widget.currentText():
        words = widget.fontMetrics().horizontalAdvance(widget.currentText())
        if words > widget.width() - 36:
            yield f"its words are {words} wide, it has {widget.width() - 36}: {widget.currentText()!r}"
    yield from _outside(widget)


def _outside(widget: QWidget) -> Iterator[str]:
    parent = widget.parentWidget()
    if parent is None or isinstance(parent, QMainWindow) or isinstance(parent.parentWidget(), QAbstractScrollArea):
        return
    place = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
    if not parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK).contains(place):
        yield f"{place.getRect()} leaves its parent {_named(parent)}, {parent.size().toTuple()}"


def _named(widget: QWidget) -> str:
    parts, at = [], widget
    while at is not None and len(parts) < 3:
        parts.append(f"{type(at).__name__}#{at.objectName()}" if at.objectName() else type(at).__name__)
        at = at.parentWidget()
    return " < ".join(parts)
