"""The form of the training settings."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nncore.metrics import default_metric
from nncore.project import Project, TrainingSettings, usual_loss
from workbench.document import Document
from workbench.forms.effect import Effect
from workbench.forms.form import SpecForm
from workbench.forms.layer_form import focus_first


class TrainingForm(QWidget):
    """Loss, optimizer, batch size and whatever else says how the document's network is trained."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingForm")
        self.setAccessibleName(self.tr("Training settings"))
        self.document = document
        self.form = SpecForm("trainingForm", document.project.training, self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.form)
        self.form.edited.connect(self._take)
        document.project_changed.connect(self._refresh)
        document.trace_changed.connect(self._follow_data)
        self._follow_data()

    @Slot()
    def _follow_data(self) -> None:
        """Take for the usual loss and metric those that the data ask for."""
        target, loss = self.document.target, self.document.project.training.loss
        if target is not None:  # data that are refused leave what suited the ones before
            usual = usual_loss(target, self.document.trace.output_shape)
            self.form.set_defaults({"loss": usual, "metric": default_metric(loss, target)})
        self._check_batch()

    def _check_batch(self) -> None:
        """Say below the batch size that there are not as many samples, as soon as that is known."""
        self.form.tell("batch_size", str(self.document.batch_problem or ""))

    @Slot(object)
    def _refresh(self, edit: object) -> None:
        self.form.set_value(self.document.project.training, fresh=edit is None)

    @Slot(object, str)
    def _take(self, settings: object, name: str) -> None:
        if isinstance(settings, TrainingSettings):
            self.document.set_training(settings)

    def show_training(self, running: bool, started: Project | None) -> None:
        """Say when changes act: on a training that runs, or was begun, with the project ``started``."""
        self.form.show_effect(None if started is None else Effect(running, started.training))

    def focus_first(self) -> bool:
        """Put the focus into the first field; return whether there is one."""
        return focus_first(self.form)
