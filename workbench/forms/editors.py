"""One editor for each simple kind of field: numbers, yes and no, choices, text."""

from __future__ import annotations

import html

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from nncore.fields import INTEGER, Declared, Field
from workbench.forms.controls import QuietComboBox, QuietSlider, ValueEdit
from workbench.forms.equation import tip_equation
from workbench.forms.field_editor import FieldEditor
from workbench.forms.ladder import ladder, nearest
from workbench.forms.parsing import parse_number
from workbench.forms.switch import Switch
from workbench.theme import fonts, numbers
from workbench.theme.widgets import label


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
        if field.optional:
            self._edit.setPlaceholderText(field.rule.empty or numbers.setting(None))
        if self._ladder:
            self._edit.setProperty("figure", True)
            self._edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._edit.setFixedWidth(fonts.pixels(54))
        self._adopt(self._edit)
        self._edit.submitted.connect(self._type)
        self._edit.stepped.connect(self._step)
        self._unit: QLabel | None = None
        # Where the name says it already, and where a button needs the room, the tooltip has the unit.
        if field.rule.unit and not self._words and not field.label.lower().endswith(field.rule.unit):
            self._unit = label(field.rule.unit, "small")
            self._unit.setObjectName(f"{name}.unit")
            # What the plural needs, so that the slider does not move on its way to 1.
            self._unit.setMinimumWidth(QFontMetrics(fonts.font(fonts.SMALL)).horizontalAdvance(field.rule.unit))
            self._row.addWidget(self._unit)

    def _show(self, value: object) -> None:
        shown = numbers.setting(value) if value is not None else ""
        # A comma in the midst of a number that is being changed would become a decimal point.
        self._edit.show_text(shown, shown.replace(",", ""))
        if isinstance(value, int | float):
            self._number = value
        if self._unit is not None:
            self._unit.setText(numbers.unit(self.field.rule.unit, value))
        if self._slider is not None:
            place = nearest(self._ladder, float(self._number)) if isinstance(self._number, int | float) else 0
            with QSignalBlocker(self._slider):
                self._slider.setValue(0 if value is None else place)
            # From "none" the slider is the quickest way to a number; a special word is left by its button.
            self._slider.setEnabled(not isinstance(value, str))
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
            if self.field.kind == INTEGER and self.allows(self.value + direction):
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


class PresenceEditor(BooleanEditor):
    """A switch for a nested specification of which there is only one kind: it is there, or it is not."""

    def _show(self, value: object) -> None:
        super()._show(value is not None)

    @Slot(bool)
    def _click(self, checked: bool) -> None:
        self.propose(self.field.choices()[0] if checked else None)


class ChoiceEditor(FieldEditor):
    """A combo box of names: of a choice, or of the kinds of a nested specification; "none" first where it may be."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = QuietComboBox()
        if field.optional:
            self._box.addItem(numbers.setting(None), None)
        for choice in field.choices():
            kind = None if field.spec is None else field.spec.registry.get(choice)
            self._box.addItem(numbers.setting(choice) if kind is None else numbers.kind_words(kind), choice)
            if kind is not None:
                explained = _explained(kind)
                self._box.setItemData(self._box.count() - 1, explained, Qt.ItemDataRole.ToolTipRole)
        self._adopt(self._box)
        self._box.activated.connect(self._choose)

    def _show(self, value: object) -> None:
        name = getattr(value, "type_name", value)
        self._box.setCurrentIndex(0 if name is None else self._box.findData(name))
        explained = self._box.currentData(Qt.ItemDataRole.ToolTipRole)
        self._box.setToolTip("" if name is None else explained or self._box.currentText())

    @Slot(int)
    def _choose(self, index: int) -> None:
        name = self._box.itemData(index)
        # Choosing the same kind again keeps its settings; what was refused is proposed once more.
        if name != getattr(self.value, "type_name", self.value):
            self.propose(name)
        else:
            self.propose(self.value)


def _explained(kind: type[Declared]) -> str:
    """Return name, help and equation of a kind of nested specification, for a tooltip."""
    equation = str(getattr(kind, "equation", ""))
    words = f"{fonts.strong(html.escape(numbers.kind_words(kind)))}<p>{html.escape(kind.help())}</p>"
    return words + (tip_equation(equation) if equation else "")


class TextEditor(FieldEditor):
    """A line of text; empty means none where the field allows it."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._edit = ValueEdit()
        if field.optional:
            self._edit.setPlaceholderText(field.rule.empty or numbers.setting(None))
        self._adopt(self._edit)
        self._edit.submitted.connect(self._type)

    def set_placeholder(self, words: str) -> None:
        """Say what holds while the line is empty."""
        self._edit.setPlaceholderText(words)

    def _show(self, value: object) -> None:
        self._edit.show_text("" if value is None else str(value))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(None if self.field.optional and not text.strip() else text.strip())
