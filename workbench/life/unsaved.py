"""Asks about what is not saved before something takes its place: edits, and what a project with a file has learned.

Invariant: what was to happen happens when all is saved or given up, once, and never after the person has changed
their mind.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.dialogs.question_box import QuestionBox
from workbench.document import Document
from workbench.training.controller import IDLE, TrainingController


class Unsaved(QObject):
    """Asks for one window.

    Args:
        save: has the document saved; ``go_on`` is to be called when it is, ``forget`` when it will not be.

    Attributes:
        learned: tells whether the project has a file, and what was learned is not in it.
    """

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

    def ask(self, then: Callable[[], None]) -> None:
        """Call ``then`` at once when all is saved, or else when the person has decided."""
        if not self.any:
            then()
            return
        if self._question is not None:
            self._question.activateWindow()
            return
        self._then = then
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
        box, self._question = self._question, None
        if box is not None:
            box.deleteLater()
        if result == QMessageBox.StandardButton.Save:
            self._save()
        elif result == QMessageBox.StandardButton.Discard:
            # The edits are lost only if what follows succeeds: a file that cannot be opened must not cost them.
            then, self._then = self._then, None
            if then is not None:
                then()
        else:
            self.forget()

    def go_on(self) -> None:
        """Do what saving was for; edits made while the file was written are asked about again.

        What a training that goes on has learned since is not: it would never come to an end.
        """
        then, self._then = self._then, None
        if then is not None and self._document.clean:
            then()
        elif then is not None:
            self.ask(then)

    @Slot()
    def forget(self) -> None:
        """Nothing was saved, so what saving was for does not happen, now or after a later save."""
        self._then = None
