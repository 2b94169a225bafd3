"""A panel at a side of the window, which can be taken out into a window of its own.

Invariant: the keys mean the same in both places, and docked again a panel stands where it stood.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from workbench.window import tab_order

Margins = tuple[int, int, int, int]
FLOATING: Margins = (4, 8, 4, 8)
"""Pixels around the card of a panel in a window of its own: left, top, right and bottom.

From left to right they are as many as at the side: Qt docks a panel by the least width that it had while it floated.
"""


class SidePanel(QDockWidget):
    """A dock that has a title bar only while it floats, to be moved by, docked and closed.

    Attributes:
        docked_width: pixels that it had at the side when it last stood there.
        turning: it is about to be shown or hidden, as it also is on its way out and back.
    """

    turning = Signal()

    def __init__(self, name: str, title: str, window: QMainWindow) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setAccessibleName(title)
        # The cards have headings of their own; the dock's would repeat them.
        self._no_title = QWidget(self)
        self.setTitleBarWidget(self._no_title)
        self.docked_width = 0
        self.topLevelChanged.connect(self._give_title)
        self.topLevelChanged.connect(self._leave_window)

    @property
    def stands(self) -> bool:
        """Whether it takes room at a side of the window."""
        return not (self.isHidden() or self.isFloating())

    @property
    def margins(self) -> int:
        """How many pixels at its sides are empty."""
        box = self.widget().layout()
        around = box.contentsMargins() if box is not None else QMargins()
        return around.left() + around.right()

    def put(self, content: QWidget, margins: Margins) -> None:
        """Show a widget in the panel, with an edge of so many pixels around it."""
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        box.setContentsMargins(*margins)
        box.addWidget(content)
        self.setWidget(holder)

    def leave_edge(self, margins: Margins) -> None:
        """Leave these pixels around the content while it stands at a side."""
        box, own = self.widget().layout(), self.layout()
        if box is not None and own is not None:
            box.setContentsMargins(*(FLOATING if self.isFloating() else margins))
            for layout in (box, own):  # at once, or the window would be divided by the least width that it had before
                layout.activate()

    def bring(self) -> None:
        """Show it, and have its window take the keys: a part of another window cannot be given the focus."""
        self.show()
        if self.isFloating():
            self.raise_()
        self.activateWindow()

    @Slot(bool)
    def take_out(self, floating: bool) -> None:
        """Put it into a window of its own, or back to its side; the focus stays in it, if it is there."""
        focused = self.window().focusWidget()
        inside = focused if focused is not None and self.isAncestorOf(focused) else None
        self.setFloating(floating)
        self.show()
        if inside is not None:
            self.activateWindow()
            inside.setFocus()

    @Slot(bool)
    def _give_title(self, floating: bool) -> None:
        self.setTitleBarWidget(None if floating else self._no_title)  # type: ignore[arg-type]  # None is Qt's own

    @Slot(bool)
    def _leave_window(self, floating: bool) -> None:
        """Give the window of its own back: Qt keeps that of a panel docked while hidden, which it then cannot hide."""
        if not floating and self.windowHandle() is not None:
            self.destroy()

    def setVisible(self, visible: bool) -> None:
        if visible == self.isHidden():
            self.turning.emit()
        super().setVisible(visible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # While one is held over the window, Qt tries out how much room the others would leave.
        if not (self.isFloating() or isinstance(QWidget.mouseGrabber(), SidePanel)):
            self.docked_width = event.size().width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Have Space, the arrows and Return do what they do in the window; Qt passes keys on to no other window."""
        window = self.parentWidget()
        if self.isFloating() and window is not None:
            window.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return tab_order.go_on(self, forward=next) if self.isFloating() else super().focusNextPrevChild(next)
