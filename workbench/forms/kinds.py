"""Which editor belongs to which kind of field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from nncore.fields import BOOLEAN, CHOICE, INTEGER, NUMBER, NUMBERS, PAIR, PAIRS, RANGE, SHAPE, SPEC, TEXT, Field
from workbench.forms.editors import BooleanEditor, ChoiceEditor, NumberEditor, PresenceEditor, TextEditor
from workbench.forms.field_editor import FieldEditor
from workbench.forms.list_editors import NumbersEditor, PairEditor, RangeEditor, ShapeEditor, SidesEditor

MakeEditor = Callable[[Field, str, QWidget | None], FieldEditor]

_EDITORS: dict[str, MakeEditor] = {
    INTEGER: NumberEditor,
    NUMBER: NumberEditor,
    BOOLEAN: BooleanEditor,
    CHOICE: ChoiceEditor,
    SPEC: ChoiceEditor,
    TEXT: TextEditor,
    SHAPE: ShapeEditor,
    PAIR: PairEditor,
    PAIRS: SidesEditor,
    RANGE: RangeEditor,
    NUMBERS: NumbersEditor,
}


def make_editor(field: Field, name: str, parent: QWidget | None = None) -> FieldEditor:
    """Return the editor for a field's kind."""
    if field.kind == SPEC and field.optional and len(field.choices()) == 1:
        return PresenceEditor(field, name, parent)
    return _EDITORS[field.kind](field, name, parent)
