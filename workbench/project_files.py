"""New, open, save, export: everything that has to do with files, without ever blocking the window.

Invariant: a file is written in the background, atomically, and the document counts as saved only when that went well.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nncore.errors import InputError
from nncore.export import export
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from nncore.project_file import Loaded, load_file, load_project, save_project
from nncore.snapshot import Checkpoint
from workbench.dialogs.export import ExportDialog
from workbench.document import Document
from workbench.training.background import Background
from workbench.training.controller import TrainingController

FILTER = "Workbench (*.nnw)"
LARGEST_SAVED_ON_CLOSE = 5_000_000  # parameters; more would take longer than a window may take to close


class ProjectFiles(QObject):
    """Reads and writes project files for one window.

    Attributes:
        opened: another project is in the document. saved: carries the path that was written.
        message: carries (sentence, remedy, whether it is an error).
    """

    opened = Signal()
    saved = Signal(object)
    message = Signal(str, str, bool)

    def __init__(self, document: Document, controller: TrainingController, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._controller, self._window = document, controller, window
        self._work: Background | None = None
        self._dialog: QFileDialog | None = None
        self._question: QMessageBox | None = None
        self._export_dialog: ExportDialog | None = None
        self._then: Callable[[], None] | None = None
        self._queued: Path | None = None
        self.origin: Path | None = None  # the file that a restored project came from
        self._kept: Checkpoint | None = None  # what was learned and lies in a file already

    # --- New and open ---

    def new(self) -> None:
        """Start with an empty list of layers on the present data, after asking about unsaved changes."""
        self.ask_to_save(self._new)

    def _new(self) -> None:
        old = self._document.project
        shape = self._document.data_shape or old.network.input_shape
        project = Project(self.tr("untitled"), Network(shape), old.data, TrainingSettings(loss=old.training.loss))
        self.show(Loaded(project.replace(training=project.training.replace(metric=old.training.metric)), None), None)

    def open(self, name_or_path: str) -> None:
        """Open a preset or a file after asking about unsaved changes."""
        self.ask_to_save(functools.partial(self._open_and_tell, name_or_path))

    def _open_and_tell(self, name_or_path: str) -> None:
        try:
            self.open_now(name_or_path)
        except InputError as error:
            self.message.emit(error.sentence, error.remedy, True)

    def open_now(self, name_or_path: str) -> None:
        """Open a preset or a file; raise ``InputError``, with the open project untouched, when that is impossible."""
        loaded = load_project(name_or_path)
        path = Path(name_or_path)
        self.show(loaded, path if path.suffix.lower() == ".nnw" and path.is_file() else None)

    def show(self, loaded: Loaded, path: Path | None) -> None:
        """Put another project into the document."""
        self._controller.stop_and_wait()
        self.keep_result()
        self.origin = path
        self._document.open(loaded.project, path)
        self._controller.restore(loaded.checkpoint)
        self._kept = loaded.checkpoint
        self.opened.emit()
        self._controller.load_data()

    def ask_open(self) -> None:
        """Show the dialog that chooses a file to open."""
        self._dialog = QFileDialog(self._window, self.tr("Open"), str(self._folder()), FILTER)
        self._dialog.setObjectName("openDialog")
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._dialog.fileSelected.connect(self.open)
        self._dialog.open()

    def reopen_last(self) -> None:
        """Open the training that was kept when a window closed; it has to be saved under a name of its own."""
        self.ask_to_save(self._reopen_last)

    def _reopen_last(self) -> None:
        try:
            self.show(load_file(last_training()), None)
        except InputError as error:
            self.message.emit(error.sentence, error.remedy, True)

    # --- Save ---

    def save(self) -> None:
        """Save under the present name, or ask for one."""
        if self._document.path is None:
            self.ask_save_as()
        else:
            self.save_to(self._document.path)

    def ask_save_as(self) -> None:
        """Show the dialog that chooses where to save."""
        self._dialog = QFileDialog(self._window, self.tr("Save As"), str(self._folder()), FILTER)
        self._dialog.setObjectName("saveDialog")
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.setDefaultSuffix("nnw")
        self._dialog.selectFile(f"{self._document.project.name}.nnw")
        self._dialog.fileSelected.connect(self._save_to_text)
        self._dialog.rejected.connect(self._forget_intention)
        self._dialog.open()

    def _save_to_text(self, path: str) -> None:
        self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Save in the background, after what is being written; ``saved`` or ``message`` tells how it went."""
        if self._work is not None:
            self._queued = path
            return
        if path.suffix.lower() != ".nnw":
            path = path.with_name(path.name + ".nnw")
        project = self._document.project.replace(name=path.stem)
        self._saving, self._saved_edits = path, self._document.stack.index()
        self._run(functools.partial(self._write, path, project), self._take_saved)

    def _write(self, path: Path, project: Project) -> Checkpoint | None:
        checkpoint = self._controller.current_checkpoint()
        save_project(path, project, checkpoint)
        return checkpoint

    def _take_saved(self) -> None:
        work = self._end_work()
        if work is None:
            return
        if work.error is not None:
            self._forget_intention()
            self.message.emit(work.error.sentence, work.error.remedy, True)
            self._save_queued()
            return
        self._document.set_path(self._saving)
        if self._document.stack.index() == self._saved_edits:
            self._document.mark_saved(self._saving)
        self._kept = work.result
        self.message.emit(self.tr("Saved {path}.").format(path=self._saving), "", False)
        self.saved.emit(self._saving)
        if not self._save_queued():
            self._go_on()

    def _save_queued(self) -> bool:
        path, self._queued = self._queued, None
        if path is not None:
            self.save_to(path)
        return path is not None

    def _run(self, function: Callable[[], object], done: Callable[[], None]) -> None:
        self._work, self._done = Background(function, self), done
        self._work.finished.connect(done)
        self._work.start()

    def _end_work(self) -> Background | None:
        work, self._work = self._work, None
        if work is not None:
            work.wait()
            work.deleteLater()
        return work

    def finish(self) -> None:
        """Wait until all that was to be saved is written, before the window is gone."""
        self._forget_intention()
        while self._work is not None:
            self._work.wait()
            self._done()

    # --- Unsaved changes ---

    def ask_to_save(self, then: Callable[[], None]) -> None:
        """Call ``then`` at once when all edits are saved, or else when the person has decided."""
        if self._document.clean:
            then()
            return
        if self._question is not None:
            self._question.activateWindow()
            return
        self._then = then
        box = QMessageBox(self._window)
        box.setObjectName("unsavedQuestion")
        box.setWindowTitle(self.tr("Unsaved changes"))
        box.setText(self.tr('Save the changes to "{name}"?').format(name=self._document.project.name))
        box.setInformativeText(self.tr("Otherwise they are lost."))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        box.finished.connect(self._take_decision)
        self._question = box
        box.open()

    def _take_decision(self, result: int) -> None:
        box, self._question = self._question, None
        if box is not None:
            box.deleteLater()
        if result == QMessageBox.StandardButton.Save:
            self.save()
        elif result == QMessageBox.StandardButton.Discard:
            # The edits are lost only if what follows succeeds: a file that cannot be opened must not cost them.
            then, self._then = self._then, None
            if then is not None:
                then()
        else:
            self._forget_intention()

    def _go_on(self) -> None:
        """Do what saving was for; edits made while the file was written are asked about again."""
        then, self._then = self._then, None
        if then is not None:
            self.ask_to_save(then)

    def _forget_intention(self) -> None:
        """Nothing was saved, so what saving was for does not happen, now or after a later save."""
        self._then = None

    def keep_result(self) -> None:
        """Keep what was learned but not saved in a file of the program's own, so that closing loses no training."""
        checkpoint = self._controller.checkpoint
        if checkpoint is None or checkpoint.snapshot.step == 0 or self._is_kept(checkpoint):
            return
        if checkpoint.snapshot.parameters.size > LARGEST_SAVED_ON_CLOSE:
            return
        path = last_training()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # As it was when the training began, with what it took over since: other edits belong to another network.
            save_project(path, self._controller.started_project, checkpoint)
        except (InputError, OSError) as error:
            self.message.emit(str(error), "", False)
        self._kept = checkpoint

    def _is_kept(self, checkpoint: Checkpoint) -> bool:
        kept = self._kept
        return kept is not None and np.array_equal(kept.snapshot.parameters, checkpoint.snapshot.parameters)

    # --- Export ---

    def ask_export(self) -> None:
        """Show the export dialog; without anything learned, say so."""
        if self._controller.snapshot is None:
            self.message.emit(self.tr("Nothing has been learned yet."), self.tr("Press Train first."), True)
            return
        self._export_dialog = ExportDialog(self._folder(), self._document.project.name, self._window)
        self._export_dialog.chosen.connect(self.export_to)
        self._export_dialog.finished.connect(self._forget_export_dialog)
        self._export_dialog.open()

    def export_to(self, name: str, path: object) -> None:
        """Write the newest weights in a format, load them back and compare, all in the background."""
        snapshot = self._controller.snapshot
        if not isinstance(path, Path) or snapshot is None:
            return
        if self._work is not None:
            if self._export_dialog is not None:
                self._export_dialog.show_error(self.tr("Another file is being written. Try again in a moment."))
            return
        self._exporting = path
        self._run(functools.partial(export, snapshot, name, path), self._take_exported)

    def _take_exported(self) -> None:
        work = self._end_work()
        if work is None:
            return
        if work.error is None:
            if self._export_dialog is not None:
                self._export_dialog.accept()
            words = self.tr("Exported {path}: written, loaded back and compared.")
            self.message.emit(words.format(path=self._exporting), "", False)
        elif self._export_dialog is not None:
            self._export_dialog.show_error(str(work.error))
        else:
            self.message.emit(work.error.sentence, work.error.remedy, True)
        self._save_queued()

    def _forget_export_dialog(self) -> None:
        self._export_dialog = None

    def _folder(self) -> Path:
        near = self._document.path or self.origin
        if near is not None and near.parent.is_dir():
            return near.parent
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        return Path(documents) if documents and Path(documents).is_dir() else Path.home()


def last_training() -> Path:
    """Return where a training is kept that was not saved when the window closed."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "last-training.nnw"
