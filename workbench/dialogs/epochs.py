"""The question for a number of epochs: where to stop, or how many more."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.theme import fonts, numbers
from workbench.theme.widgets import label

LOOK = 250  # milliseconds from one look at the least number to the next: while the dialog is open, epochs pass


class NumberEdit(QLineEdit):
    """A line for a number that tells of the Up (1) and Down (-1) keys."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Up else -1)
            event.accept()
        else:
            super().keyPressEvent(event)


class EpochsDialog(QDialog):
    """Asks for one whole number.

    Attributes:
        chosen: carries the number.

    Args:
        name: object name; that of the field is ``name.number``.
        title: what is asked.
        verb: what the button says.
        start: the number that is suggested.
        least: the epoch that is being learned, or else 1; it is asked for as long as the dialog is open.
        most: the upper bound.
    """

    chosen = Signal(int)

    def __init__(
        self,
        name: str,
        title: str,
        verb: str,
        start: int,
        least: Callable[[], int],
        most: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._ask_least, self._most = least, most
        self._least = least()
        self.number = NumberEdit(self)
        self.number.setObjectName(f"{name}.number")
        self.number.setAccessibleName(title)
        self.number.setToolTip(self.tr("Up and Down change the number"))
        self.number.setText(str(start))
        self.number.setFixedWidth(fonts.pixels(110))
        self.number.textChanged.connect(self._follow)
        self.number.stepped.connect(self._step)
        row = QHBoxLayout()
        row.addWidget(self.number)
        row.addStretch(1)
        self.hint = QLabel(self)
        self.hint.setObjectName(f"{name}.hint")
        self.hint.setProperty("role", "caption")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.accept_button = QPushButton(verb, self)
        self.accept_button.setObjectName(f"{name}.accept")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(title, "title", self))
        layout.addLayout(row)
        layout.addWidget(self.hint)
        layout.addWidget(buttons)
        self.number.selectAll()
        self.number.setFocus()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK)
        self._follow()

    def value(self) -> int | None:
        """Return the number, None where what stands there is none that can be taken."""
        number = self._typed()
        return number if number is not None and self._least <= number <= self._most else None

    def _typed(self) -> int | None:
        text = self.number.text().replace(",", "").strip()
        return int(text) if text.isdecimal() and len(text) < 9 else None

    @Slot()
    def _look(self) -> None:
        """Follow the training: an epoch that is over is no end any more."""
        least = self._ask_least()
        if least != self._least:
            self._least = least
            self._follow()

    @Slot()
    def _follow(self) -> None:
        number = self._typed()
        over = number is not None and 0 < number < self._least
        words = self.tr("A whole number from {least} to {most}")
        if over:
            words = self.tr("Epoch {number} is over: a whole number from {least} to {most}")
        counts = {name: numbers.count(n) for name, n in (("least", self._least), ("most", self._most))}
        self.hint.setText(words.format(number=numbers.count(number or 0), **counts))
        self._mark(wrong=self.value() is None)

    def _mark(self, *, wrong: bool) -> None:
        """Show whether what stands there can be taken, as the forms do."""
        self.accept_button.setEnabled(not wrong)
        if bool(self.number.property("wrong")) != wrong:
            self.number.setProperty("wrong", wrong)
            self.hint.setProperty("role", "wrong" if wrong else "caption")
            for widget in (self.number, self.hint):
                widget.style().polish(widget)

    @Slot(int)
    def _step(self, by: int) -> None:
        value = self.value()
        self.number.setText(str(min(self._most, max(self._least, (self._least if value is None else value) + by))))

    @Slot()
    def _choose(self) -> None:
        self._look()
        value = self.value()
        if value is not None:
            self.accept()
            self.chosen.emit(value)
