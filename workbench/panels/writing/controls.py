"""What a text is to begin with, how long it is to be, and how daring."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QSlider, QWidget

from workbench.forms.controls import QuietComboBox
from workbench.results import WriteRequest
from workbench.theme import fonts, icons, numbers

LOWEST, USUAL, HIGHEST = 1, 7, 20
"""Temperatures of the slider, in tenths."""
_LENGTHS, _USUAL_LENGTH = (100, 300, 1000, 2000), 300
_WIDE, _ROOMY = 530, 260
_LONGEST = 200


class WritingControls(QWidget):
    """A row of controls; where it is narrow, one row of what is written and one of how.

    Attributes:
        write_wanted: a text is to be written as ``request`` says.
        stop_wanted: the text under way is to end.
    """

    write_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("writingControls")
        self.start = QLineEdit(self)
        self.start.setObjectName("writingStart")
        self.start.setAccessibleName(self.tr("Begin the text with"))
        self.start.setPlaceholderText(self.tr("begin with …"))
        self.start.setToolTip(self.tr("The text goes on from these words; it may be empty"))
        self.start.setMaxLength(_LONGEST)
        self.start.setText(self.tr("Once "))
        self.start.setMinimumWidth(fonts.pixels(90))
        self.temperature = self._make_temperature()
        self._word = QLabel(self.tr("temperature"), self)
        self._word.setProperty("role", "dim")
        self._word.setBuddy(self.temperature)
        self._value = QLabel(self)
        self._value.setObjectName("temperatureValue")
        for label in (self._word, self._value):
            label.setToolTip(self.temperature.toolTip())
        self._value.setMinimumWidth(fonts.pixels(22))
        self.length = QuietComboBox(self)
        self.length.setObjectName("writingLength")
        self.length.setAccessibleName(self.tr("Length of the text"))
        self.length.setToolTip(self.tr("How much the network is to write"))
        # Not shown, for the box says it; on Linux a screen reader knows the name of a box only from its label.
        unseen = QLabel(self.length.accessibleName(), self)
        unseen.setBuddy(self.length)
        unseen.hide()
        self.set_unit(False)
        self.button = QPushButton(self)
        self.button.setObjectName("writeButton")
        self.button.clicked.connect(self._press)
        self.start.returnPressed.connect(self._write)
        self._busy, self._ready = False, False
        self._wide: bool | None = None
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(8)
        self._layout.setVerticalSpacing(4)
        self._show_temperature(self.temperature.value())
        self._name_button()
        self._place(True)

    def _make_temperature(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("temperatureSlider")
        slider.setAccessibleName(self.tr("Temperature"))
        slider.setToolTip(
            self.tr(
                "Low: the likeliest characters, again and again. 1: as the network has learned. High: daring, wild."
            )
        )
        slider.setRange(LOWEST, HIGHEST)
        slider.setPageStep(1)
        slider.setValue(USUAL)
        slider.setMinimumWidth(fonts.pixels(48))
        slider.valueChanged.connect(self._show_temperature)
        return slider

    def request(self) -> WriteRequest:
        """Return what is asked for now."""
        return WriteRequest(self.start.text(), int(self.length.currentData()), self.temperature.value() / 10)

    def set_unit(self, words: bool) -> None:
        """Say whether lengths are words, and not characters."""
        chosen = self.length.currentData() or _USUAL_LENGTH
        self.length.clear()
        for length in _LENGTHS:
            text = self.tr("{n} words") if words else self.tr("{n} characters")
            self.length.addItem(text.format(n=numbers.count(length)), length)
        self.length.setCurrentIndex(_LENGTHS.index(chosen))

    def set_state(self, *, ready: bool, busy: bool) -> None:
        """Say whether there is a network that can write, and whether it is writing what a person asked for."""
        if (ready, busy) != (self._ready, self._busy):
            self._ready, self._busy = ready, busy
            self._name_button()

    def _name_button(self) -> None:
        self.button.setEnabled(self._ready)
        self.button.setText(self.tr("Stop") if self._busy else self.tr("Write"))
        self.button.setAccessibleName(self.tr("Stop writing") if self._busy else self.tr("Write a text"))
        icons.bind(self.button, "stop" if self._busy else "write")
        waiting = self.tr("Train the network first; then it can write")
        self.button.setToolTip(self.button.accessibleName() if self._ready else waiting)

    @Slot()
    def _press(self) -> None:
        (self.stop_wanted if self._busy else self.write_wanted).emit()

    @Slot()
    def _write(self) -> None:
        if self._ready:
            self.write_wanted.emit()

    @Slot(int)
    def _show_temperature(self, tenths: int) -> None:
        self._value.setText(f"{tenths / 10:.1f}")
        self.temperature.setAccessibleDescription(self._value.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.width() >= fonts.pixels(_WIDE))
        self._word.setVisible(self.width() >= fonts.pixels(_ROOMY))

    def _place(self, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        self.length.setMinimumContentsLength(13 if wide else 5)
        one_row: dict[QWidget, tuple[int, ...]] = {
            self.start: (0, 0),
            self._word: (0, 1),
            self.temperature: (0, 2),
            self._value: (0, 3),
            self.length: (0, 4),
            self.button: (0, 5),
        }
        two_rows: dict[QWidget, tuple[int, ...]] = {
            self.start: (0, 0, 1, 2),
            self.length: (0, 2, 1, 2),
            self._word: (1, 0),
            self.temperature: (1, 1),
            self._value: (1, 2),
            self.button: (1, 3),
        }
        for widget, place in (one_row if wide else two_rows).items():
            self._layout.addWidget(widget, *place)
        order = (self.start, self.temperature, self.length) if wide else (self.start, self.length, self.temperature)
        for before, after in itertools.pairwise((*order, self.button)):
            QWidget.setTabOrder(before, after)
        for column in range(len(one_row)):
            self._layout.setColumnStretch(column, {0: 3, 2: 2, 4: 2}.get(column, 0) if wide else int(column == 1))
