"""File > Learned but not saved: filled when it is opened, so that it tells what is kept by then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.life.kept_trainings import kept_trainings
from workbench.life.notice import moment


class KeptMenu(QMenu):
    """Lists the trainings that were kept, the newest first.

    Attributes:
        chosen: carries the path of a file.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Learned &but not saved"))
        self.setObjectName("keptMenu")
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """Show the trainings of now."""
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        kept = kept_trainings()
        for number, training in enumerate(kept):
            words = self.tr("{number}  {name}, {time}")
            name = training.name.replace("&", "&&")
            action = self.addAction(words.format(number=f"&{number + 1}", name=name, time=moment(training.time)))
            action.setObjectName(f"keptTraining.{number}")
            action.setData(str(training.path))
            action.setToolTip(self.tr("Open what was learned, to go on from it or to save it"))
        if not kept:
            self.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _choose(self, action: QAction) -> None:
        if action.data():
            self.chosen.emit(action.data())
