"""What is done in the forms: fields of layer, training and data, names, resets, also while a training runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QSlider, QToolButton, QWidget

from nncore.errors import InputError
from nncore.fields import Declared
from tests.workbench.random_user.chance import anywhere, between, one_of
from tests.workbench.random_user.desk import Desk, action
from tests.workbench.random_user.forms import forms, rows
from tests.workbench.random_user.hands import SHIFT, click, wait
from tests.workbench.random_user.list_rules import VALUES
from tests.workbench.random_user.training_rules import TrainingRules
from workbench.forms.controls import ValueEdit
from workbench.forms.field_row import FieldRow
from workbench.forms.form import SpecForm
from workbench.forms.name_edit import NameEdit

_SLIDER_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End)
_COMBO_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home)
_SEEDS = between(0, 10**6)
LIVE = ("learning_rate", "batch_size", "momentum", "rate", "l2")


class FormRules(TrainingRules):
    """Mixed into the random person."""

    desk: Desk

    def fields(self, form: SpecForm) -> list[tuple[FieldRow, Declared]]:
        """Return the rows of a form that are on the screen."""
        return [(row, owner) for row, owner in rows(form) if row.isVisibleTo(self.desk.window)]

    def edit(self, form: SpecForm, seed: int, value: str, *, only: tuple[str, ...] = ()) -> None:
        """Change a field with one of its controls, as its kind allows."""
        desk, kind = self.desk, form.objectName().split(".")[0]
        fold = desk.find(kind.replace("Form", "Section.fold"), QToolButton)
        assert fold is not None
        if not fold.isChecked():  # type: ignore[attr-defined]  # a button
            click(fold)
        found = [pair for pair in self.fields(form) if not only or pair[0].field.name in only]
        if not found:
            return
        row, _ = found[seed % len(found)]
        before = desk.project
        control = row.editor.controls[seed // 7 % len(row.editor.controls)]
        self.use(control, seed, value)
        wait()
        desk.did(f"edit of {kind}" if desk.project != before else "edit given up")
        if desk.window.controller.busy and desk.project != before:
            desk.did("change while training")

    def use(self, control: QWidget, seed: int, value: str) -> None:
        """Work one control: type, slide, choose or press."""
        control.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(control, ValueEdit):
            control.selectAll()
            QTest.keyClicks(control, value)
            if seed % 5 == 0:
                QTest.keyClick(control, Qt.Key.Key_Up)
            if seed % 3:
                QTest.keyClick(control, Qt.Key.Key_Return)
            elif seed % 4:
                self.desk.shown_list.setFocus()  # leaving the field takes the value, too; sometimes it stays half typed
        elif isinstance(control, QComboBox):
            QTest.keyClick(control, _COMBO_KEYS[seed % len(_COMBO_KEYS)])
        elif isinstance(control, QSlider):
            for _ in range(1 + seed % 3):
                QTest.keyClick(control, _SLIDER_KEYS[seed % len(_SLIDER_KEYS)])
        elif isinstance(control, QAbstractButton):
            click(control)

    @action(lambda self: bool(self.desk.layers), weight=6, seed=_SEEDS, value=one_of(*VALUES))
    def edit_layer(self, seed: int, value: str) -> None:
        """Change a field of the selected layer."""
        self.desk.show_properties()
        if self.desk.window.properties.layer_form.form is None:
            self.desk.list.select_first()
        form = self.desk.window.properties.layer_form.form
        assert form is not None
        self.edit(form, seed, value)

    @action(weight=4, seed=_SEEDS, value=one_of(*VALUES))
    def edit_training(self, seed: int, value: str) -> None:
        """Change a setting of the training."""
        self.desk.show_properties()
        self.edit(self.desk.window.properties.training_form.form, seed, value)

    @action(weight=3, seed=_SEEDS, value=one_of("0.1", "0.3", "0", "none"))
    def edit_data(self, seed: int, value: str) -> None:
        """Change a setting of the data; choosing a file is begun and given up elsewhere."""
        self.desk.show_properties()
        form = self.desk.window.properties.data_form.form
        names = tuple(name for name in form.rows if name not in ("source", "test_source", "target_column"))
        self.edit(form, seed, value, only=names)

    @action(weight=4, seed=_SEEDS, value=one_of("0.01", "0.1", "0.5", "4", "8"))
    def change_live(self, seed: int, value: str) -> None:
        """Change what acts on the training that runs."""
        if not self.desk.window.controller.busy:
            self.learn()
        self.desk.show_properties()
        for form in forms(self.desk.window.properties):
            self.edit(form, seed, value, only=LIVE)

    @action(weight=2, place=anywhere)
    def reset_field(self, place: float) -> None:
        """Put a changed field back to its default, by key or by the arrow beside it."""
        self.desk.show_properties()
        changed = [
            row
            for form in forms(self.desk.window.properties)
            for row, _ in self.fields(form)
            if row.differs and row.field.name != "source"
        ]
        if not changed:
            return
        row, before = changed[min(len(changed) - 1, int(place * len(changed)))], self.desk.project
        QTest.keyClick(row.editor.main, Qt.Key.Key_Escape, SHIFT)
        wait()
        self.desk.did("reset of a field" if self.desk.project != before else "edit given up")

    @action(lambda self: self.desk.window.properties.layer_form.changed)
    def reset_layer(self) -> None:
        """Put all fields of the layer back."""
        self.desk.show_properties()
        button = self.desk.find("layerSection.reset", QToolButton)
        assert button is not None
        assert button.isVisibleTo(self.desk.window)
        try:
            click(button)
        except InputError as error:  # pragma: no cover
            raise AssertionError(f"{error} reached nobody") from error
        wait()
        assert not self.desk.window.properties.layer_form.changed
        self.desk.did("reset of a layer")

    @action(seed=_SEEDS)
    def unfold(self, seed: int) -> None:
        """Unfold or fold the fields that few people need, or a whole section."""
        self.desk.show_properties()
        found = [
            button
            for button in self.desk.window.properties.findChildren(QToolButton)
            if button.objectName().endswith((".more", ".fold")) and button.isVisibleTo(self.desk.window)
        ]
        click(found[seed % len(found)])
        self.desk.did("fold")

    @action(
        lambda self: self.desk.window.properties.layer_form.layer is not None,
        weight=2,
        name=one_of("first", "", "a name of several words", "first"),
        keep=between(0, 4),
    )
    def rename(self, name: str, keep: int) -> None:
        """Give the layer that is shown a name with F2, and take it or not."""
        desk = self.desk
        position = desk.window.properties.layer_form.position
        desk.take_typing()
        before = desk.layers
        desk.trigger("renameAction")
        line = desk.find("layerSection.name", NameEdit)
        assert line is not None
        assert line.isVisibleTo(desk.window)
        line.selectAll()  # type: ignore[attr-defined]  # a line
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, name)
        QTest.keyClick(line, Qt.Key.Key_Return if keep else Qt.Key.Key_Escape)
        named = before[position].replace(name=(name or None) if keep else before[position].name)
        expected = (*before[:position], named, *before[position + 1 :])
        assert desk.layers == expected, f"{desk.layers} is not {expected}"
        desk.did("rename" if desk.layers != before else "rename given up")
