"""What was learned but not saved, as rows under the files: one press opens it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.life.kept_trainings import KeptTraining
from workbench.life.notice import moment
from workbench.life.welcome.recent import FileButton
from workbench.theme import icons


class KeptRows(QWidget):
    """Rows of trainings, hidden when there is none.

    Attributes:
        chosen: carries the path of a file.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keptTrainings")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.hide()

    def show_trainings(self, kept: Sequence[KeptTraining]) -> None:
        """Show these, the newest first."""
        while (item := self._layout.takeAt(0)) is not None:
            button = item.widget()
            if button is not None:
                button.setParent(None)  # at once, so that nothing finds it any more
                button.deleteLater()
        for number, training in enumerate(kept):
            words = self.tr("{name}, learned but not saved, {time}")
            place = Path(f"{training.name}.nnw")  # only its name is shown
            text = words.replace("{time}", moment(training.time))
            made = FileButton(place, text, self)
            made.setObjectName(f"kept.{number}")
            made.setToolTip(self.tr("Open what was learned, to go on from it or to save it"))
            made.setProperty("path", str(training.path))
            icons.bind(made, "history")
            made.clicked.connect(self._choose)
            self._layout.addWidget(made)
            made.show()  # the layout would only do so later
        self.setVisible(bool(kept))

    def _choose(self) -> None:
        self.chosen.emit(self.sender().property("path"))
