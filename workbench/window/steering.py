"""The commands that steer a training but for its buttons: where it stops, how long it goes on, and how fast it is."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from nncore.project import TrainingSettings
from workbench.actions import Actions
from workbench.dialogs.epochs import EpochsDialog
from workbench.training.controller import IDLE, PAUSED, RUNNING, TrainingController
from workbench.window.training_bar import SPEEDS, TrainingBar

MORE = 10  # epochs that are suggested


class Steering(QObject):
    """Connects actions of the menu Train with controller and bar.

    Attributes:
        message: carries (sentence, remedy, whether it is an error) for the person.
    """

    message = Signal(str, str, bool)

    def __init__(self, controller: TrainingController, actions: Actions, bar: TrainingBar, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._actions, self._bar, self._window = controller, actions, bar, window
        actions["stopAtAction"].triggered.connect(self.ask_where_to_stop)
        actions["moreAction"].triggered.connect(self.ask_for_more)
        actions["slowerAction"].triggered.connect(self.slower)
        actions["fasterAction"].triggered.connect(self.faster)
        controller.state_changed.connect(self._enable)
        controller.result_changed.connect(self._enable)
        controller.data_changed.connect(self._enable)
        controller.document.trace_changed.connect(self._enable)
        controller.document.project_changed.connect(self._enable)
        self._enable()

    @Slot()
    def ask_where_to_stop(self) -> None:
        """Ask for the epoch after which the training ends; it acts at once on one that is under way."""
        controller = self._controller
        busy = controller.state in (RUNNING, PAUSED) and controller.session is not None
        start = controller.target_epochs if busy else controller.document.project.training.epochs
        title, verb, least = self.tr("Stop at epoch"), self.tr("Set"), self._earliest_end
        dialog = EpochsDialog("stopAtDialog", title, verb, max(start, least()), least, _most(), self._window)
        dialog.chosen.connect(self._controller.stop_at_epoch)
        dialog.open()

    def _earliest_end(self) -> int:
        """Return the first epoch at which the training can still end."""
        session = self._controller.session
        busy = self._controller.state in (RUNNING, PAUSED)
        return int(session.epoch) + 1 if busy and session is not None else 1

    @Slot()
    def ask_for_more(self) -> None:
        """Ask for how many epochs a training that has ended goes on."""
        checkpoint = self._controller.checkpoint
        done = checkpoint.epoch if checkpoint is not None else 0
        title, verb = self.tr("Continue for more epochs"), self.tr("Continue")
        dialog = EpochsDialog("moreDialog", title, verb, MORE, _one, _most() - done, self._window)
        dialog.chosen.connect(self._controller.train_more)
        dialog.open()

    @Slot()
    def slower(self) -> None:
        """Learn fewer steps per second."""
        self._change_speed(-1)

    @Slot()
    def faster(self) -> None:
        """Learn more steps per second."""
        self._change_speed(1)

    def _change_speed(self, by: int) -> None:
        position = self._bar.speed.value() + by
        if by < 0 and SPEEDS[self._bar.speed.value()] is None:
            position = self._below_measured()
        self._bar.speed.setValue(position)
        self.message.emit(self.tr("Speed: {words}.").format(words=self._bar.speed_words()), "", False)

    def _below_measured(self) -> int:
        """Return the place of the fastest speed that the training, as fast as it has been, would notice."""
        history = self._controller.history
        seconds = 0.0 if history is None else history.seconds
        measured = len(history.step_loss) / seconds if history is not None and seconds > 0 else math.inf
        limits = [place for place, speed in enumerate(SPEEDS) if speed is not None and speed < measured]
        return limits[-1] if limits else 0

    @Slot()
    def _enable(self, _: object = None) -> None:
        controller = self._controller
        ready = not controller.document.trace.problems
        self._actions["stopAtAction"].setEnabled(ready or controller.busy)
        self._actions["moreAction"].setEnabled(controller.state == IDLE and ready and controller.can_continue())


def _one() -> int:
    return 1


def _most() -> int:
    return int(TrainingSettings.field("epochs").rule.le or 1)
