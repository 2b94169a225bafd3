"""The panels at the sides of the window: where each stands, what is left out where there is no room, the margins."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from workbench.middle.watching import Watching
from workbench.theme import current, fonts
from workbench.window import layout

COMPACT_BELOW = 1240  # pixels of the design; a projector has 1024
_PALETTE, _PROPERTIES = 200, 330  # their widths at first, in pixels of the design
_NETWORK, _NETWORK_WIDEST, _NETWORK_COMPACT = 305, 400, 286
_SHARE = 0.212  # of the window that the network has between the two, so that a large screen gives it more


class Docks(QObject):
    """Puts palette and network to the left of the middle, the properties and the undo history to its right.

    Attributes:
        palette, network, properties, history: the docks.
        compacted: carries whether the window is too small for all of them.
    """

    compacted = Signal(bool)

    def __init__(self, window: QMainWindow, watching: Watching) -> None:
        super().__init__(window)
        self._window, self._watching = window, watching
        self._compact: bool | None = None
        self._first = ""
        self._given = -1  # pixels that the network was given last; it has others where somebody dragged its edge
        window.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.palette = self._dock("paletteDock", self.tr("Layers"))
        self.network = self._dock("networkDock", self.tr("Network"))
        self.properties = self._dock("propertiesDock", self.tr("Properties"))
        self.history = self._dock("historyDock", self.tr("Undo history"))
        for dock, words in zip(
            self.lasting, (self.tr("Lay&ers"), self.tr("&Network"), self.tr("&Properties")), strict=True
        ):
            dock.toggleViewAction().setText(words)

    def _dock(self, name: str, title: str) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        # The cards have headings of their own; the dock's would repeat them.
        dock.setTitleBarWidget(QWidget(dock))
        return dock

    @property
    def lasting(self) -> tuple[QDockWidget, QDockWidget, QDockWidget]:
        """The docks that are shown at first, from left to right."""
        return self.palette, self.network, self.properties

    def fill(self, palette: QWidget, network: QWidget, properties: QWidget, history: QWidget) -> None:
        """Put the panels into the docks and the docks into the window."""
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        _put(self.palette, palette, (8, 8, 0, 8))
        _put(self.network, network, (0, 8, 0, 8))
        _put(self.properties, properties, (0, 8, 8, 8))
        _put(self.history, history, (0, 0, 8, 8))
        self._window.addDockWidget(left, self.palette)
        self._window.splitDockWidget(self.palette, self.network, Qt.Orientation.Horizontal)
        self._window.addDockWidget(right, self.properties)
        self._window.splitDockWidget(self.properties, self.history, Qt.Orientation.Vertical)
        self.history.hide()
        self._divide()
        for dock in (*self.lasting, self.history):
            dock.toggleViewAction().toggled.connect(self._keep_margins)
        self.palette.toggleViewAction().toggled.connect(self._show_palette)
        self.properties.toggleViewAction().toggled.connect(self._show_properties)
        current().text_size_changed.connect(self._fold_anew)

    def _divide(self) -> None:
        self._given = self._network_width()
        palette = max(fonts.pixels(_PALETTE), self.palette.minimumSizeHint().width())
        widths = [palette, self._given, fonts.pixels(_PROPERTIES)]
        self._window.resizeDocks(list(self.lasting), widths, Qt.Orientation.Horizontal)

    def _follow_window(self) -> None:
        """Give the network its share of a window of another size, unless its edge was dragged or kept elsewhere."""
        if self.network.width() == self._given != self._network_width():
            self._given = self._network_width()
            shown = [dock for dock in self.lasting if not dock.isHidden()]
            widths = [self._given if dock is self.network else dock.width() for dock in shown]
            self._window.resizeDocks(shown, widths, Qt.Orientation.Horizontal)

    def _network_width(self) -> int:
        """Return how many pixels the network has until somebody drags its edge."""
        if self._is_compact():
            return fonts.pixels(_NETWORK_COMPACT)
        share = round(_SHARE * self._window.width())
        return max(fonts.pixels(_NETWORK), min(share, fonts.pixels(_NETWORK_WIDEST)))

    # --- The layout as a whole ------------------------------------------------------------------------------------

    def note_first(self) -> None:
        """Remember how the window is divided now, for ``reset``."""
        self._first = layout.written(self._window)

    def reset(self) -> None:
        """Put every panel back where it was at first."""
        layout.put(self._window, self._first)
        self._fold_anew()

    def put(self, text: str) -> None:
        """Divide the window as it was kept; what is no such text changes nothing."""
        if layout.put(self._window, text):
            self._given = -1
            self._compact = self._is_compact()
            self.compacted.emit(self._compact)

    # --- Room -----------------------------------------------------------------------------------------------------

    def _is_compact(self) -> bool:
        return self._window.width() < fonts.pixels(COMPACT_BELOW)

    @Slot()
    def _fold_anew(self) -> None:
        self._compact = None
        self.fold()

    def fold(self) -> None:
        """Leave out what has no room in a small window."""
        compact = self._is_compact()
        if compact != self._compact:
            self._compact = compact
            self.palette.setVisible(not compact)
            self.properties.setVisible(not compact)
            self.compacted.emit(compact)
            self._divide()
        elif not compact:
            self._follow_window()

    @Slot()
    def toggle_properties(self) -> None:
        """Show the properties, or hide them."""
        self.properties.setVisible(self.properties.isHidden())

    @Slot(bool)
    def _show_palette(self, shown: bool) -> None:
        self._make_way(self.properties, shown)

    @Slot(bool)
    def _show_properties(self, shown: bool) -> None:
        self._make_way(self.palette, shown)

    def _make_way(self, dock: QDockWidget, shown: bool) -> None:
        """Hide ``dock`` when another one is ``shown`` beside which it has no room, rather than cut one of them."""
        needed = sum(dock.minimumSizeHint().width() for dock in self.lasting if not dock.isHidden())
        if shown and needed > self._window.width():
            dock.hide()

    @Slot()
    def _keep_margins(self) -> None:
        """Leave the same margin at the window's edge, whichever panel stands there."""
        for dock, neighbour in ((self.network, self.palette), (self.palette, None)):
            box = dock.widget().layout()
            if box is not None:
                box.setContentsMargins(0 if neighbour and not neighbour.isHidden() else 8, 8, 0, 8)
        left = 0 if any(not dock.isHidden() for dock in (self.palette, self.network)) else 8
        right = self.properties.widget().layout()
        if right is not None:
            right.setContentsMargins(0, 8, 8, 8 if self.history.isHidden() else 0)
        below = self.history.widget().layout()
        if below is not None:
            below.setContentsMargins(0, 8 if self.properties.isHidden() else 0, 8, 8)
        alone = self.properties.isHidden() and self.history.isHidden()
        self._watching.set_margins(left, 8 if alone else 0)


def _put(dock: QDockWidget, content: QWidget, margins: tuple[int, int, int, int]) -> None:
    holder = QWidget(dock)
    box = QVBoxLayout(holder)
    box.setContentsMargins(*margins)
    box.addWidget(content)
    dock.setWidget(holder)
