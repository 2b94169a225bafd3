"""Tells the document what is known of the data once they are loaded: shape, target, and how many there are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from nncore.datasets.base import DATASETS, IMAGE, POINTS, RECONSTRUCTION, TABLE, Data, TrainingData
from nncore.datasets.text import is_characters
from nncore.losses import Problem
from nncore.network import shape_text
from nncore.project import DataSettings
from workbench.document import Document
from workbench.theme import numbers
from workbench.training.controller import TrainingController


class DataFacts(QObject):
    """Follows the data of a controller.

    Attributes:
        usable: data were loaded, and the document knows them.
        loaded: other data were, or are about to be; carries a sentence that says which, an empty remedy, and that it is
            no error.
    """

    usable = Signal()
    loaded = Signal(str, str, bool)

    def __init__(self, document: Document, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        self._table = ""
        self._told: DataSettings | None = document.project.data
        self._source = document.project.data.source
        controller.data_changed.connect(self._follow)
        document.project_changed.connect(self._follow_opened)
        document.data_wanted.connect(self._tell_again)

    def choose(self, source: str) -> None:
        """Take other data, in one undo step; the same once more are read anew."""
        if not self._document.set_data(self._document.project.data.replace(source=source)):
            self._document.data_wanted.emit()

    @Slot()
    def _follow(self) -> None:
        data, error = self._controller.data, self._controller.data_error
        if data is None or error is not None:
            self._told = None
            problem = None if error is None else Problem(error.sentence, error.remedy)
            kept = self._document.columns if self._table == self._document.project.data.source else ()
            self._document.set_data_info(None, problem=problem, columns=kept)
            return
        source = self._document.project.data.source
        title = _title(source)
        counts = [self.tr("{n} train").format(n=numbers.count(len(data.train)))]
        if data.validation is not None:
            counts.append(self.tr("{n} validation").format(n=numbers.count(len(data.validation))))
        words, columns = " · ".join(counts), self._columns(data.data)
        tokens = data.data.kind not in (TABLE, POINTS)
        self._document.set_data_info(
            data.target,
            data.data.input_shape,
            title,
            words,
            None,
            columns,
            tokens,
            sample_words(data.data),
            len(data.data.vocabulary),
            len(data.train),
        )
        self._document.fit_to_data(data.data.input_shape, data.target)
        self.usable.emit()
        settings = self._document.project.data
        if settings != self._told:
            self._told = settings
            self.loaded.emit(loaded_words(title, data), "", False)

    def _columns(self, data: Data) -> tuple[str, ...]:
        """Return the columns of a table of one's own, the one that is predicted last."""
        self._table = self._document.project.data.source
        own = self._table not in DATASETS and data.kind in (TABLE, POINTS)
        return (*data.feature_names, data.target_name) if own else ()

    @Slot(object)
    def _follow_opened(self, edit: object) -> None:
        if edit is None:  # the data that come with a project are named with it
            self._told = self._document.project.data
        source, before = self._document.project.data.source, self._source
        self._source = source
        if edit is not None and source != before and self._controller.loading:
            self.loaded.emit(self.tr("Reading {name}…").format(name=_title(source)), "", False)

    @Slot()
    def _tell_again(self) -> None:
        self._told = None


def _title(source: str) -> str:
    return DATASETS.get(source).title if source in DATASETS else Path(source).name


def sample_words(data: Data) -> str:
    """Return how long the texts of data are: ``16 words``, ``40 characters``; nothing for other data."""
    if not data.vocabulary or len(data.input_shape) != 1:
        return ""
    letters, translate = is_characters(data.vocabulary), QCoreApplication.translate
    words = translate("DataFacts", "{n} characters") if letters else translate("DataFacts", "{n} words")
    return words.format(n=numbers.count(data.input_shape[0]))


def loaded_words(title: str, data: TrainingData) -> str:
    """Return what was loaded, in one sentence: ``flats.csv: 260 samples, 3 inputs, predicts Rent.``"""
    translate, raw = QCoreApplication.translate, data.data
    shape, classes = raw.input_shape, data.target.classes
    if raw.kind == IMAGE:
        inputs = translate("DataFacts", "pictures of {shape} pixels").format(shape=shape_text(shape[:2]))
    elif told := sample_words(raw):
        inputs = translate("DataFacts", "{length} each").format(length=told)
    elif len(shape) == 1:
        inputs = translate("DataFacts", "1 input")
        if shape[0] != 1:
            inputs = translate("DataFacts", "{n} inputs").format(n=numbers.count(shape[0]))
    else:
        series = shape[:-1] if shape[-1] == 1 else shape
        inputs = translate("DataFacts", "{shape} numbers each").format(shape=shape_text(series))
    named = raw.target_name not in ("", "target")
    if data.task == RECONSTRUCTION:
        aim = translate("DataFacts", "learns to rebuild them")
    elif classes:
        aim = translate("DataFacts", "{n} classes").format(n=numbers.count(classes))
        if named:
            aim = translate("DataFacts", "predicts {target} ({classes})").format(target=raw.target_name, classes=aim)
    elif named:
        aim = translate("DataFacts", "predicts {target}").format(target=raw.target_name)
    else:
        aim = translate("DataFacts", "predicts numbers")
    words = translate("DataFacts", "{title}: {n} samples, {inputs}, {aim}.")
    return words.format(title=title, n=numbers.count(len(raw.x)), inputs=inputs, aim=aim)
