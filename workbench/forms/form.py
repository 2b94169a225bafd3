"""A form for any declaration: one row per field, made from what the fields say of themselves.

Invariant: the form holds a ``Declared`` object at every moment, and what it emits is one too.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nncore.errors import FieldError
from nncore.fields import Declared, Field
from workbench.forms.editors import FieldEditor, MakeEditor, make_editor
from workbench.theme import fonts, icons, numbers
from workbench.theme.widgets import label as make_label

LABEL_WIDTH = 112


def tooltip(field: Field) -> str:
    """Return a field's help and its rule in words, as rich text so that Qt wraps the lines."""
    rule = field.describe()
    unit = f" ({field.rule.unit})" if field.rule.unit else ""
    return f"<p>{html.escape(field.rule.help)}</p><p><i>{html.escape(rule[0].upper() + rule[1:])}{unit}.</i></p>"


class FieldRow(QWidget):
    """Label, editor, and below them the sentence about a wrong value and the fields of a nested specification.

    Attributes:
        changed_by_user: carries the field's name and its new value.
        editor: the control.
    """

    changed_by_user = Signal(str, object)

    def __init__(self, field: Field, prefix: str, make: MakeEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.name = f"{prefix}.{field.name}"
        self.editor = make(field, self.name, self)
        self.nested: SpecForm | None = None
        self._dot = QToolButton()
        self._dot.setObjectName(f"{self.name}.reset")
        self._dot.setProperty("flat", True)
        self._dot.setFixedSize(fonts.pixels(10), fonts.pixels(18))
        # The same is in the editor's menu, so that the keyboard need not stop twice at each field.
        self._dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._dot.setCursor(Qt.CursorShape.PointingHandCursor)
        self._dot.setStyleSheet("QToolButton { padding: 0px; border: none; }")
        icons.bind(self._dot, "dot", "accent")
        self._dot.setIconSize(QSize(fonts.pixels(8), fonts.pixels(8)))
        self._dot.clicked.connect(self.reset)
        label = make_label(field.label, "dim")
        label.setObjectName(f"{self.name}.label")
        label.setBuddy(self.editor.main)
        self._error = make_label("", "wrong")
        self._error.setObjectName(f"{self.name}.error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._reset = QAction(self)
        self._reset.setObjectName(f"{self.name}.resetAction")
        self._reset.triggered.connect(self.reset)
        self.editor.add_menu_action(self._reset)
        self.editor.setToolTip(tooltip(field))
        label.setToolTip(tooltip(field))

        left = QHBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(2)
        left.addWidget(self._dot)
        left.addWidget(label)
        if field.rule.live:
            pill = make_label(self.tr("live"), "pill")
            pill.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            pill.setToolTip(self.tr("Can be changed while the network is learning; it takes effect at once."))
            left.addSpacing(4)
            left.addWidget(pill, 0, Qt.AlignmentFlag.AlignVCenter)
        left.addStretch()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, fonts.pixels(LABEL_WIDTH))
        self._grid.setColumnStretch(1, 1)
        self._grid.addLayout(left, 0, 0)
        self._grid.addWidget(self.editor, 0, 1)
        self._grid.addWidget(self._error, 1, 0, 1, 2)
        self.editor.edited.connect(self._pass_on)
        self.editor.refused.connect(self._show_error)

    def set_value(self, value: object, fresh: bool = False) -> None:
        """Show a value."""
        self.editor.set_value(value, fresh)
        default = self.field.reset
        differs = value != default
        self._dot.setVisible(differs)
        words = self.tr("Reset to {value}").format(value=numbers.setting(default))
        self._dot.setToolTip(words)
        self._dot.setAccessibleName(f"{self.field.label}: {words}")
        self._reset.setText(words)
        self._reset.setEnabled(differs)
        if isinstance(value, Declared):
            self._show_nested(value, fresh)

    def _show_nested(self, value: Declared, fresh: bool) -> None:
        shown = any(not field.rule.hidden for field in value.fields())
        if self.nested is not None and (not shown or type(self.nested.value) is not type(value)):
            self._grid.removeWidget(self.nested)
            self.nested.hide()
            self.nested.deleteLater()
            self.nested = None
        if not shown:
            return
        if self.nested is None:
            self.nested = SpecForm(self.name, value, self)
            self.nested.setContentsMargins(fonts.pixels(8), 2, 0, 0)
            self.nested.edited.connect(self._pass_on_nested)
            self._grid.addWidget(self.nested, 2, 0, 1, 2)
        else:
            self.nested.set_value(value, fresh)

    @Slot()
    def reset(self) -> None:
        """Go back to the field's default, as if a person had chosen it."""
        self.editor.propose(self.field.reset)

    @Slot(object)
    def _pass_on(self, value: object) -> None:
        self.changed_by_user.emit(self.field.name, value)

    @Slot(object, str)
    def _pass_on_nested(self, value: object, name: str) -> None:
        self.changed_by_user.emit(self.field.name, value)

    @Slot(str)
    def _show_error(self, message: str) -> None:
        self._error.setText(message)
        self._error.setVisible(bool(message))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._reset)
        menu.popup(event.globalPos())


class SpecForm(QWidget):
    """Rows for the visible fields of a declaration.

    Args:
        name: first part of the object names: the editor of ``units`` is called ``name.units``.
        value: what is edited.
        editors: for some fields, another editor than the one of their kind.

    Attributes:
        edited: a person changed one field; carries the new declaration and the field's name.
        value: the declaration as it is shown.
    """

    edited = Signal(object, str)

    def __init__(
        self,
        name: str,
        value: Declared,
        parent: QWidget | None = None,
        editors: Mapping[str, MakeEditor] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}.fields")
        self.value = value
        self._name = name
        self._editors = dict(editors or {})
        self.rows: dict[str, FieldRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._build()

    def _build(self) -> None:
        for field in self.value.fields():
            if field.rule.hidden:
                continue
            make = self._editors.get(field.name, make_editor)
            row = FieldRow(field, self._name, make, self)
            row.set_value(getattr(self.value, field.name), fresh=True)
            row.changed_by_user.connect(self._change)
            self._box.addWidget(row)
            self.rows[field.name] = row

    def set_value(self, value: Declared, fresh: bool = False) -> None:
        """Show a declaration; one of the same type keeps the rows, and with them focus and what is being typed.

        Args:
            value: what is to be edited from now on.
            fresh: it is another object than before, so what was being typed belongs to the old one.
        """
        if type(value) is not type(self.value):
            for row in self.rows.values():
                self._box.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.rows = {}
            self.value = value
            self._build()
            return
        self.value = value
        for name, row in self.rows.items():
            row.set_value(getattr(value, name), fresh)

    def editor(self, name: str) -> FieldEditor:
        """Return the editor of a field; raise ``KeyError`` when the form does not show it."""
        return self.rows[name].editor

    @Slot(str, object)
    def _change(self, name: str, value: object) -> None:
        row = self.rows[name]
        try:
            changed = self.value.replace(**{name: value})
        except FieldError as error:
            row.editor.refused.emit(str(error))
            return
        self.value = changed
        row.set_value(getattr(changed, name))
        self.edited.emit(changed, name)
