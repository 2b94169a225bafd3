"""One field in a form: its name, its editor, and what belongs below them."""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from nncore.fields import Declared, Field
from workbench.forms.defaults import reset_value
from workbench.forms.kinds import MakeEditor
from workbench.theme import fonts, icons, numbers
from workbench.theme.widgets import label as make_label

if TYPE_CHECKING:
    from workbench.forms.form import SpecForm

LABEL_WIDTH, INDENT, DOT, PILL = 126, 8, 8, 28
"""Pixels of the design. A nested form is indented by as much as its labels are narrower, so that all editors stand
below each other however deep a specification goes."""
_LEAST_LABEL = 72

MakeForm = Callable[[Declared, QWidget], "SpecForm"]


def tooltip(field: Field) -> str:
    """Return a field's help and its rule in words, as rich text so that Qt wraps the lines."""
    rule = field.describe()
    unit = f" ({field.rule.unit})" if field.rule.unit else ""
    return f"<p>{html.escape(field.rule.help)}</p><p><i>{html.escape(rule[0].upper() + rule[1:])}{unit}.</i></p>"


def make_dot(name: str, parent: QWidget) -> QToolButton:
    """Return the dot that marks what differs from the default; it is small, and no stop of the tab key."""
    dot = QToolButton(parent)
    dot.setObjectName(name)
    dot.setProperty("dot", True)
    dot.setFixedSize(fonts.pixels(DOT), fonts.pixels(18))
    # The same is in the editor's menu, so that the keyboard need not stop twice at each field.
    dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    dot.setCursor(Qt.CursorShape.PointingHandCursor)
    icons.bind(dot, "dot", "accent")
    dot.setIconSize(QSize(fonts.pixels(8), fonts.pixels(8)))
    dot.setVisible(False)
    return dot


class FieldRow(QWidget):
    """Label, editor, and below them the sentence about a wrong value and the fields of a nested specification.

    Args:
        field: the declaration.
        prefix: first part of the object names.
        make: makes the editor.
        nest: makes the form of a nested specification.
        depth: in how many forms this one is nested.

    Attributes:
        changed_by_user: carries the field's name and its new value.
        restructured: rows of a nested specification came or went.
        editor: the control.
        differs: the value is not the default.
    """

    changed_by_user = Signal(str, object)
    restructured = Signal()

    def __init__(
        self, field: Field, prefix: str, make: MakeEditor, nest: MakeForm, depth: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self.name = f"{prefix}.{field.name}"
        self.editor = make(field, self.name, self)
        self.nested: SpecForm | None = None
        self.differs = False
        self._nest = nest
        self._stem: QWidget | None = None
        self._error: QLabel | None = None
        self._dot = make_dot(f"{self.name}.reset", self)
        self._dot.clicked.connect(self.reset)
        self._reset = QAction(self)
        self._reset.setObjectName(f"{self.name}.resetAction")
        self._reset.triggered.connect(self.reset)
        self.editor.add_menu_action(self._reset)
        self.editor.setToolTip(tooltip(field))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        width = max(_LEAST_LABEL, LABEL_WIDTH - depth * INDENT)
        self._grid.setColumnMinimumWidth(0, fonts.pixels(width))
        self._grid.setColumnStretch(1, 1)
        self._grid.addLayout(self._heading(width, nested=depth > 0), 0, 0)
        self._grid.addWidget(self.editor, 0, 1)
        self.editor.edited.connect(self._pass_on)
        self.editor.refused.connect(self._show_error)

    def _heading(self, width: int, nested: bool) -> QHBoxLayout:
        """Return dot, label and pill; a label too long for its column takes two lines."""
        left = QHBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(2)
        left.addWidget(self._dot)
        label = make_label(self.field.label, "caption" if nested else "dim", self)
        label.setObjectName(f"{self.name}.label")
        label.setBuddy(self.editor.main)
        label.setToolTip(tooltip(self.field))
        left.addWidget(label)
        room = fonts.pixels(width - DOT - 2)
        if self.field.rule.live:
            pill = make_label(self.tr("live"), "pill", self)
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            pill.setToolTip(self.tr("Can be changed while the network is learning; it takes effect at once."))
            left.addSpacing(1)
            left.addWidget(pill, 0, Qt.AlignmentFlag.AlignVCenter)
            room -= fonts.pixels(PILL)
        metrics = QFontMetrics(fonts.font(fonts.CAPTION if nested else fonts.BODY))
        if metrics.horizontalAdvance(self.field.label) > room:
            label.setWordWrap(True)
            flags = int(Qt.TextFlag.TextWordWrap)
            needed = metrics.boundingRect(QRect(0, 0, room, 1000), flags, self.field.label)
            label.setFixedSize(max(room, needed.width()), needed.height())
        left.addStretch()
        return left

    def set_value(self, value: object, fresh: bool = False) -> None:
        """Show a value."""
        self.editor.set_value(value, fresh)
        default = reset_value(self.field)
        self.differs = value != default
        self._dot.setVisible(self.differs)
        words = self.tr("Reset to {value}").format(value=numbers.setting(default, self.field.kind))
        self._dot.setToolTip(words)
        self._dot.setAccessibleName(f"{self.field.label}: {words}")
        self._reset.setText(words)
        self._reset.setEnabled(self.differs)
        self._show_nested(value, fresh)

    def _show_nested(self, value: object, fresh: bool) -> None:
        shown = isinstance(value, Declared) and any(not field.rule.hidden for field in value.fields())
        if self.nested is not None and (not shown or type(self.nested.value) is not type(value)):
            self._drop_nested()
        if not shown or not isinstance(value, Declared):
            return
        if self.nested is not None:
            self.nested.set_value(value, fresh)
            return
        self.nested = self._nest(value, self)
        self.nested.edited.connect(self._pass_on_nested)
        self.nested.restructured.connect(self.restructured)
        # A thin line along the nested rows says to what they belong.
        self._stem = QWidget(self)
        stem = QFrame(self._stem)
        stem.setProperty("stem", True)
        beside = QHBoxLayout(self._stem)
        beside.setContentsMargins(fonts.pixels(2), 2, 0, 2)
        beside.setSpacing(INDENT - 4)
        beside.addWidget(stem)
        beside.addWidget(self.nested)
        self._grid.addWidget(self._stem, 2, 0, 1, 2)
        self.restructured.emit()

    def _drop_nested(self) -> None:
        if self._stem is not None:
            self._grid.removeWidget(self._stem)
            self._stem.hide()
            self._stem.deleteLater()
            self._stem, self.nested = None, None
            self.restructured.emit()

    def tab_stops(self) -> Iterator[QWidget]:
        """Yield the controls in the order of the tab key."""
        return itertools.chain(self.editor.controls, self.nested.tab_stops() if self.nested is not None else ())

    @Slot()
    def reset(self) -> None:
        """Go back to the field's default, as if a person had chosen it."""
        self.editor.propose(reset_value(self.field))

    @Slot(object)
    def _pass_on(self, value: object) -> None:
        self.changed_by_user.emit(self.field.name, value)

    @Slot(object, str)
    def _pass_on_nested(self, value: object, name: str) -> None:
        self.changed_by_user.emit(self.field.name, value)

    @Slot(str)
    def _show_error(self, message: str) -> None:
        if self._error is None:
            if not message:
                return
            self._error = make_label("", "wrong", self)
            self._error.setObjectName(f"{self.name}.error")
            self._error.setWordWrap(True)
            self._grid.addWidget(self._error, 1, 0, 1, 2)
        self._error.setText(message)
        self._error.setVisible(bool(message))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._reset)
        menu.popup(event.globalPos())
