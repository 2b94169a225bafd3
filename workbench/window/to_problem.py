"""The way from the words beside the coloured button to what they are about."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Slot

from nncore.trace import Trace
from workbench.editor.layer_view import LayerView
from workbench.window.docks import Docks
from workbench.window.training_bar import TrainingBar


class ToProblem(QObject):
    """Leads to the first row of the network's list that says what is wrong, and how to mend it."""

    def __init__(self, bar: TrainingBar, docks: Docks, layers: LayerView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._docks, self._layers = docks, layers
        bar.problem_wanted.connect(self.go)

    @Slot()
    def go(self) -> None:
        """Select that row, bring it into view with its buttons, and put the keyboard there."""
        layers = self._layers
        row = first_wrong(layers.document.trace)
        if row < 0:
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
