"""The form of the data settings: a built-in data set by its title, or a file or folder of one's own."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nncore.datasets.base import DATASETS
from nncore.fields import Field
from nncore.project import DataSettings, Project
from workbench.dialogs.own_data import own_data_dialog
from workbench.document import Document
from workbench.forms.column_editor import ColumnEditor
from workbench.forms.controls import QuietComboBox
from workbench.forms.effect import Effect
from workbench.forms.field_editor import FieldEditor
from workbench.forms.form import SpecForm
from workbench.forms.kinds import MakeEditor
from workbench.forms.layer_form import focus_first

_FILE, _FOLDER = "\0file", "\0folder"  # no path holds a null character


class SourceEditor(FieldEditor):
    """A combo box of data sets whose last two entries ask for a file and for a folder.

    Attributes:
        chosen_again: the file or folder that is shown was chosen once more: it may hold something else by now.
    """

    chosen_again = Signal()

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._box = QuietComboBox()
        self._adopt(self._box)
        self._box.activated.connect(self._choose)

    def _show(self, value: object) -> None:
        self._box.clear()
        if self.field.optional:
            self._box.addItem(self.tr("none"), None)
        else:
            for dataset in DATASETS:
                self._box.addItem(dataset.title, dataset.name)
        if isinstance(value, str) and self._box.findData(value) < 0:
            # A file is shown by its name alone; its folder is in the tooltip.
            self._box.addItem(Path(value).name or value, value)
        self._box.insertSeparator(self._box.count())
        self._box.addItem(self.tr("Your own file…"), _FILE)
        self._box.addItem(self.tr("Your own folder…"), _FOLDER)
        self._box.setCurrentIndex(self._box.findData(value) if value is not None else 0)
        if isinstance(value, str):
            self._box.setToolTip(DATASETS.get(value).title if value in DATASETS else value)
        else:
            self._box.setToolTip("")

    @Slot(int)
    def _choose(self, index: int) -> None:
        chosen = self._box.itemData(index)
        if chosen not in (_FILE, _FOLDER):
            self.propose(chosen)
            return
        self._show(self.value)  # until a file is chosen, the old choice stands
        dialog = own_data_dialog(chosen == _FOLDER, f"{self.name}.dialog", self)
        dialog.fileSelected.connect(self._take_path)
        dialog.open()

    @Slot(str)
    def _take_path(self, path: str) -> None:
        if path and str(Path(path)) == self.value:
            self.chosen_again.emit()
        elif path:
            self.propose(str(Path(path)))


class DataForm(QWidget):
    """Which data the document's network learns from."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _know_datasets()
        self.setObjectName("dataForm")
        self.setAccessibleName(self.tr("Data settings"))
        self.document = document
        self._columns: tuple[str, ...] = ()
        sources = ("source", "test_source")
        editors: dict[str, MakeEditor] = {**dict.fromkeys(sources, SourceEditor), "target_column": ColumnEditor}
        self.form = SpecForm("dataForm", document.project.data, self, editors)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.form)
        self.form.edited.connect(self._take)
        for name in sources:
            editor = self.form.editor(name)
            if isinstance(editor, SourceEditor):
                editor.chosen_again.connect(document.data_wanted)
        document.project_changed.connect(self._refresh)
        document.trace_changed.connect(self._show_columns)
        self._show_columns()

    @Slot()
    def _show_columns(self) -> None:
        editor = self.form.editor("target_column")
        if isinstance(editor, ColumnEditor) and self.document.columns != self._columns:
            self._columns = self.document.columns
            editor.show_columns(self._columns)

    @Slot(object)
    def _refresh(self, edit: object) -> None:
        self.form.set_value(self.document.project.data, fresh=edit is None)

    @Slot(object, str)
    def _take(self, settings: object, name: str) -> None:
        if not isinstance(settings, DataSettings):
            return
        if name == "source" and settings.source in DATASETS:
            # What a built-in data set asks for is known before it is loaded: one undo step for all that follows.
            info = DATASETS.get(settings.source)
            self.document.set_data(settings, info.input_shape, info.target)
        else:
            self.document.set_data(settings)

    def show_training(self, running: bool, started: Project | None) -> None:
        """Say when changes act: on a training that runs, or was begun, with the project ``started``."""
        self.form.show_effect(None if started is None else Effect(running, started.data))

    def focus_first(self) -> bool:
        """Put the focus into the first field; return whether there is one."""
        return focus_first(self.form)


@functools.cache
def _know_datasets() -> None:
    """Let the built-in data sets register themselves; the libraries they need are loaded with the data."""
    import nncore.datasets  # noqa: F401  # imported for the names it registers
