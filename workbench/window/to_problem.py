"""The way from the words beside the coloured button to what they are about."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Slot

from nncore.trace import Trace
from workbench.editor.layer_view import LayerView
from workbench.forms import PropertiesPanel
from workbench.window.docks import Docks
from workbench.window.training_bar import TrainingBar


class ToProblem(QObject):
    """Leads to the first row of the list that says what is wrong, and how to mend it, or to the batch size."""

    def __init__(
        self,
        bar: TrainingBar,
        docks: Docks,
        layers: LayerView,
        properties: PropertiesPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._docks, self._layers, self._properties = docks, layers, properties
        bar.problem_wanted.connect(self.go)

    @Slot()
    def go(self) -> None:
        """Select that row, or that field, bring it into view with what is said of it, and put the keyboard there."""
        layers = self._layers
        row = first_wrong(layers.document.trace)
        if row < 0:
            self._docks.properties.bring()
            self._properties.focus_training("batch_size")
            return
        self._docks.network.bring()
        index = layers.rows.index(row)
        layers.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        layers.scrollTo(index)
        layers.setFocus(Qt.FocusReason.OtherFocusReason)


def first_wrong(found: Trace) -> int:
    """Return the first row of the list, input and loss included, with which anything is wrong; -1 for none."""
    problems = (found.input_problem, *(row.problem for row in found.rows), found.loss_problem)
    return next((row for row, problem in enumerate(problems) if problem is not None), -1)
