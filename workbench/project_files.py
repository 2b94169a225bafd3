"""New, open, save, export: everything that has to do with files, without ever blocking the window.

Invariant: a file is written in the background, atomically, and the document counts as saved only when that went well.
A file that takes a while is read in the background, too; the project that is open is exchanged when it is whole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nncore.errors import InputError
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from nncore.project_file import Loaded, load_file, load_project, save_project
from nncore.snapshot import Checkpoint
from workbench.dialogs.folders import PROJECTS
from workbench.document import Document
from workbench.exporting import Exporting
from workbench.life.closing import Closing
from workbench.life.last_training import LastTraining, last_training
from workbench.life.opening import Load, Opening
from workbench.life.overwriting import Stamp, question
from workbench.life.unsaved import Unsaved
from workbench.training.background import Background, begin
from workbench.training.controller import TrainingController

FILTER = "Workbench (*.nnw)"
_OPENED = ("Projects and data (*.nnw *.csv *.xlsx *.parquet *.npz)", FILTER, "All files (*)")


class ProjectFiles(QObject):
    """Reads and writes project files for one window.

    Attributes:
        opened: another project is in the document. saved: carries the path that was written.
        opening: reads files. last: keeps what was learned when something takes its place.
        exporting, closing: see there.
        message: carries (sentence, remedy, whether it is an error).
        chosen: carries the path of a file that a person wants to open, a project or data.
    """

    opened = Signal()
    saved = Signal(object)
    message = Signal(str, str, bool)
    chosen = Signal(str)

    def __init__(self, document: Document, controller: TrainingController, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._controller, self._window = document, controller, window
        self._work: Background | None = None
        self._dialog: QFileDialog | None = None
        self._queued: Path | None = None
        self.origin: Path | None = None  # the file that a restored project came from
        self.opening = Opening(self)
        self.opening.failed.connect(self.tell)
        self.last = LastTraining(self._title, self)
        self.exporting = Exporting(document, controller, self._folder, window)
        self.closing = Closing(document, controller, self.last, (self._wait, self.exporting.wait), window)
        self.exporting.ended.connect(self.closing.go_on)
        self.exporting.message.connect(self.message)
        self.closing.message.connect(self.message)
        self.unsaved = Unsaved(document, controller, self.save, window)
        self.opening.waits = lambda: self.unsaved.undecided
        self.unsaved.settled.connect(self.opening.hand_over)
        controller.letting_go.connect(self.last.let_go)
        self._stamp: Stamp | None = None  # of the open project's file, as this window read or wrote it

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
        """Open a preset or a file; if that is possible, ask about unsaved changes before."""
        origin = _origin(name_or_path)
        show = functools.partial(self._show_read, name_or_path, origin, Stamp.of(origin))
        self.read(Path(name_or_path), functools.partial(load_project, name_or_path), show)

    def _show_read(self, name_or_path: str, origin: Path | None, stamp: Stamp | None, loaded: Loaded) -> None:
        if Stamp.of(origin) in (None, stamp):
            self.show(loaded, origin, stamp)
        else:  # it was written since: the changes that were saved may be its own
            load = functools.partial(load_project, name_or_path)
            show = functools.partial(self._show_again, name_or_path, origin, Stamp.of(origin))
            self.opening.read(Path(name_or_path), load, show)

    def _show_again(self, name_or_path: str, origin: Path | None, stamp: Stamp | None, loaded: Loaded) -> None:
        show = functools.partial(self._show_read, name_or_path, origin, stamp, loaded)
        if self._document.clean:  # what a training that goes on has learned since the answer is not asked about again
            show()
        else:
            self.ask_to_save(show)

    def open_now(self, name_or_path: str) -> None:
        """Open a preset or a file; raise ``InputError``, with the open project untouched, when that is impossible.

        It has happened when this returns, however large the file is: who calls this goes on with the new project at
        once, and an event loop in here could change it under the caller's hands. What a person asks for goes through
        ``open``, which waits for nothing.
        """
        origin = _origin(name_or_path)
        stamp = Stamp.of(origin)
        self.show(load_project(name_or_path), origin, stamp)

    def read(self, path: Path, load: Load, show: Callable[[Loaded], None]) -> None:
        """Read a file and have it shown, after asking about unsaved changes.

        That is asked when the file has been read: nobody is asked anything for one that cannot be opened. Where a
        large one has been read while the person decides about something else, it is asked about when they have given
        that up; what they go on with takes its place.
        """
        self.opening.read(path, load, functools.partial(self._take_read, show))

    def _take_read(self, show: Callable[[Loaded], None], loaded: Loaded) -> None:
        self.ask_to_save(functools.partial(show, loaded))

    def tell(self, error: InputError) -> None:
        """Say why a file cannot be opened or written."""
        self.message.emit(error.sentence, error.remedy, True)

    def show(self, loaded: Loaded, path: Path | None, stamp: Stamp | None = None) -> None:
        """Put another project into the document.

        Args:
            loaded: the project, and what it has learned.
            path: its file; None when it has none.
            stamp: of the file, from before it was read.
        """
        self.opening.cancel()  # the newest wish counts
        self._controller.stop_and_wait()
        asked = self.closing.keep_result()
        self.last.wait(self.closing.patience)
        self.origin, self._stamp = path, stamp
        self._document.open(loaded.project, path)
        if path is not None:
            PROJECTS.note(path)
        self._controller.restore(loaded.checkpoint)
        self.last.note_saved(loaded.checkpoint)
        self.opened.emit()
        if asked and self.last.error is not None:
            self.tell(self.last.error)
        self._controller.load_data()

    def ask_open(self) -> None:
        """Show the dialog that chooses a file to open."""
        self._dialog = QFileDialog(self._window, self.tr("Open"), str(self._folder()), ";;".join(_OPENED))
        self._dialog.setObjectName("openDialog")
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._dialog.fileSelected.connect(self.chosen)
        self._dialog.open()

    def reopen_last(self) -> None:
        """Open the training that was kept last; it has to be saved under a name of its own."""
        asked = self.last.writing
        self.last.wait()
        if asked and self.last.error is not None:  # it is not the one that was meant that would be opened
            self.tell(self.last.error)
        else:
            self.reopen(str(last_training()))

    def reopen(self, path: str) -> None:
        """Open a training that was kept, after asking about unsaved changes."""
        self.read(Path(path), functools.partial(load_file, Path(path)), functools.partial(self.show, path=None))

    def _title(self) -> str:
        return self._document.title

    # --- Save ---

    def save(self) -> None:
        """Save under the present name, or ask for one; ask, too, before what another window has saved is replaced."""
        path = self._document.path
        if path is None:
            self.ask_save_as()
        elif self._work is None and Stamp.of(path) not in (None, self._stamp):
            self._ask_to_replace(path)
        else:
            self.save_to(path)

    def _ask_to_replace(self, path: Path) -> None:
        box = question(path, self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.finished.connect(self._take_replacing)
        box.open()

    def _take_replacing(self, result: int) -> None:
        if result == QMessageBox.StandardButton.Yes and self._document.path is not None:
            self.save_to(self._document.path)
        elif result == QMessageBox.StandardButton.Save:
            self.ask_save_as()
        else:
            self.unsaved.forget()

    def ask_save_as(self) -> None:
        """Show the dialog that chooses where to save."""
        self._dialog = QFileDialog(self._window, self.tr("Save as"), str(self._folder()), FILTER)
        self._dialog.setObjectName("saveDialog")
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.setDefaultSuffix("nnw")
        self._dialog.selectFile(f"{self._document.title}.nnw")
        self._dialog.fileSelected.connect(self._save_to_text)
        self._dialog.rejected.connect(self.unsaved.forget)
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
        self._saving, self._saved_project = path, self._document.project
        self._work = begin(functools.partial(self._write, path, project), "saving", self._take_saved, self)

    def _write(self, path: Path, project: Project) -> tuple[Checkpoint | None, Stamp | None]:
        checkpoint = self._controller.current_checkpoint()
        save_project(path, project, checkpoint)
        return checkpoint, Stamp.of(path)

    def _take_saved(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        if work.error is not None:
            self.unsaved.forget()
            self.closing.fail()
            self.tell(work.error)
            self._save_queued()
            return
        self._document.mark_saved(self._saving, self._saved_project)
        PROJECTS.note(self._saving)
        checkpoint, self._stamp = work.result
        self.last.note_saved(checkpoint)
        self.message.emit(self.tr("Saved {path}.").format(path=self._saving), "", False)
        self.saved.emit(self._saving)
        if not self._save_queued():
            self.unsaved.go_on()
            self.closing.go_on()

    def _save_queued(self) -> bool:
        path, self._queued = self._queued, None
        if path is not None:
            self.save_to(path)
        return path is not None

    # --- What takes the place of something ---

    def ask_to_save(self, then: Callable[[], None]) -> None:
        """Call ``then`` at once when all is saved, or else when the person has decided."""
        self.unsaved.ask(then)

    def finish(self, then: Callable[[], None]) -> bool:
        """Write all that is to be written before the window is gone; see ``Closing.finish``."""
        self.opening.close()
        self.unsaved.close()
        return self.closing.finish(then)

    def _wait(self, milliseconds: int | None) -> bool:
        """Wait until all that was to be saved is, or for so long; return whether it is."""
        while self._work is not None:
            if not (self._work.wait() if milliseconds is None else self._work.wait(milliseconds)):
                return False
            self._take_saved()
        return True

    def _folder(self) -> Path:
        near = self._document.path or self.origin
        if near is not None and near.parent.is_dir():
            return near.parent
        return PROJECTS.path


def _origin(name_or_path: str) -> Path | None:
    """Return the file that a project is to be saved to again; None for a preset."""
    path = Path(name_or_path)
    return path if path.suffix.lower() == ".nnw" and path.is_file() else None
