"""What steers a training, with what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from nncore.events import FinishEpoch, Request, StepOnce
from nncore.training.inbox import Inbox
from tests.workbench.random_user.chance import between, one_of, yes_or_no
from tests.workbench.random_user.desk import Desk, action
from tests.workbench.random_user.hands import wait
from workbench.dialogs.epochs import EpochsDialog
from workbench.training.controller import IDLE, PAUSED, RUNNING, TrainingController


@contextmanager
def asked() -> Iterator[list[type]]:
    """Note the kinds of what is asked of a training: of two quick requests for a step it may well make one step."""
    kinds: list[type] = []
    put = Inbox.put

    def note(inbox: Inbox, request: Request) -> None:
        kinds.append(type(request))
        put(inbox, request)

    Inbox.put = note  # type: ignore[method-assign]  # put back below
    try:
        yield kinds
    finally:
        Inbox.put = put  # type: ignore[method-assign]  # the original again


class TrainingRules:
    """Mixed into the random person."""

    desk: Desk

    @property
    def controller(self) -> TrainingController:
        """The state machine."""
        return self.desk.window.controller

    def steps(self) -> int:
        """Return how many steps the training has made that would go on, or goes on."""
        controller = self.controller
        if controller.busy and controller.session is not None:
            return controller.session.step
        going_on = controller.checkpoint is not None and controller.can_continue()
        return controller.checkpoint.snapshot.step if going_on and controller.checkpoint is not None else 0

    @action(weight=4, patience=between(0, 20), mends=between(0, 4))
    def make_it_learn(self, patience: int, mends: int) -> None:
        """Mend what is wrong, or take changes back until nothing is, and train."""
        self.learn(patience, mends)

    def learn(self, patience: int = 5, mends: int = 2) -> None:
        """Have a training under way, by all that a person would try."""
        desk, stack = self.desk, self.desk.document.stack
        desk.shown_list.setFocus()
        for _ in range(mends if desk.document.trace.problems else 0):
            QTest.keyClick(desk.shown_list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        while desk.document.trace.problems and stack.canUndo():
            desk.timeline.go(stack.undo, stack.index() - 1)
            desk.did("undo")
            desk.wait_for_data()
        if desk.document.trace.problems:
            stack.setClean()
            desk.window.open_project("xor")
            desk.wait_for_data()
        self.press_train(by_key=False, patience=patience)

    @action(by_key=yes_or_no, patience=between(0, 20))
    def train(self, by_key: bool, patience: int) -> None:
        """Start, or go on after a pause."""
        self.press_train(by_key=by_key, patience=patience)

    def press_train(self, *, by_key: bool, patience: int) -> None:
        """Start or go on, if that is possible."""
        state = self.controller.state
        if not self.desk.window.actions_by_name["trainAction"].isEnabled():
            return
        if by_key:
            QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Space)
        else:
            self.desk.trigger("trainAction")
        assert self.controller.state == RUNNING or self.controller.loading
        wait(1 + patience)
        self.desk.did("train" if state == IDLE else "resume")

    @action(weight=3, by_key=yes_or_no)
    def pause(self, by_key: bool) -> None:
        """Wait before the next step; nothing is learned then."""
        if self.controller.state != RUNNING:
            self.learn()
        if self.controller.state != RUNNING:
            return
        if by_key:
            QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Space)
        else:
            self.desk.trigger("pauseAction")
        self.desk.until(lambda: self.controller.state in (PAUSED, IDLE))
        steps = self.steps()
        wait(5)
        assert self.steps() == steps
        self.desk.did("pause" if self.controller.state == PAUSED else "end")

    @action(weight=4, by_key=yes_or_no, epoch=between(0, 3))
    def step(self, by_key: bool, epoch: int) -> None:
        """Learn one batch or to the end of the epoch, then wait."""
        name = "stepAction" if epoch else "epochAction"
        if not self.desk.window.actions_by_name[name].isEnabled():
            return
        self.desk.wait_for_data()
        before = self.steps()
        self.desk.errors.clear()
        if not self.desk.window.actions_by_name[name].isEnabled():
            return
        with asked() as kinds:
            if by_key:
                shift = Qt.KeyboardModifier.NoModifier if epoch else Qt.KeyboardModifier.ShiftModifier
                QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Right, shift)
            else:
                self.desk.trigger(name)
            self.desk.until(lambda: self.controller.state in (PAUSED, IDLE))
            wait(5)  # a step too many would be made by then
        session = self.controller.session
        if self.desk.errors or session is None:
            assert self.controller.state == IDLE
            self.desk.did("start refused")
            return
        made = session.step - before
        assert kinds.count(StepOnce) + kinds.count(FinishEpoch) == 1, f"asked for {kinds}"
        if epoch:
            assert made == 1 or (made == 0 and self.controller.state == IDLE), f"{made} steps from step {before}"
        else:
            assert session.epoch == int(session.epoch), f"the epoch was left at {session.epoch}"
        self.desk.did("step" if epoch else "epoch")

    @action(lambda self: self.controller.busy, weight=4, patient=yes_or_no)
    def stop(self, patient: bool) -> None:
        """End the training; what was learned is kept."""
        if not self.desk.trigger("stopAction"):
            return
        if patient:
            self.desk.until(lambda: self.controller.state == IDLE)
            assert self.controller.checkpoint is not None or self.desk.errors
        self.desk.did("stop")

    @action()
    def reset(self) -> None:
        """Forget what was learned."""
        if self.desk.trigger("resetAction"):
            self.desk.until(lambda: self.controller.state == IDLE)
            assert self.controller.checkpoint is None
            self.desk.did("reset")

    @action(more=yes_or_no, epochs=between(1, 60), take=yes_or_no)
    def ask_for_epochs(self, more: bool, epochs: int, take: bool) -> None:
        """Say in a dialog where the training stops, or how long it goes on."""
        if not self.desk.trigger("moreAction" if more else "stopAtAction"):
            return
        (dialog,) = self.desk.dialogs()
        assert isinstance(dialog, EpochsDialog)
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, str(epochs))
        QTest.keyClick(dialog, Qt.Key.Key_Return if take else Qt.Key.Key_Escape)
        if dialog.isVisible():
            dialog.reject()
            take = False
        self.desk.did("stop at epoch" if take else "dialog given up")

    @action()
    def new_seed(self) -> None:
        """Ask for other first weights."""
        seed = self.desk.project.training.seed
        self.desk.trigger("newSeedAction")
        assert self.desk.project.training.seed != seed
        self.desk.did("new seed")

    @action(milliseconds=between(1, 30))
    def wait(self, milliseconds: int) -> None:
        """Look on for a moment."""
        wait(milliseconds)
        self.desk.did("wait")

    @action(name=one_of("slowerAction", "fasterAction", "fasterAction"))
    def change_speed(self, name: str) -> None:
        """Learn fewer or more steps per second."""
        self.desk.trigger(name)
        self.desk.did("speed")
