"""The end of a window: everything that is to be written is written first.

Invariant: what was learned is let go of only when it lies in a file, or when the person knows that it does not and
closes the window once more. A window that closes holds nobody up for longer than a second.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from nncore.project import Project
from nncore.snapshot import Checkpoint
from workbench.document import Document
from workbench.life.last_training import LastTraining
from workbench.training.controller import TrainingController

SMALL = 5_000_000  # parameters that are written within a second, for which a window that closes just waits
_MOMENT = 40  # milliseconds that the window may wait for others

Wait = Callable[[int | None], bool]


class Closing(QObject):
    """Sees to the end of one window.

    Args:
        last: keeps what was learned.
        writers: each waits until it has nothing to write, or for so many milliseconds; returns whether it has nothing.

    Attributes:
        message: carries (sentence, remedy, whether it is an error).
        urgent: the system ends the program: nobody is asked, and whatever fails, the window goes.
    """

    message = Signal(str, str, bool)

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        last: LastTraining,
        writers: tuple[Wait, ...],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document, self._controller, self._last, self._window = document, controller, last, window
        self._writers = writers
        self._given_up: Checkpoint | None = None  # it cannot be kept, and the person knows
        self._waiting: tuple[Callable[[], None], Project] | None = None
        self._failed = False
        self.urgent = False
        last.written.connect(self._take_kept)

    @property
    def patience(self) -> int | None:
        """For how many milliseconds the window may wait for a file; None for as long as it takes."""
        snapshot = self._controller.snapshot
        return None if self.urgent or snapshot is None or snapshot.parameters.size <= SMALL else _MOMENT

    def keep_result(self) -> bool:
        """Keep what was learned but not saved in a file of the program's own; return whether there is anything."""
        checkpoint = self._controller.checkpoint
        if checkpoint is not None and checkpoint is self._given_up:
            return False
        return self._last.keep(self._controller.started_project, checkpoint)

    def finish(self, then: Callable[[], None]) -> bool:
        """Write all that is to be written; return whether the window may go.

        Otherwise it stays: until a large file is written, when ``then`` is called, or until the person has seen that
        something could not be written, and closes the window once more.
        """
        self._waiting, self._failed = None, False
        for wait in self._writers:
            if not wait(self.patience):
                return self._wait(then)
        if self._failed and not self.urgent:
            return False
        asked = self.keep_result()
        if not self._last.wait(self.patience):
            return self._wait(then)
        return self.urgent or not asked or self._last.error is None or self._tell_of_loss()

    def fail(self) -> None:
        """Something could not be written: the window stays, so that the person sees it."""
        self._waiting, self._failed = None, True

    @Slot()
    def go_on(self) -> None:
        """Something was written: close a window that waits for it; what was edited since is asked about."""
        if self._waiting is not None:
            (then, before), self._waiting = self._waiting, None
            if self._document.project is before:
                then()
            else:
                self._window.close()

    def _wait(self, then: Callable[[], None]) -> bool:
        self._waiting = then, self._document.project
        self.message.emit(self.tr("The window closes as soon as everything is written."), "", False)
        return False

    def _tell_of_loss(self) -> bool:
        self._given_up = self._controller.checkpoint
        if self._last.error is not None:
            remedy = self.tr("Save the project elsewhere, or close the window again to give up what was learned.")
            self.message.emit(self._last.error.sentence, remedy, True)
        return False

    @Slot()
    def _take_kept(self) -> None:
        error = self._last.error
        if error is None:
            self.go_on()
        elif self._waiting is not None:
            self._waiting = None
            self._tell_of_loss()
        else:
            self.message.emit(error.sentence, error.remedy, True)
