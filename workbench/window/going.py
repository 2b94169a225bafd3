"""Going from one part of the window to another by a key: palette, network, curves and predictions, properties."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from workbench.actions import Actions
from workbench.editor import NetworkPanel, Palette
from workbench.forms import PropertiesPanel
from workbench.window import tab_order
from workbench.window.docks import Docks


class Going(QObject):
    """Adds the menu "Go to". A part that is hidden is shown first."""

    def __init__(
        self,
        actions: Actions,
        menu: QMenu,
        docks: Docks,
        panels: tuple[Palette, NetworkPanel, QWidget, PropertiesPanel],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._docks = docks
        self._palette, self._network, self._middle, self._properties = panels
        self.menu = menu.addMenu(self.tr("&Go to"))
        self.menu.setObjectName("goMenu")
        for name, slot in {
            "goPaletteAction": self.go_to_palette,
            "goNetworkAction": self.go_to_network,
            "goResultsAction": self.go_to_results,
            "goPropertiesAction": self.go_to_properties,
        }.items():
            self.menu.addAction(actions[name])
            actions[name].triggered.connect(slot)

    @Slot()
    def go_to_palette(self) -> None:
        """Go to the palette's search, with what stands there selected, so that typing replaces it."""
        self._docks.palette.bring()
        self._palette.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._palette.search.selectAll()

    @Slot()
    def go_to_network(self) -> None:
        """Go to the list of layers."""
        self._docks.network.bring()
        self._network.layers.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def go_to_results(self) -> None:
        """Go to the first control of the middle."""
        self._middle.show()
        self._middle.activateWindow()
        for stop in tab_order.stops(self._middle)[:1]:
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def go_to_properties(self) -> None:
        """Go to the first setting of the selected row."""
        self._docks.properties.bring()
        self._properties.focus_form()
        focused = QApplication.focusWidget()
        if focused is not None:
            tab_order.reveal(focused)
