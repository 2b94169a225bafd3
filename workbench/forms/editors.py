"""One editor for each kind of field.

Invariant: ``edited`` carries only values that the field allows; anything else shows the field's own sentence through
``refused`` and changes nothing. ``set_value`` never emits.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
    QWidget,
)

from nncore.errors import FieldError
from nncore.fields import BOOLEAN, CHOICE, INTEGER, NUMBER, SHAPE, SPEC, Field
from workbench.forms.ladder import ladder, nearest
from workbench.theme import fonts, numbers


class QuietComboBox(QComboBox):
    """A combo box that lets the wheel scroll the form under it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Names of losses are long; the box may be narrower than its longest entry, the list may not.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Under a style sheet Qt cuts a long text off in the middle of a letter.
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width() - 4
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + fonts.pixels(32))
        super().showPopup()


class QuietSlider(QSlider):
    """A slider that lets the wheel scroll the form under it unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ValueEdit(QLineEdit):
    """A line that says when it was changed by a person, and steps with the arrow keys.

    Attributes:
        submitted: Enter was pressed, or the focus left, and the text is another one than before.
        stepped: the up (1) or down (-1) key.
    """

    submitted = Signal(str)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""

    def show_text(self, text: str) -> None:
        """Show a value; this is not a change."""
        self._shown = text
        self.setText(text)
        self.setCursorPosition(0)

    def submit(self) -> None:
        """Report the text if a person changed it."""
        if self.text() != self._shown:
            self.submitted.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
            self.selectAll()
        elif key == Qt.Key.Key_Escape and self.text() != self._shown:
            self.setText(self._shown)
            self.submitted.emit(self._shown)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.submit()
            self.stepped.emit(1 if key == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.submit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        menu.addActions(self.actions())
        menu.popup(event.globalPos())


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
    """A check box."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = QCheckBox()
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


def parse_number(text: str, field: Field) -> object:
    """Return what a person typed as a number, with the signs that people use; the text itself if it is none."""
    plain = text.strip().replace("−", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not plain and field.optional:
        return None
    if plain.lower() in field.rule.special:
        return plain.lower()
    # A comma before three digits separates thousands, as everywhere in the program; any other is a decimal point.
    grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain)
    plain = plain.replace(",", "") if grouped else plain.replace(",", ".")
    share = plain.endswith("%") and field.kind == NUMBER
    try:
        number = float(plain.rstrip("%") if share else plain)
    except ValueError:
        return text
    if share:
        number = float(f"{number / 100:.12g}")
    # Beyond 2**53 a float has no exact whole number, but any such number breaks the bounds anyway.
    return int(number) if field.kind == INTEGER and number.is_integer() else number


def parse_shape(text: str, field: Field) -> object:
    """Return what a person typed as a shape; the text itself if it is none."""
    plain = text.strip().strip("()[]").strip()
    if not plain:
        return None if field.optional else text
    parts = re.split(r"\s*[,;x×*]\s*|\s+", plain.rstrip(", "))
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else text


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
