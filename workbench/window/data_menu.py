"""The menu Data: the data sets that come with the program, and data of one's own. A tick marks what is learned from."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from nncore.datasets.base import DATASETS
from workbench.actions import Actions
from workbench.dialogs.own_data import own_data_dialog
from workbench.document import Document


class DataMenu(QObject):
    """Fills a menu, and follows the document.

    Attributes:
        chosen: carries the name of a data set that comes with the program, or a path.
    """

    chosen = Signal(str)

    def __init__(self, menu: QMenu, actions: Actions, document: Document, window: QWidget) -> None:
        super().__init__(menu)
        self._document, self._window = document, window
        self._ticks = QActionGroup(self)
        self._ticks.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        for name, info in DATASETS.items():
            action = self._ticks.addAction(menu.addAction(info.title))
            action.setData(name)
            action.setToolTip(info.help)
            action.setCheckable(True)
        self._ticks.triggered.connect(self._choose)
        menu.addSeparator()
        for name, slot in (("ownFileAction", self.ask_for_file), ("ownFolderAction", self.ask_for_folder)):
            menu.addAction(actions[name])
            actions[name].triggered.connect(slot)
        menu.setToolTipsVisible(True)
        document.project_changed.connect(self._follow)
        self._follow()

    @Slot()
    def ask_for_file(self) -> None:
        """Ask for a table or a file of arrays."""
        self._ask(folder=False)

    @Slot()
    def ask_for_folder(self) -> None:
        """Ask for a folder."""
        self._ask(folder=True)

    def _ask(self, folder: bool) -> None:
        dialog = own_data_dialog(folder, "ownFolderDialog" if folder else "ownFileDialog", self._window)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._follow()  # the tick moves with the document, which may refuse or be undone
        self.chosen.emit(action.data())

    @Slot(object)
    def _follow(self, _: object = None) -> None:
        source = self._document.project.data.source
        for action in self._ticks.actions():
            action.setChecked(action.data() == source)
