"""A form for any declaration: one row per field, made from what the fields say of themselves.

Invariant: the form holds a ``Declared`` object at every moment, and what it emits is one too.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nncore.errors import FieldError
from nncore.fields import Declared, Field
from nncore.layers import Layer
from workbench.forms.defaults import differs, reset_value
from workbench.forms.effect import Effect
from workbench.forms.field_editor import FieldEditor
from workbench.forms.field_row import FieldRow
from workbench.forms.kinds import MakeEditor, make_editor
from workbench.forms.more import MoreRow


class SpecForm(QWidget):
    """Rows for the visible fields of a declaration; the advanced ones below a row "More", made when they are asked for.

    Args:
        name: first part of the object names: the editor of ``units`` is called ``name.units``.
        value: what is edited.
        editors: for some fields, another editor than the one of their kind.
        unfolded: names of the forms whose advanced fields are shown; the form notes there what a person unfolds, so
            that whoever keeps the set keeps the choice.
        depth: in how many forms this one is nested.

    Attributes:
        edited: a person changed one field; carries the new declaration and the field's name.
        value: the declaration as it is shown.
        rows: those that are made, by the name of their field.
        nested: the forms below some of them, of values that are declarations themselves.
    """

    edited = Signal(object, str)

    def __init__(
        self,
        name: str,
        value: Declared,
        parent: QWidget | None = None,
        editors: Mapping[str, MakeEditor] | None = None,
        unfolded: set[str] | None = None,
        depth: int = 0,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}.fields")
        self.value = value
        self.rows: dict[str, FieldRow] = {}
        self.nested: dict[str, SpecForm] = {}
        self._name, self._depth = name, depth
        self._editors = dict(editors or {})
        self._unfolded = set() if unfolded is None else unfolded
        self._refused: dict[str, object] = {}
        self._defaults: dict[str, object] = {}
        self._told: dict[str, str] = {}
        self._more: MoreRow | None = None
        self._effect: Effect | None = None
        self._helped: dict[FieldRow, tuple[str, Effect | None]] = {}  # what the tooltips of the rows say
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(4)
        self._build()

    def _build(self) -> None:
        fields = [field for field in self.value.fields() if not field.rule.hidden]
        self._advanced = [field for field in fields if field.rule.advanced]
        for field in fields:
            if not field.rule.advanced:
                self._add_row(field)
        if self._advanced:
            self._more = MoreRow(self._name, [field.label for field in self._advanced], self)
            self._box.addWidget(self._more)
            self._more.toggled.connect(self.show_more)
            self.show_more(self._name in self._unfolded)
        self._show_applying()
        self._show_help()

    def _add_row(self, field: Field) -> FieldRow:
        make = self._editors.get(field.name, make_editor)
        row = FieldRow(field, self._name, make, self._depth, self)
        self.rows[field.name] = row
        row.set_default(self._defaults.get(field.name, row.default))
        row.tell(self._told.get(field.name, ""))
        self._show_in(row, getattr(self.value, field.name), fresh=True)
        row.changed_by_user.connect(self._change)
        row.editor.refused.connect(self._forget_refused)
        self._box.addWidget(row)
        return row

    def _show_in(self, row: FieldRow, value: object, fresh: bool = False) -> None:
        """Show a value in its row, and below it the fields that the value has itself."""
        row.set_value(value, fresh)
        name = row.field.name
        if not isinstance(value, Declared) or all(field.rule.hidden for field in value.fields()):
            self._drop_nested(row)
            return
        nested = self.nested.get(name)
        if nested is not None and type(nested.value) is type(value):
            nested.set_value(value, fresh)
            return
        self._drop_nested(row)
        self.nested[name] = nested = SpecForm(row.name, value, row, unfolded=self._unfolded, depth=self._depth + 1)
        nested.edited.connect(row.pass_on_nested)
        nested.show_effect(self._effect_within(row))
        row.put_below(nested)

    def _drop_nested(self, row: FieldRow) -> None:
        self.nested.pop(row.field.name, None)
        row.clear_below()

    # --- Advanced fields --------------------------------------------------------------------------------------

    @Slot(bool)
    def show_more(self, shown: bool) -> None:
        """Unfold or fold the advanced fields."""
        (self._unfolded.add if shown else self._unfolded.discard)(self._name)
        if shown:
            self._make_advanced()
        self._show_applying()

    def follow_folding(self) -> None:
        """Show or fold the advanced fields as they were left in another form of the same name."""
        self.show_more(self._name in self._unfolded)
        for nested in self.nested.values():
            nested.follow_folding()

    def _make_advanced(self) -> None:
        missing = [field for field in self._advanced if field.name not in self.rows]
        for field in missing:
            self._add_row(field)
        if missing:
            self._show_help()

    def _show_applying(self) -> None:
        """Show the rows of the fields that have a meaning beside the values of the others."""
        unfolded = self._name in self._unfolded
        for row in self.rows.values():
            row.setVisible(row.field.applies(self.value) and (unfolded or not row.field.rule.advanced))
        if self._more is not None:
            applying = [field for field in self._advanced if field.applies(self.value)]
            self._more.show_labels([field.label for field in applying])
            self._more.show_state(unfolded, [field.label for field in applying if differs(self.value, field)])

    # --- Help ---------------------------------------------------------------------------------------------------

    def show_effect(self, effect: Effect | None) -> None:
        """Say when changes act; None as long as nothing was learned."""
        if effect != self._effect:
            self._effect = effect
            self._show_help()

    def _show_help(self) -> None:
        value = self.value
        equation = value.typeset() if isinstance(value, Layer) else str(getattr(value, "equation", ""))
        told = (equation, self._effect)
        for name, row in self.rows.items():
            if self._helped.get(row) != told:
                row.show_help(equation, self._effect)
                if name in self.nested:
                    self.nested[name].show_effect(self._effect_within(row))
                self._helped[row] = told

    def _effect_within(self, row: FieldRow) -> Effect | None:
        return None if self._effect is None else self._effect.within(row.field)

    # --- Defaults -----------------------------------------------------------------------------------------------

    def set_defaults(self, defaults: Mapping[str, object]) -> None:
        """Have some fields go back to other values than those declared: what suits depends on more than the form."""
        self._defaults = dict(defaults)
        for name, row in self.rows.items():
            row.set_default(defaults.get(name, reset_value(row.field)))

    def tell(self, name: str, message: str) -> None:
        """Say below a field what is wrong with its value beyond what is declared; empty when nothing is."""
        self._told[name] = message
        if name in self.rows:
            self.rows[name].tell(message)

    # --- Values -----------------------------------------------------------------------------------------------

    def set_value(self, value: Declared, fresh: bool = False) -> None:
        """Show a declaration; one of the same type keeps the rows, and with them focus and what is being typed.

        Args:
            value: what is to be edited from now on.
            fresh: it is another object than before, so what was being typed belongs to the old one.
        """
        if value is self.value and not fresh:
            return
        if type(value) is not type(self.value):
            self._clear()
            self.value = value
            self._build()
            return
        self.value = value
        for name, row in self.rows.items():
            self._show_in(row, getattr(value, name), fresh)
        self._follow()

    def _follow(self) -> None:
        self._show_applying()
        self._show_help()

    def rebuild(self) -> None:
        """Make all rows anew, for another size of text."""
        self._clear()
        self._build()

    def _clear(self) -> None:
        for row in (*self.rows.values(), self._more):
            if row is not None:
                self._box.removeWidget(row)
                row.hide()
                row.deleteLater()
        self.rows, self.nested, self._more, self._helped = {}, {}, None, {}

    def editor(self, name: str) -> FieldEditor:
        """Return the editor of a field, folded or not; raise ``KeyError`` when the form does not show it."""
        if name not in self.rows and any(field.name == name for field in self._advanced):
            self._make_advanced()
            self.show_more(self._name in self._unfolded)
        return self.rows[name].editor

    @Slot(str, object)
    def _change(self, name: str, value: object) -> None:
        """Take an edit; values that were refused beside the old ones may fit beside the new one."""
        row = self.rows[name]
        others = {key: refused for key, refused in self._refused.items() if key != name}
        problem: FieldError | None = None
        for changes in ({**others, name: value}, {name: value}) if others else ({name: value},):
            try:
                changed = self.value.replace(**changes)
            except FieldError as error:
                problem = error
                continue
            break
        else:
            row.editor.refuse(str(problem), getattr(self.value, name))
            self._refused[name] = value
            return
        self.value = changed
        for key in changes:
            self._show_in(self.rows[key], getattr(changed, key))
        self._follow()
        self.edited.emit(changed, name)

    @Slot(str)
    def _forget_refused(self, message: str) -> None:
        editor = self.sender()
        if isinstance(editor, FieldEditor):
            self._refused.pop(editor.field.name, None)
