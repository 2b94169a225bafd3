"""The bar under the menus: the one coloured button, its quiet companions, and how far the training has come."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
)

from nncore.trace import Trace
from workbench.actions import Actions
from workbench.theme import current, fonts, icons, numbers
from workbench.theme.widgets import ProgressBar
from workbench.theme.widgets import label as make_label
from workbench.window.primary_button import PrimaryButton

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, None)
"""Steps per second that the slider offers, on a logarithmic scale; None is as fast as it goes."""
_EDGES = 48  # pixels at the ends of the bar, and between its groups
_BESIDE = 4  # pixels beside a number


@dataclass(frozen=True)
class Progress:
    """How far a training has come; epochs with fractions, seconds of work and not of pauses.

    Attributes:
        edited: it has ended, and network or data are others since.
    """

    epoch: float
    epochs: int
    seconds_left: float | None
    samples_per_second: float | None
    edited: bool = False


class TrainingBar(QToolBar):
    """Buttons of the training and its progress.

    Attributes:
        speed_changed: carries the steps per second that are wanted; None for no limit.
        problem_wanted: what keeps the network from being trained is to be shown.
        properties_wanted: the drawer with the properties is to be shown or hidden (small windows only).
    """

    speed_changed = Signal(object)
    problem_wanted = Signal()
    properties_wanted = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingBar")
        self.setWindowTitle(self.tr("Training"))
        self.setMovable(False)
        self.setFloatable(False)
        self._actions = actions
        self._row: QHBoxLayout | None = None
        self._measures = True  # whether there is progress to be seen, and not what to expect
        self.primary = PrimaryButton(self)
        self._set_up(self.primary, "trainAction", "primaryButton")
        self.primary.setProperty("primary", True)
        starts = (self.tr("&Train"), self.tr("&Continue"), self.tr("&Resume"))
        self.primary.words = (*starts, actions["pauseAction"].text())
        self.hint = QToolButton(self)
        self.hint.setObjectName("problemHint")
        self.hint.setProperty("link", "wrong")
        self._hint_name = self.tr("What keeps the network from being trained")
        self.hint.setAccessibleName(self._hint_name)
        self.hint.setToolTip(self.tr("Go to what does not fit"))
        self.hint.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hint.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hint.clicked.connect(self.problem_wanted)
        self.hint.hide()
        holder = QWidget(self)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.primary)
        layout.addWidget(self.hint)
        for name in ("stepAction", "epochAction", "stopAction", "resetAction"):
            layout.addWidget(self._button(name, name.replace("Action", "Button")))
        layout.addSpacing(12)
        self._add_speed(layout)
        layout.addStretch(1)
        self._add_progress(layout)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(holder)
        self._row = layout
        current().text_size_changed.connect(self._make_room)
        for name in ("trainAction", "pauseAction"):
            actions[name].changed.connect(self._tell_status)
        self.show_state("idle", continuing=False)
        self.show_progress(None)

    def _button(self, action: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("beside", True)
        self._set_up(button, action, name)
        return button

    def _set_up(self, button: QToolButton, action: str, name: str) -> None:
        button.setObjectName(name)
        button.setDefaultAction(self._actions[action])
        button.setAccessibleName(self._actions[action].text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(fonts.pixels(16), fonts.pixels(16)))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _add_speed(self, layout: QHBoxLayout) -> None:
        self.speed = QSlider(Qt.Orientation.Horizontal, self)
        self.speed.setObjectName("speedSlider")
        self.speed.setAccessibleName(self.tr("Speed of the training"))
        self.speed.setRange(0, len(SPEEDS) - 1)
        self.speed.setValue(len(SPEEDS) - 1)
        self.speed.setPageStep(1)
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after the mouse, Right makes a step as everywhere else
        self.speed.setFixedWidth(fonts.pixels(96))
        self.speed.valueChanged.connect(self._change_speed)
        # Behind the slider, so that the handle stays under the mouse whatever the words are.
        self._speed_label = _dim_label("speedLabel", self)
        self._speed_label.setBuddy(self.speed)
        layout.addWidget(self.speed)
        layout.addWidget(self._speed_label)
        self._change_speed(self.speed.value())

    def _add_progress(self, layout: QHBoxLayout) -> None:
        self.epoch_label = QLabel(self)
        self.epoch_label.setObjectName("epochLabel")
        self.bar = ProgressBar(self)
        self.bar.setObjectName("epochProgress")
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setMinimumWidth(fonts.pixels(64))
        self.bar.setMaximumWidth(fonts.pixels(230))
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.time_label = _dim_label("timeLabel", self)
        self.rate_label = _dim_label("rateLabel", self)
        for label in (self.time_label, self.rate_label):
            label.setContentsMargins(_BESIDE, 0, _BESIDE, 0)
        self.properties = QToolButton(self)
        self.properties.setObjectName("propertiesButton")
        self.properties.setText(self.tr("Properties"))
        self.properties.setAccessibleName(self.tr("Show the properties"))
        self.properties.setToolTip(self.tr("Show or hide the properties of layer, training and data"))
        icons.bind(self.properties, "properties")
        self.properties.clicked.connect(self.properties_wanted)
        self.properties.hide()
        layout.addWidget(self.epoch_label)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.time_label)
        layout.addWidget(self.rate_label)
        layout.addWidget(self.properties)

    def speed_words(self) -> str:
        """Return how fast the training may be."""
        speed = SPEEDS[self.speed.value()]
        if speed is None:
            return self.tr("as fast as it goes")
        return self.tr("1 step per second") if speed == 1 else self.tr("{n} steps per second").format(n=f"{speed:g}")

    def _change_speed(self, position: int) -> None:
        speed, words = SPEEDS[position], self.speed_words()
        if speed is None:
            self._speed_label.setText(self.tr("full speed"))
        else:
            slow = self.tr("1 step/s") if speed == 1 else self.tr("{n} steps/s")
            self._speed_label.setText(slow.format(n=numbers.count(speed)))
        self.speed.setToolTip(self.tr("Speed: {words} · Alt+Left slower, Alt+Right faster").format(words=words))
        self.speed.setAccessibleDescription(words)
        self._make_room()
        self.speed_changed.emit(speed)

    def show_state(self, state: str, *, continuing: bool) -> None:
        """Show what the coloured button does now: train, go on, or pause."""
        name = "pauseAction" if state == "running" else "trainAction"
        text = self.tr("&Resume") if state == "paused" else self.tr("&Continue") if continuing else self.tr("&Train")
        self._actions["trainAction"].setText(text)
        if self.primary.defaultAction() is not self._actions[name]:
            self.primary.removeAction(self.primary.defaultAction())
            self.primary.setDefaultAction(self._actions[name])
        self.primary.drawn = name.removesuffix("Action")
        self.primary.update()
        self.primary.setAccessibleName(self.primary.text().replace("&", ""))
        self._tell_status()

    def show_problems(self, found: Trace, *, readable: bool = True, batch_fits: bool = True) -> None:
        """Say beside the button what keeps the network from being trained.

        Args:
            found: what the engine says of the network.
            readable: whether the data could be read, if anything is wrong with them.
            batch_fits: whether there are as many samples as a batch has.
        """
        layers = sum(row.problem is not None for row in found.rows)
        if found.input_problem is not None:
            text = self.tr("The data do not fit yet") if readable else self.tr("The data cannot be read")
        elif layers == 1:
            text = self.tr("1 layer does not fit yet")
        elif layers:
            text = self.tr("{count} layers do not fit yet").format(count=numbers.count(layers))
        elif found.loss_problem is None:
            text = "" if batch_fits else self.tr("The batch is too large")
        elif not found.rows:
            text = self.tr("No layers yet")
        elif all(row.disabled for row in found.rows):
            text = self.tr("All layers are disabled")
        else:
            text = self.tr("The loss does not fit yet")
        if text == self.hint.text():
            return
        self.hint.setText(text)
        self.hint.setAccessibleName(text or self._hint_name)
        self.hint.setVisible(bool(text))
        self._make_room()
        self._tell_status()

    @Slot()
    def _tell_status(self) -> None:
        """Have the status bar say what the coloured button does now, also while the mouse stays on it."""
        # Qt takes the action's words each time, whether it can be used or not.
        tip = self.primary.defaultAction().statusTip() if self.primary.isEnabled() else self.hint.text()
        if tip != self.primary.statusTip():
            self.primary.setStatusTip(tip)
        if self.primary.underMouse():
            QApplication.sendEvent(self.primary, QStatusTipEvent(tip))

    def show_progress(self, progress: Progress | None, facts: str = "", per_epoch: str = "") -> None:
        """Show how far it has come.

        Args:
            progress: None before the first training.
            facts: what is known then of its cost; empty where nothing can be said.
            per_epoch: how long an epoch will take, or that it is being measured; empty where nothing can be said.
        """
        if progress is None:
            tip = self.tr("What to expect on this computer: {words}")
            expected = " · ".join(words for words in (facts, per_epoch) if words)
            self._show_words(self.tr("not trained"), facts, per_epoch, tip.format(words=expected) if facts else "")
            self._fill(0)
            return
        # At the end of an epoch it is still that epoch, and not the next one, that was learned.
        shown = min(progress.epochs, numbers.epoch(progress.epoch))
        words = self.tr("Epoch {epoch} of {epochs}")
        epoch = words.format(epoch=numbers.count(shown), epochs=numbers.count(progress.epochs))
        left = progress.seconds_left
        words = "" if left is None else self.tr("{time} left").format(time=numbers.duration(left))
        if progress.edited:
            words = self.tr("edited since the training")
        self._show_words(epoch, words, numbers.rate(progress.samples_per_second), measures=True)
        self._fill(round(1000 * progress.epoch / max(1, progress.epochs)))

    def _show_words(self, epoch: str, time: str, rate: str, expected: str = "", *, measures: bool = False) -> None:
        """Show the words of the progress, if it ``measures`` one, or else what is ``expected``, as tooltips say."""
        shown = {self.epoch_label: epoch, self.time_label: time, self.rate_label: rate}
        if all(label.text() == words for label, words in shown.items()) and self._measures == measures:
            return  # to find room for the same words takes a part of every edit's time
        self._measures = measures
        least = self.rate_label.fontMetrics().horizontalAdvance(self.tr("~0.00 s per epoch")) + 2 * _BESIDE
        self.rate_label.setMinimumWidth(least if expected and rate else 0)
        for label, words in shown.items():
            label.setText(words)
            label.setToolTip(expected)
        self._make_room()

    def _fill(self, thousandths: int) -> None:
        """Move the progress bar: with the next painting, while Qt's own way is to paint the whole window at once."""
        self.bar.setUpdatesEnabled(False)
        self.bar.setValue(thousandths)
        self.bar.setUpdatesEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """Leave out what would push the buttons over each other, the least important first."""
        row = self._row
        if row is None:
            return  # still being made
        slowed = SPEEDS[self.speed.value()] is not None
        wishes: dict[QWidget, bool] = {self.speed: True, self._speed_label: True, self.bar: self._measures}
        numbers_wanted = (self.time_label, self.rate_label) if self._measures else (self.rate_label, self.time_label)
        wishes.update({label: bool(label.text()) or label.minimumWidth() > 0 for label in numbers_wanted})
        found = (row.itemAt(place) for place in range(row.count()))
        others = [item for item in found if item is not None and not item.isEmpty() and item.widget() not in wishes]
        room = self.width() - _EDGES - sum(item.minimumSize().width() + row.spacing() for item in others)
        for widget, wanted in wishes.items():
            hint = widget.minimumSizeHint() if widget is self.bar else widget.sizeHint()
            needed = max(hint.width(), widget.minimumWidth()) + row.spacing()
            # What slows the training down is never hidden; where one has no room, those after it are left out, too.
            shown = wanted and (needed <= room or (slowed and widget is self.speed))
            room -= needed if wanted else 0
            if widget.isHidden() == shown:
                widget.setVisible(shown)

    def set_compact(self, compact: bool) -> None:
        """Leave out what a small window has no room for."""
        self.properties.setVisible(compact)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if compact else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for name in ("stepButton", "epochButton", "stopButton", "resetButton", "propertiesButton"):
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setToolButtonStyle(style)
                button.setProperty("beside", not compact)
                button.style().polish(button)
        self._make_room()


def _dim_label(name: str, parent: QWidget) -> QLabel:
    made = make_label("", "dim", parent)
    made.setObjectName(name)
    return made
