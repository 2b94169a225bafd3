"""Tells the document what is known of the data once they are loaded: shape, target, and how many there are."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from nncore.datasets.base import DATASETS
from nncore.losses import Problem
from workbench.document import Document
from workbench.theme import numbers
from workbench.training.controller import TrainingController


class DataFacts(QObject):
    """Follows the data of a controller.

    Attributes:
        usable: data were loaded, and the document knows them.
    """

    usable = Signal()

    def __init__(self, document: Document, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        controller.data_changed.connect(self._follow)

    def choose(self, source: str) -> None:
        """Take other data, in one undo step; the same once more are read anew."""
        if not self._document.set_data(self._document.project.data.replace(source=source)):
            self._document.data_wanted.emit()

    @Slot()
    def _follow(self) -> None:
        data, error = self._controller.data, self._controller.data_error
        if data is None or error is not None:
            problem = None if error is None else Problem(error.sentence, error.remedy)
            self._document.set_data_info(None, problem=problem)
            return
        source = self._document.project.data.source
        title = DATASETS.get(source).title if source in DATASETS else data.data.name
        counts = [self.tr("{n} train").format(n=numbers.count(len(data.train)))]
        if data.validation is not None:
            counts.append(self.tr("{n} validation").format(n=numbers.count(len(data.validation))))
        self._document.set_data_info(data.target, data.data.input_shape, title, " · ".join(counts))
        self._document.fit_to_data(data.data.input_shape, data.target)
        self.usable.emit()
