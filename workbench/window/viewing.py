"""How the window looks and is divided: the size of text, the colours, the undo history.

What a person chooses is told by ``chosen``, so that whoever keeps the preferences can keep it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QMenu

from workbench.theme import current


class Viewing(QObject):
    """Adds its choices to the menu View.

    Attributes:
        chosen: carries the name of a preference, ``text_size`` or ``colours``, and the value a person gave it.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QObject, menu: QMenu, history: QDockWidget) -> None:
        super().__init__(parent)
        self._history = history
        sizes = {"normal": self.tr("&Normal"), "large": self.tr("Lar&ge"), "largest": self.tr("Large&st")}
        self._sizes = self._choice(menu.addMenu(self.tr("Te&xt size")), "text_size", sizes)
        safe = self.tr("&Colour-blind safe")
        colours = {"standard": self.tr("&Standard"), "safe": safe}
        self._colours = self._choice(menu.addMenu(self.tr("&Colours")), "colours", colours)
        current().changed.connect(self._follow)
        self._follow()

    def _choice(self, menu: QMenu, name: str, words: dict[str, str]) -> QActionGroup:
        group = QActionGroup(self)
        menu.setObjectName(f"{name}Menu")
        for value, text in words.items():
            action = menu.addAction(text)
            action.setObjectName(f"{name}.{value}")
            action.setCheckable(True)
            action.setData((name, value))
            group.addAction(action)
        group.triggered.connect(self._choose)
        return group

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        name, value = action.data()
        if name == "text_size":
            current().set_text_size(value)
        else:
            current().set_colours(value)
        self.chosen.emit(name, value)

    @Slot()
    def _follow(self) -> None:
        """Check what is in force, whoever chose it."""
        theme = current()
        for group, value in ((self._sizes, theme.text_size), (self._colours, theme.colours)):
            for action in group.actions():
                action.setChecked(action.data()[1] == value)

    @Slot()
    def toggle_history(self) -> None:
        """Show the undo history with the focus in it, or hide it."""
        self._history.setVisible(self._history.isHidden())
        if not self._history.isHidden():
            inside = self._history.findChild(QObject, "historyList")
            if inside is not None and hasattr(inside, "setFocus"):
                self._history.activateWindow()
                inside.setFocus()
