"""What stands before an editor: the mark of a changed value, the field's name, whether it is live, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from nncore.fields import Field
from workbench.theme import fonts, icons
from workbench.theme.widgets import label as make_label

DOT, PILL, ARROW = 8, 34, 18
"""Pixels of the design."""
RESET_KEYS = "Shift+Esc"


def make_dot(name: str, parent: QWidget) -> QToolButton:
    """Return the dot that marks what differs from the default; it is small, and no stop of the tab key."""
    dot = QToolButton(parent)
    dot.setObjectName(name)
    dot.setProperty("dot", True)
    dot.setFixedSize(fonts.pixels(DOT), fonts.pixels(18))
    # The keys do the same, so that the tab key need not stop twice at each field.
    dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    dot.setCursor(Qt.CursorShape.PointingHandCursor)
    icons.bind(dot, "dot", "accent")
    dot.setIconSize(QSize(fonts.pixels(8), fonts.pixels(8)))
    dot.setVisible(False)
    return dot


class Heading(QWidget):
    """Dot, name and pill of a field; while the mouse is here or the focus in its editor, an arrow back to the default.

    Args:
        field: the declaration.
        name: first part of the object names.
        width: pixels of the design for all of it.
        nested: in smaller letters, for a field of a nested specification.

    Attributes:
        reset_wanted: the dot or the arrow was pressed.
    """

    reset_wanted = Signal()

    def __init__(self, field: Field, name: str, width: int, nested: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._field, self._name, self._width = field, name, width
        self._differs = self._current = False
        self._arrow: QToolButton | None = None
        self.dot = make_dot(f"{name}.reset", self)
        self.dot.clicked.connect(self.reset_wanted)
        self.label = make_label(field.label, "caption" if nested else "dim", self)
        self.label.setObjectName(f"{name}.label")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addWidget(self.dot)
        self._row.addWidget(self.label)
        self.pill = make_label(self.tr("live"), "pill", self) if field.rule.live else None
        if self.pill is not None:
            fixed = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            fixed.setRetainSizeWhenHidden(True)
            self.pill.setSizePolicy(fixed)
            self._row.addSpacing(4)
            self._row.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch()
        self._font_size = fonts.CAPTION if nested else fonts.BODY
        self.fit()

    def fit(self) -> None:
        """Give the name its room; one too long for its column takes two lines."""
        room = fonts.pixels(self._width - DOT - 2 - (PILL if self.pill is not None else 0))
        metrics = QFontMetrics(fonts.font(self._font_size))
        if metrics.horizontalAdvance(self._field.label) > room:
            self.label.setWordWrap(True)
            flags = int(Qt.TextFlag.TextWordWrap)
            needed = metrics.boundingRect(QRect(0, 0, room, 1000), flags, self._field.label)
            self.label.setFixedSize(max(room, needed.width()), needed.height())

    def show_differs(self, differs: bool, words: str) -> None:
        """Show whether the value is another than the default; ``words`` say what the dot does."""
        self._differs = differs
        self.dot.setVisible(differs)
        self.dot.setToolTip(words)
        self.dot.setAccessibleName(f"{self._field.label}: {words}")
        self._show_arrow()

    def show_current(self, current: bool) -> None:
        """Show whether the focus is in the field's editor."""
        self._current = current
        self._show_arrow()

    def show_help(self, words: str, live: str) -> None:
        """Change the tooltips of the name and of the pill."""
        self.label.setToolTip(words)
        if self.pill is not None:
            self.pill.setToolTip(live)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_arrow()

    def _place_arrow(self) -> None:
        """Put the arrow at the right end, so that nothing moves when it comes; it stands in for a pill in its way."""
        if self._arrow is None:
            return
        self._arrow.move(self.width() - self._arrow.width(), (self.height() - self._arrow.height()) // 2)
        if self.pill is not None:
            self.pill.setVisible(self._arrow.isHidden() or not self._arrow.geometry().intersects(self.pill.geometry()))

    def _show_arrow(self) -> None:
        shown = self._differs and (self._current or self.underMouse())
        if self._arrow is None:
            if not shown:
                return
            self._arrow = self._make_arrow()
        self._arrow.setToolTip(self.dot.toolTip())
        self._arrow.setAccessibleName(self.dot.accessibleName())
        self._arrow.setVisible(shown)
        self._place_arrow()
        self._arrow.raise_()

    def _make_arrow(self) -> QToolButton:
        arrow = QToolButton(self)
        arrow.setObjectName(f"{self._name}.arrow")
        arrow.setProperty("arrow", True)
        arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icons.bind(arrow, "undo", "accent")
        arrow.setFixedSize(fonts.pixels(ARROW), fonts.pixels(ARROW))
        arrow.setIconSize(QSize(fonts.pixels(14), fonts.pixels(14)))
        arrow.clicked.connect(self.reset_wanted)
        return arrow

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_arrow()

    def leaveEvent(self, event: QEvent) -> None:
        self._show_arrow()
