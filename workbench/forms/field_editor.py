"""What the editors of all kinds of fields share.

Invariant: ``edited`` carries only values that the field allows; anything else shows the field's own sentence through
``refused`` and changes nothing. ``set_value`` never emits.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nncore.errors import FieldError
from nncore.fields import Field
from workbench.forms.controls import ValueEdit
from workbench.theme import fonts

_NOTHING = object()


class FieldEditor(QWidget):
    """Base of the editors.

    Attributes:
        edited: a person chose another value; carries it, checked.
        refused: a person typed what the field does not allow; carries the sentences that say so, or nothing when the
            text is good again.
        main: the widget that holds the focus and the name.
        controls: every widget that the tab key stops at, in its order.
        field: the declaration.
        value: what is shown.
    """

    edited = Signal(object)
    refused = Signal(str)

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.name = name
        self.value: object = _NOTHING
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.main: QWidget = self
        self.controls: list[QWidget] = []
        self.setMinimumHeight(fonts.pixels(28))  # rows of all kinds keep one rhythm

    def _adopt(self, widget: QWidget, suffix: str = "") -> None:
        """Put a control into the row and name it; the one without a suffix is the main one."""
        widget.setObjectName(f"{self.name}{suffix}")
        widget.setAccessibleName(self.field.label)
        widget.setAccessibleDescription(self.field.rule.help)
        self._row.addWidget(widget)
        self.controls.append(widget)
        if not suffix:
            self.main = widget
            self.setFocusProxy(widget)

    def set_value(self, value: object, fresh: bool = False) -> None:
        """Show a value; what a person is typing stays unless the value is another one, or ``fresh``."""
        if fresh or value != self.value or type(value) is not type(self.value):
            self.value = value
            self._show(value)
            self._set_wrong("")

    def _show(self, value: object) -> None:
        raise NotImplementedError

    def propose(self, value: object) -> bool:
        """Take what a person chose, if the field allows it; return whether it does."""
        try:
            checked = self.field.check(value)
        except FieldError as error:
            self._set_wrong(str(error))
            return False
        self._set_wrong("")
        if checked != self.value:
            self.value = checked
            self._show(checked)
            self.edited.emit(checked)
        else:
            self._show(checked)
        return True

    def allows(self, value: object) -> bool:
        """Return whether the field allows a value; nothing is shown."""
        try:
            self.field.check(value)
        except FieldError:
            return False
        return True

    def refuse(self, message: str, value: object) -> None:
        """Say why the value that was just chosen cannot be: not in this declaration. It stays shown as if typed.

        Args:
            message: the sentences that say so.
            value: what holds instead.
        """
        self.value = value
        lines = [(line, line.text()) for line in self.controls if isinstance(line, ValueEdit)]
        if lines:  # Escape is to lead back to what holds
            self._show(value)
        for line, text in lines:
            line.show_refused(text)
        self._set_wrong(message)

    def _set_wrong(self, message: str) -> None:
        if bool(self.main.property("wrong")) != bool(message):
            self.main.setProperty("wrong", bool(message))
            self.main.style().polish(self.main)
        self.refused.emit(message)

    def add_menu_action(self, action: QAction) -> None:
        """Offer an action in the menu of the main control."""
        self.main.addAction(action)
