"""Where the Tab key goes: as one reads, from top to bottom and from left to right, panel by panel, and round again.

The order is read from the window as it stands, so that rows that come and go, and panels that were put elsewhere, need
no care. Qt's own chain of widgets grows by the time of their making, and loses members where they are chained anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QToolButton, QWidget

COVERED = "covered"
"""Property of a widget that lies under a page: the Tab key passes it by, since nobody could see the focus there."""


def stops(window: QWidget) -> list[QWidget]:
    """Return what the Tab key stops at in a window, in its order."""
    return list(_within(window))


def go_on(window: QWidget, forward: bool) -> bool:
    """Move the focus on to the next control, or back to the one before; return whether there is one."""
    found = stops(window)
    if not found:
        return False
    here = _place(found, QApplication.focusWidget())
    before_first = -1 if forward else 0  # from where the next step leads to the first stop, or to the last
    target = ((before_first if here is None else here) + (1 if forward else -1)) % len(found)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found[target].setFocus(reason)
    reveal(found[target])
    return True


def reveal(widget: QWidget) -> None:
    """Scroll what a widget stands in so that it can be seen; Qt does so only for the area that the focus was in."""
    area = widget.parentWidget()
    while area is not None:
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(widget, 0, 12)
        area = area.parentWidget()


def press(focused: QWidget | None, event: QKeyEvent) -> bool:
    """Press a button that has the focus, as Return does in a dialog; return whether the key and the widget are such."""
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    wanted = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and not event.isAutoRepeat()
    if not wanted or not isinstance(focused, QAbstractButton):
        return False
    if isinstance(focused, QToolButton) and focused.popupMode() == QToolButton.ToolButtonPopupMode.InstantPopup:
        focused.showMenu()
    else:
        focused.click()
    return True


def _place(found: list[QWidget], focused: QWidget | None) -> int | None:
    """Return which of the stops has the focus, or holds what has it."""
    widget = focused
    while widget is not None and not widget.isWindow():
        if widget in found:
            return found.index(widget)
        widget = widget.parentWidget()
    return None


def _within(widget: QWidget) -> Iterator[QWidget]:
    if widget.isHidden() or not widget.isEnabled() or widget.property(COVERED):
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None and not widget.isWindow():
        yield widget
    for child in _as_read(widget):
        yield from _within(child)


def _as_read(parent: QWidget) -> list[QWidget]:
    """Return the children in lines from top to bottom, and each line in the direction of reading."""
    children = [child for child in parent.children() if isinstance(child, QWidget) and not child.isWindow()]
    shown = sorted((child for child in children if not child.isHidden()), key=lambda child: child.y())
    lines: list[list[QWidget]] = []
    bottom = 0
    for child in shown:
        if lines and child.geometry().center().y() < bottom:
            lines[-1].append(child)
        else:
            lines.append([child])
            bottom = child.geometry().bottom()
    side = 1 if parent.layoutDirection() == Qt.LayoutDirection.LeftToRight else -1
    return [child for line in lines for child in sorted(line, key=lambda child: (side * child.x(), child.y()))]
