"""The menus: which command stands where. They hold no command of their own but choices from lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from nncore.project import preset_titles
from workbench.actions import Actions
from workbench.editor import NetworkPanel
from workbench.editor.layer_commands import PARTED
from workbench.theme import current
from workbench.theme.theme import MODES
from workbench.window.data_menu import DataMenu


class Menus(QObject):
    """Fills the window's menu bar.

    Attributes:
        preset_chosen: carries the name of a ready project.
        dataset_chosen: carries the name of a data set, or the path of data of one's own.
    """

    preset_chosen = Signal(str)
    dataset_chosen = Signal(str)

    def __init__(self, window: QMainWindow, actions: Actions, network: NetworkPanel) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self.file = self._menu(self.tr("&File"), ("newAction", "newWindowAction", "openAction"))
        self.examples = self._examples()
        self._add(self.file, ("reopenAction", "", "saveAction", "saveAsAction", "", "exportAction"))
        self._add(self.file, ("", "registerAction", "quitAction"))
        self.edit = self._menu(self.tr("&Edit"), ("undoAction", "redoAction", "", "renameAction"))
        self.model = self._menu(self.tr("&Model"), ())
        self._fill_layers(network)
        self.data = self._menu(self.tr("&Data"), ())
        DataMenu(self.data, actions, network.layers.document, window).chosen.connect(self.dataset_chosen)
        self.train = self._menu(self.tr("&Train"), ("trainAction", "pauseAction", "stepAction", "epochAction"))
        self._add(self.train, ("stopAction", "", "stopAtAction", "moreAction", "", "slowerAction", "fasterAction"))
        self._add(self.train, ("", "resetAction", "newSeedAction"))
        self.view = self._menu(self.tr("&View"), ())
        self._fill_themes()
        self.help = self._menu(self.tr("&Help"), ("welcomeAction", "keysAction", "aboutAction"))

    def _menu(self, title: str, names: tuple[str, ...]) -> QMenu:
        menu = self._window.menuBar().addMenu(title)
        self._add(menu, names)
        return menu

    def _add(self, menu: QMenu, names: tuple[str, ...]) -> None:
        for name in names:
            if name:
                menu.addAction(self._actions[name])
            else:
                menu.addSeparator()

    def _examples(self) -> QMenu:
        menu = self.file.addMenu(self.tr("E&xamples"))
        menu.setObjectName("examplesMenu")
        menu.setToolTipsVisible(True)
        for name, title, description in preset_titles():
            action = menu.addAction(title if title.casefold() == name else f"{title} ({name})")
            action.setObjectName(f"preset.{name}")
            action.setData(name)
            action.setToolTip(description)
        menu.triggered.connect(self._choose_preset)
        return menu

    def _fill_layers(self, network: NetworkPanel) -> None:
        """The edits of the selected layer, under Edit; what can be added, under Model."""
        self.edit.addSeparator()
        for action in network.layers.commands.all():
            if action.objectName() in PARTED:
                self.edit.addSeparator()
            self.edit.addAction(action)
        add = network.add_menu()
        add.setTitle(self.tr("&Add layer"))
        self.model.addMenu(add)

    def _fill_themes(self) -> None:
        theme = current()
        group = QActionGroup(self)
        words = {"light": self.tr("&Light"), "dark": self.tr("&Dark"), "system": self.tr("&As the system")}
        menu = self.view.addMenu(self.tr("&Theme"))
        for mode in MODES:
            action = menu.addAction(words[mode])
            action.setObjectName(f"theme.{mode}")
            action.setCheckable(True)
            action.setData(mode)
            action.setChecked(mode == theme.mode)
            group.addAction(action)
        group.triggered.connect(self._choose_theme)

    def _choose_preset(self, action: QAction) -> None:
        self.preset_chosen.emit(action.data())

    def _choose_theme(self, action: QAction) -> None:
        current().set_mode(action.data())
