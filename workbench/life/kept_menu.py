"""File > Unsaved work: filled when it is opened, so that it tells what is kept by then."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.life.discarded import discarded
from workbench.life.kept_trainings import KeptTraining, kept_trainings
from workbench.life.menu_names import entry_name
from workbench.life.notice import moment


class KeptMenu(QMenu):
    """Lists the trainings that were kept, the newest first, and below them what was discarded.

    Attributes:
        chosen: carries the path of the file of a training.
        discarded_chosen: carries that of what was discarded.
    """

    chosen = Signal(str)
    discarded_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Unsaved work"))
        self.setObjectName("keptMenu")
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.fill)
        self.triggered.connect(self._choose)
        self.fill()

    def fill(self) -> None:
        """Show what there is now."""
        for action in self.actions():
            self.removeAction(action)
            action.deleteLater()
        learned, put_away = kept_trainings(), discarded()
        tip = self.tr("Open what was learned, to go on from it or to save it")
        for training in learned:
            self._add(training, "keptTraining", self.tr("{number}  {name}, {time}"), tip)
        if learned and put_away:
            self.addSeparator()
        tip = self.tr("Bring back what was discarded when the workbench started")
        for training in put_away:
            self._add(training, "discarded", self.tr("{number}  {name}, discarded {time}"), tip)
        if not learned and not put_away:
            self.addAction(self.tr("Nothing yet")).setEnabled(False)

    def _add(self, training: KeptTraining, kind: str, words: str, tip: str) -> None:
        number = sum(bool(action.data()) for action in self.actions()) + 1
        told = {"name": entry_name(training.name), "time": moment(training.time)}
        action = self.addAction(words.format(number=f"&{number % 10}", **told))
        action.setObjectName(f"{kind}.{number - 1}")
        action.setData((kind, str(training.path)))
        action.setToolTip(tip)

    def _choose(self, action: QAction) -> None:
        if action.data():
            kind, path = action.data()
            (self.chosen if kind == "keptTraining" else self.discarded_chosen).emit(path)
