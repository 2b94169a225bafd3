"""Asks about what is not saved before something takes its place: edits, and what a project with a file has learned.

Invariant: what was to happen happens when all is saved or given up, once, and never after the person has changed
their mind.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.dialogs.question_box import QuestionBox
from workbench.document import Document
from workbench.training.controller import IDLE, TrainingController


class Unsaved(QObject):
    """Asks for one window.

    Args:
        save: has the document saved; ``go_on`` is to be called when it is, ``forget`` when it will not be.

    Attributes:
        settled: what was to happen has happened, or was given up.
        learned: tells whether the project has a file, and what was learned is not in it.
    """

    settled = Signal()

    def __init__(
        self, document: Document, controller: TrainingController, save: Callable[[], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._controller, self._save, self._window = document, controller, save, window
        self._question: QMessageBox | None = None
        self._then: Callable[[], None] | None = None
        self.learned: Callable[[], bool] = bool

    @property
    def any(self) -> bool:
        """Whether anything is to be asked about."""
        return not self._document.clean or self.learned()

    @property
    def undecided(self) -> bool:
        """Whether something is still to happen when the person has decided, or what they want saved is saved."""
        return self._then is not None

    def ask(self, then: Callable[[], None]) -> None:
        """Call ``then`` at once when all is saved, or else when the person has decided.

        A question that is open already is that of the newest wish: what was asked about before does not happen.
        """
        if not self.any:
            then()
            return
        self._then = then
        if self._question is not None:
            self._question.activateWindow()
            return
        if self._document.clean:
            words = self.tr('Save what "{name}" has learned since it was saved?')
            more = self.tr("Otherwise File > Unsaved work keeps it for a while.")
        else:
            words, more = self.tr('Save the changes to "{name}"?'), self.tr("Otherwise they are lost.")
            if self._controller.state != IDLE:
                kept = self.tr("The training stops, and File > Unsaved work keeps what it has learned for a while.")
                more = f"{more} {kept}"
        words = words.format(name=self._document.title)
        box = QuestionBox("unsavedQuestion", self.tr("Unsaved changes"), words, more, "save", "accent", self._window)
        button = QMessageBox.StandardButton
        box.offer(button.Save | button.Discard | button.Cancel, button.Save)
        box.button(button.Discard).setText(self.tr("&Don't save"))
        box.finished.connect(self._take_decision)
        self._question = box
        box.open()

    @Slot(int)
    def _take_decision(self, result: int) -> None:
        self._drop_question()
        if result == QMessageBox.StandardButton.Save:
            self._save()
        elif result == QMessageBox.StandardButton.Discard:
            # The edits are lost only if what follows succeeds: a file that cannot be opened must not cost them.
            self._do()
        else:
            self.forget()

    def go_on(self) -> None:
        """Do what saving was for; edits made while the file was written are asked about again.

        What a training that goes on has learned since is not: it would never come to an end.
        """
        if self._then is not None and not self._document.clean:
            self.ask(self._then)
        else:
            self._drop_question()  # one that was asked while the file was written
            self._do()

    def _drop_question(self) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.hide()
            box.deleteLater()

    def _do(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()
        self.settled.emit()

    def close(self) -> None:
        """Take back what is asked, and what was to happen: the window is about to be gone."""
        self._drop_question()
        self.forget()

    @Slot()
    def forget(self) -> None:
        """Nothing was saved, so what saving was for does not happen, now or after a later save.

        A question that is open was asked since, and still stands.
        """
        if self._question is None:
            self._then = None
            self.settled.emit()
