"""Writes what was learned in the formats of other programs, in the background.

Invariant: the person is told that a file is written only when it was loaded back and compared.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from nncore.export import export
from workbench.dialogs.export import ExportDialog
from workbench.document import Document
from workbench.training.background import Background, begin
from workbench.training.controller import TrainingController


class Exporting(QObject):
    """Exports for one window.

    Args:
        folder: returns where files of this project belong.

    Attributes:
        message: carries (sentence, remedy, whether it is an error).
        ended: a file was written, or could not be.
    """

    message = Signal(str, str, bool)
    ended = Signal()

    def __init__(
        self, document: Document, controller: TrainingController, folder: Callable[[], Path], window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._controller, self._folder, self._window = document, controller, folder, window
        self._dialog: ExportDialog | None = None
        self._work: Background | None = None

    def ask(self) -> None:
        """Show the export dialog; without anything learned, say so."""
        if self._controller.snapshot is None:
            self.message.emit(self.tr("Nothing has been learned yet."), self.tr("Press Train first."), True)
            return
        self._dialog = ExportDialog(self._folder(), self._document.title, self._window)
        self._dialog.chosen.connect(self.write)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()

    @Slot(str, object)
    def write(self, name: str, path: object) -> None:
        """Write the newest weights in a format, load them back and compare."""
        snapshot = self._controller.snapshot
        if not isinstance(path, Path) or snapshot is None:
            return
        if self._work is not None:
            if self._dialog is not None:
                self._dialog.show_error(self.tr("Another file is being written. Try again in a moment."))
            return
        self._path = path
        self._work = begin(functools.partial(export, snapshot, name, path), "export", self._take, self)

    def wait(self, milliseconds: int | None = None) -> bool:
        """Wait until nothing is being written, or for so long; return whether nothing is."""
        work = self._work
        if work is not None and (work.wait() if milliseconds is None else work.wait(milliseconds)):
            self._take()
        return self._work is None

    @Slot()
    def _take(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        if work.error is None:
            if self._dialog is not None:
                self._dialog.accept()
            words = self.tr("Exported {path}: written, loaded back and compared.")
            self.message.emit(words.format(path=self._path), "", False)
        elif self._dialog is not None:
            self._dialog.show_error(str(work.error))
        else:
            self.message.emit(work.error.sentence, work.error.remedy, True)
        self.ended.emit()

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None
