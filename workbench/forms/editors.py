"""One editor for each kind of field.

Invariant: ``edited`` carries only values that the field allows; anything else shows the field's own sentence through
``refused`` and changes nothing. ``set_value`` never emits.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from nncore.errors import FieldError
from nncore.fields import BOOLEAN, CHOICE, INTEGER, NUMBER, SHAPE, SPEC, Field
from workbench.forms.controls import QuietComboBox, QuietSlider, ValueEdit
from workbench.forms.ladder import ladder, nearest
from workbench.forms.parsing import parse_number, parse_shape
from workbench.forms.switch import Switch
from workbench.theme import fonts, numbers


class FieldEditor(QWidget):
    """Base of the editors.

    Attributes:
        edited: a person chose another value; carries it, checked.
        refused: a person typed what the field does not allow; carries the sentences that say so, or nothing when the
            text is good again.
        main: the widget that holds the focus and the name.
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
        self.setMinimumHeight(fonts.pixels(28))  # rows of all kinds keep one rhythm

    def _adopt(self, widget: QWidget, suffix: str = "") -> None:
        """Put a control into the row and name it; the one without a suffix is the main one."""
        widget.setObjectName(f"{self.name}{suffix}")
        widget.setAccessibleName(self.field.label)
        widget.setAccessibleDescription(self.field.rule.help)
        self._row.addWidget(widget)
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

    def _set_wrong(self, message: str) -> None:
        if bool(self.main.property("wrong")) != bool(message):
            self.main.setProperty("wrong", bool(message))
            self.main.style().polish(self.main)
        self.refused.emit(message)

    def add_menu_action(self, action: QAction) -> None:
        """Offer an action in the menu of the main control."""
        self.main.addAction(action)


_NOTHING = object()


class NumberEditor(FieldEditor):
    """A slider over the usual values, and a line for any value; a button for each special word such as "full"."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._ladder = ladder(field)
        self._number: object = field.start
        self._slider: QuietSlider | None = None
        if self._ladder:
            self._slider = QuietSlider()
            self._slider.setRange(0, len(self._ladder) - 1)
            self._slider.setPageStep(max(1, len(self._ladder) // 10))
            self._adopt(self._slider, ".slider")
            self._slider.valueChanged.connect(self._slide)
        self._words: list[QToolButton] = []
        for word in field.rule.special:
            button = QToolButton()
            button.setText(word)
            button.setProperty("chip", True)
            button.setProperty("narrow", True)
            button.setCheckable(True)
            self._adopt(button, f".{word}")
            button.setAccessibleName(f"{field.label}: {word}")
            button.clicked.connect(self._choose_word)
            self._words.append(button)
        self._edit = ValueEdit()
        if self._ladder:
            self._edit.setProperty("figure", True)
            self._edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._edit.setFixedWidth(fonts.pixels(54))
        self._adopt(self._edit)
        self._edit.submitted.connect(self._type)
        self._edit.stepped.connect(self._step)

    def _show(self, value: object) -> None:
        self._edit.show_text(numbers.setting(value) if value is not None else "")
        if isinstance(value, int | float):
            self._number = value
        if self._slider is not None and isinstance(self._number, int | float):
            with QSignalBlocker(self._slider):
                self._slider.setValue(nearest(self._ladder, float(self._number)))
            self._slider.setEnabled(isinstance(value, int | float))
        for button in self._words:
            button.setChecked(value == button.text())

    @Slot(int)
    def _slide(self, place: int) -> None:
        self.propose(self._ladder[place])

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_number(text, self.field))

    @Slot(int)
    def _step(self, direction: int) -> None:
        if not isinstance(self.value, int | float):
            return
        if not self._ladder:
            if self.field.kind == INTEGER:
                self.propose(self.value + direction)
            return
        place = nearest(self._ladder, float(self.value)) + direction
        if 0 <= place < len(self._ladder):
            self.propose(self._ladder[place])

    @Slot(bool)
    def _choose_word(self, chosen: bool) -> None:
        button = self.sender()
        if isinstance(button, QToolButton):
            self.propose(button.text() if chosen else self._number)


class BooleanEditor(FieldEditor):
    """A switch."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = Switch()
        self._adopt(self._box)
        self._row.addStretch()
        self._box.clicked.connect(self._click)

    def _show(self, value: object) -> None:
        self._box.setChecked(bool(value))
        self._box.setText(numbers.setting(bool(value)))

    @Slot(bool)
    def _click(self, checked: bool) -> None:
        self.propose(checked)


class ChoiceEditor(FieldEditor):
    """A combo box of names: of a choice, or of the kinds of a nested specification."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = QuietComboBox()
        for choice in field.choices():
            self._box.addItem(numbers.setting(choice), choice)
        self._adopt(self._box)
        self._box.activated.connect(self._choose)

    def _show(self, value: object) -> None:
        name = getattr(value, "type_name", value)
        self._box.setCurrentIndex(self._box.findData(name))
        self._box.setToolTip(self._box.currentText())

    @Slot(int)
    def _choose(self, index: int) -> None:
        name = self._box.itemData(index)
        if name != getattr(self.value, "type_name", self.value):
            self.propose(name)


class TextEditor(FieldEditor):
    """A line of text; empty means none where the field allows it."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._edit = ValueEdit()
        if field.optional:
            self._edit.setPlaceholderText(numbers.setting(None))
        self._adopt(self._edit)
        self._edit.submitted.connect(self._type)

    def _show(self, value: object) -> None:
        self._edit.show_text("" if value is None else str(value))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(None if self.field.optional and not text.strip() else text.strip())


class ShapeEditor(TextEditor):
    """A line of whole numbers: ``28, 28``; times signs and brackets are welcome too."""

    def _show(self, value: object) -> None:
        self._edit.show_text(", ".join(str(size) for size in value) if isinstance(value, tuple) else "")

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_shape(text, self.field))


MakeEditor = Callable[[Field, str, QWidget | None], FieldEditor]


def make_editor(field: Field, name: str, parent: QWidget | None = None) -> FieldEditor:
    """Return the editor for a field's kind."""
    if field.kind in (INTEGER, NUMBER):
        return NumberEditor(field, name, parent)
    if field.kind == BOOLEAN:
        return BooleanEditor(field, name, parent)
    if field.kind in (CHOICE, SPEC):
        return ChoiceEditor(field, name, parent)
    if field.kind == SHAPE:
        return ShapeEditor(field, name, parent)
    return TextEditor(field, name, parent)
