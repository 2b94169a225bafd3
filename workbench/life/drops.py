"""Files and folders that are dropped on the window, or chosen: projects are opened, data are taken.

Invariant: what cannot be read changes nothing. Whether it can is found out in the background: a folder may be large.
"""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal, Slot

from nncore.datasets.sources import check_source
from workbench.training.background import Background, begin


class Drops(QObject):
    """Sorts what is dropped.

    Attributes:
        project_dropped, data_dropped: carry a path.
        message: carries (sentence, remedy, whether it is an error).
    """

    project_dropped = Signal(str)
    data_dropped = Signal(str)
    message = Signal(str, str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Background | None = None
        self._path = ""

    @staticmethod
    def can_take(mime: QMimeData) -> bool:
        """Return whether there is a file of this computer among what is dragged."""
        return any(url.isLocalFile() for url in mime.urls())

    def take(self, mime: QMimeData) -> None:
        """Open or take the first file; say so when there are more."""
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if not paths or self._work is not None:
            return
        if len(paths) > 1:
            words = self.tr("Only the first of {count} files was taken: {name}.")
            self.message.emit(words.format(count=len(paths), name=Path(paths[0]).name), "", False)
        self.take_path(paths[0])

    @Slot(str)
    def take_path(self, path: str) -> None:
        """Open a project, or take data, once it is certain that they can be read."""
        if Path(path).suffix.lower() == ".nnw":
            self.project_dropped.emit(path)
            return
        if self._work is not None:
            return
        self._path = path
        self._work = begin(functools.partial(check_source, self._path), "drop", self._take_checked, self)

    def close(self) -> None:
        """Wait for the thread, and take nothing from it."""
        work, self._work = self._work, None
        if work is not None:
            work.finished.disconnect(self._take_checked)
            work.wait()

    @Slot()
    def _take_checked(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        if work.error is not None:
            self.message.emit(work.error.sentence, work.error.remedy, True)
        else:
            self.data_dropped.emit(self._path)
