"""Whether the forms show what is there: in each of their fields, as it stands on the screen."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSlider, QWidget

from nncore.fields import Declared, Field
from workbench.forms import PropertiesPanel
from workbench.forms.controls import ValueEdit
from workbench.forms.field_editor import FieldEditor
from workbench.forms.field_row import FieldRow
from workbench.forms.form import SpecForm


def forms(panel: PropertiesPanel) -> Iterator[SpecForm]:
    """Yield the forms that are shown: of the layer, where one is selected, of the training, of the data."""
    for form in (panel.layer_form.form, panel.training_form.form, panel.data_form.form):
        if form is not None:
            yield form


def rows(form: SpecForm) -> Iterator[tuple[FieldRow, Declared]]:
    """Yield the rows of a form and of those nested in it, each with what it belongs to."""
    for name, row in form.rows.items():
        yield row, form.value
        if name in form.nested:
            yield from rows(form.nested[name])


def on_screen(editor: FieldEditor) -> list[object]:
    """Return what the controls of an editor show."""
    return [_shown(control) for control in editor.controls]


def _shown(control: QWidget) -> object:
    if isinstance(control, ValueEdit):
        return control.text()
    if isinstance(control, QComboBox):
        return control.currentText()
    if isinstance(control, QSlider):
        # Beside a word such as "full" the slider rests where it was.
        return control.value() if control.isEnabledTo(control.parentWidget()) else None
    if isinstance(control, QAbstractButton):
        return control.isChecked()
    raise TypeError(f"A {type(control).__name__} in a form is not known here.")


class FormCheck:
    """Compares each field with an editor of its own that is shown the value for the first time."""

    def __init__(self, panel: PropertiesPanel) -> None:
        self._panel = panel
        self._shelf = QWidget(panel)
        self._shelf.hide()
        self._fresh: dict[tuple[type, str], tuple[Field, FieldEditor]] = {}

    def forget(self) -> None:
        """Throw the editors away."""
        self._shelf.deleteLater()

    def check(self) -> None:
        """Compare all forms with the document."""
        document = self._panel.layer_form.document
        layer_form = self._panel.layer_form
        layer = layer_form.layer
        assert layer_form.position < len(document.network)
        assert (layer_form.form is None) == (layer is None)
        for form, value in zip(
            forms(self._panel),
            ([] if layer is None else [layer]) + [document.project.training, document.project.data],
            strict=True,
        ):
            assert form.value == value, f"{form.objectName()} shows {form.value}, and it is {value}"
            for row, owner in rows(form):
                self._check_row(row, owner)
        title = self._panel.findChild(QLabel, "layerSection.title")
        if layer is not None:
            assert title is not None
            assert title.text() == (layer.name or layer.type_name)

    def _check_row(self, row: FieldRow, owner: Declared) -> None:
        editor, value = row.editor, getattr(owner, row.field.name)
        if any(control.property("wrong") for control in editor.controls):
            return  # what was refused stays, for the person to mend
        assert editor.value == value, f"{row.name} holds {editor.value}, and it is {value}"
        focused = self._panel.window().focusWidget()  # also while a dialog has the keyboard
        if isinstance(focused, ValueEdit) and focused in editor.controls:
            return  # what is being typed stays, too
        shown, fresh = on_screen(editor), on_screen(self._made(editor, value))
        assert shown == fresh, f"{row.name} shows {shown} for {value}, not {fresh}"

    def _made(self, editor: FieldEditor, value: object) -> FieldEditor:
        key = type(editor), editor.name
        field, made = self._fresh.get(key, (None, None))
        if made is None or field is not editor.field:
            if made is not None:
                made.deleteLater()
            made = type(editor)(editor.field, f"fresh.{editor.name}", self._shelf)
            self._fresh[key] = editor.field, made
        made.set_value(value, fresh=True)
        return made
