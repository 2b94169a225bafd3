"""Asks about edits that are not saved before something takes their place.

Invariant: what was to happen happens when the edits are saved or given up, once, and never after the person has changed
their mind.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.dialogs.question_box import QuestionBox
from workbench.document import Document


class Unsaved(QObject):
    """Asks for one window.

    Args:
        save: has the document saved; ``go_on`` is to be called when it is, ``forget`` when it will not be.
    """

    def __init__(self, document: Document, save: Callable[[], None], window: QWidget) -> None:
        super().__init__(window)
        self._document, self._save, self._window = document, save, window
        self._question: QMessageBox | None = None
        self._then: Callable[[], None] | None = None

    def ask(self, then: Callable[[], None]) -> None:
        """Call ``then`` at once when all edits are saved, or else when the person has decided."""
        if self._document.clean:
            then()
            return
        if self._question is not None:
            self._question.activateWindow()
            return
        self._then = then
        words = self.tr('Save the changes to "{name}"?').format(name=self._document.project.name)
        more = self.tr("Otherwise they are lost.")
        box = QuestionBox("unsavedQuestion", self.tr("Unsaved changes"), words, more, "save", "accent", self._window)
        button = QMessageBox.StandardButton
        box.offer(button.Save | button.Discard | button.Cancel, button.Save)
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
        """Do what saving was for; edits made while the file was written are asked about again."""
        then, self._then = self._then, None
        if then is not None:
            self.ask(then)

    @Slot()
    def forget(self) -> None:
        """Nothing was saved, so what saving was for does not happen, now or after a later save."""
        self._then = None
