"""From a data choice to split and scaled data, in a background thread.

Invariant: ``data`` and ``error`` belong to one choice, and are exchanged only when the choice that the project names by
then has been loaded; what was loaded for a choice that was given up is never shown.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, Signal

from nncore import datasets
from nncore.datasets.base import Data, TrainingData
from nncore.errors import InputError
from nncore.project import DataSettings
from workbench.document import Document
from workbench.training.background import Background, begin


class DataCache:
    """Remembers the last loaded source, so that another split or scaling needs no second reading."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Read the source anew next time."""
        self._key: tuple[str, str | None, str] | None = None
        self._data: Data | None = None

    def load(self, settings: DataSettings, validation_split: float) -> TrainingData:
        """Return the data of the settings; raise ``InputError`` when they cannot be used."""
        key = (settings.source, settings.target_column, settings.task)
        data = self._data if key == self._key else None
        if data is None:
            data = datasets.open_source(*key)
            self._key, self._data = key, data
        return datasets.prepare_with_test(
            data,
            validation_split=validation_split,
            test_source=settings.test_source,
            scaling=settings.scaling,
            task=settings.task,
        )


class DataLoader(QObject):
    """Keeps the data loaded that the document's project names.

    Attributes:
        changed: other data are there, or loading them failed.
        data: what was loaded last; None if that failed.
        error: why it failed.
    """

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.data: TrainingData | None = None
        self.error: InputError | None = None
        self._cache = DataCache()
        self._work: Background | None = None
        self._loading: tuple[DataSettings, float] | None = None
        self._loaded: tuple[DataSettings, float] | None = None
        self._held = False
        document.project_changed.connect(self._follow_project)
        document.data_wanted.connect(self.reload)

    @property
    def busy(self) -> bool:
        """Whether data are being loaded."""
        return self._work is not None

    @property
    def current(self) -> bool:
        """Whether ``data`` are those that the project names."""
        return self._loaded == self._wanted and self.error is None

    @property
    def _wanted(self) -> tuple[DataSettings, float]:
        project = self._document.project
        return project.data, project.training.validation_split

    def load(self) -> None:
        """Load the data that the project names, or tell that they are there; try again what failed."""
        if self._work is not None or self._held:
            return
        if self.current:
            self.changed.emit()  # the project may be another one, which has not been told yet
            return
        self._loading = self._wanted
        self._work = begin(functools.partial(self._cache.load, *self._loading), "loading", self._take, self)

    def reload(self) -> None:
        """Read the data again: the file may be another one than it was."""
        if self._work is None:
            self._cache.forget()
            self._loaded = None
            self.load()

    def hold(self) -> None:
        """Load nothing before ``release``: reading data would take the processor from the window that opens."""
        self._held = True

    def release(self) -> None:
        """Load what has been asked for meanwhile, and everything from now on."""
        self._held = False
        self.load()

    def close(self) -> None:
        """Wait for the thread, and take nothing more from it."""
        work, self._work = self._work, None
        if work is not None:
            work.finished.disconnect(self._take)
            work.wait()

    def _follow_project(self, _: object) -> None:
        if self._loaded != self._wanted:
            self.load()

    def _take(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.end()
        if self._loading != self._wanted:
            self.load()  # the choice was changed meanwhile
            return
        self._loaded = self._loading
        self.data, self.error = work.result, work.error
        self.changed.emit()
