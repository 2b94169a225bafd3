"""Editors for fields of several numbers: shapes, pairs, the four sides of a picture, ranges, lists."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from nncore.fields import Field
from workbench.forms.controls import ValueEdit
from workbench.forms.editors import TextEditor
from workbench.forms.field_editor import FieldEditor
from workbench.forms.parsing import parse_number, parse_numbers, parse_pair, parse_range, parse_shape
from workbench.theme import fonts, numbers
from workbench.theme.widgets import label

_RANGE_STEP = 0.05


class ShapeEditor(TextEditor):
    """A line of whole numbers: ``28 × 28``, or ``1, 2`` where they are no sizes; other signs are welcome too."""

    def _show(self, value: object) -> None:
        sizes = value if isinstance(value, tuple) else ()
        if self.field.rule.wildcard:  # only a shape may leave one of its sizes open
            shown = " × ".join(numbers.exact(size) for size in sizes)
            self._edit.show_text(shown, shown.replace(",", ""))
        else:
            self._edit.show_text(", ".join(str(size) for size in sizes))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_shape(text, self.field))


class PairEditor(TextEditor):
    """A line for height and width: ``3 × 3``; typing ``3`` sets both, and so do the arrow keys."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._edit.stepped.connect(self._step)

    def _show(self, value: object) -> None:
        self._edit.show_text("" if value is None else numbers.setting(value, self.field.kind))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_pair(text, self.field))

    @Slot(int)
    def _step(self, direction: int) -> None:
        if isinstance(self.value, tuple):
            self._step_to(tuple(size + direction for size in self.value))

    def _step_to(self, value: tuple[float, ...]) -> None:
        if self.allows(value):
            self.propose(value)


class RangeEditor(PairEditor):
    """A line from one number to another: ``-0.1 to 0.2``; typing ``0.1`` means ``± 0.1``."""

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_range(text, self.field))

    @Slot(int)
    def _step(self, direction: int) -> None:
        if not isinstance(self.value, tuple):
            return
        low, high = self.value
        wider = (low - direction * _RANGE_STEP, high + direction * _RANGE_STEP)
        self._step_to(tuple(float(f"{edge:.10g}") for edge in wider))


class NumbersEditor(PairEditor):
    """A line of numbers: ``1, 0.1, 0.01``."""

    @Slot(str)
    def _type(self, text: str) -> None:
        self.propose(parse_numbers(text, self.field))

    @Slot(int)
    def _step(self, direction: int) -> None:
        """A list of numbers has no next one."""


class SidesEditor(FieldEditor):
    """Four small lines for what lies above, below, left and right of a picture."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        self._edits: list[ValueEdit] = []
        for number, (side, word) in enumerate(_sides()):
            edit = ValueEdit()
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setMinimumWidth(fonts.pixels(30))
            # The first one stands for the field as a whole.
            self._name(edit, f".{side}" if number else "", self.tr("{field}: {side}"), word)
            edit.submitted.connect(self._type)
            edit.stepped.connect(self._step)
            row, column = divmod(number, 2)
            grid.addWidget(label(word, "small"), row, 2 * column)
            grid.addWidget(edit, row, 2 * column + 1)
            self._edits.append(edit)
        self._row.addLayout(grid)

    def _set_wrong(self, message: str) -> None:
        super()._set_wrong(message)
        for edit in self._edits:
            size = parse_number(edit.text(), self.field)
            edit.setProperty("wrong", bool(message) and not self.allows(((size, size), (size, size))))
            edit.style().polish(edit)

    def _name(self, edit: ValueEdit, suffix: str, words: str, side: str) -> None:
        self._adopt(edit, suffix)
        self._row.removeWidget(edit)
        edit.setAccessibleName(words.format(field=self.field.label, side=side))

    def _show(self, value: object) -> None:
        sizes = [size for pair in value for size in pair] if isinstance(value, tuple) else [""] * 4
        for edit, size in zip(self._edits, sizes, strict=True):
            edit.show_text(str(size))

    @Slot(str)
    def _type(self, text: str) -> None:
        top, bottom, left, right = (parse_number(edit.text(), self.field) for edit in self._edits)
        self.propose(((top, bottom), (left, right)))

    @Slot(int)
    def _step(self, direction: int) -> None:
        edit = self.sender()
        if not isinstance(edit, ValueEdit) or not isinstance(self.value, tuple):
            return
        sizes = [size for pair in self.value for size in pair]
        sizes[self._edits.index(edit)] += direction
        top, bottom, left, right = sizes
        if self.allows(((top, bottom), (left, right))):
            self.propose(((top, bottom), (left, right)))


def _sides() -> tuple[tuple[str, str], ...]:
    """Return (name, word) in the order of the field's value."""
    words = [QCoreApplication.translate("SidesEditor", side) for side in ("top", "bottom", "left", "right")]
    return tuple(zip(("top", "bottom", "left", "right"), words, strict=True))
