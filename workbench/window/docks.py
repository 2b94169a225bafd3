"""The panels at the sides of the window: where each stands, what is left out where there is no room, the margins."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from workbench.actions import Actions
from workbench.middle.watching import Watching
from workbench.theme import current, fonts
from workbench.window import layout
from workbench.window.room import FORM, LEAST
from workbench.window.side_panel import SidePanel

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
    _come_or_gone = Signal()

    def __init__(self, window: QMainWindow, watching: Watching) -> None:
        super().__init__(window)
        self._window, self._watching = window, watching
        self._compact: bool | None = None
        self._first = ""
        self._putting = False  # the whole layout, so that no panel's change counts
        self._widths: dict[SidePanel, int] = {}  # of what palette and network hold, while panels come and go
        self._given = -1  # pixels that the network was given last; it has others where somebody dragged its edge
        window.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.palette = SidePanel("paletteDock", self.tr("Layers"), window)
        self.network = SidePanel("networkDock", self.tr("Network"), window)
        self.properties = SidePanel("propertiesDock", self.tr("Properties"), window)
        self.history = SidePanel("historyDock", self.tr("Undo history"), window)
        for dock, words in zip(
            self.lasting, (self.tr("Lay&ers"), self.tr("&Network"), self.tr("&Properties")), strict=True
        ):
            dock.toggleViewAction().setText(words)

    @property
    def lasting(self) -> tuple[SidePanel, SidePanel, SidePanel]:
        """The docks that are shown at first, from left to right."""
        return self.palette, self.network, self.properties

    @property
    def every(self) -> tuple[SidePanel, SidePanel, SidePanel, SidePanel]:
        """All docks."""
        return *self.lasting, self.history

    def fill(self, palette: QWidget, network: QWidget, properties: QWidget, history: QWidget) -> None:
        """Put the panels into the docks and the docks into the window."""
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.palette.put(palette, (8, 8, 0, 8))
        self.network.put(network, (0, 8, 0, 8))
        self.properties.put(properties, (0, 8, 8, 8))
        self.history.put(history, (0, 0, 8, 8))
        for dock, side in zip(self.every, (left, left, right, right), strict=True):
            dock.setAllowedAreas(side)
        self._window.addDockWidget(left, self.palette)
        self._window.splitDockWidget(self.palette, self.network, Qt.Orientation.Horizontal)
        self._window.addDockWidget(right, self.properties)
        self._window.splitDockWidget(self.properties, self.history, Qt.Orientation.Vertical)
        self.history.hide()
        self._divide()
        for dock in self.every:
            for changed in (dock.toggleViewAction().toggled, dock.topLevelChanged):
                changed.connect(self._keep_margins)
                changed.connect(self._order_later)
            dock.turning.connect(self._note_widths)
        # When Qt has divided the window anew, but before it is painted.
        self._come_or_gone.connect(self._keep_widths, Qt.ConnectionType.QueuedConnection)
        # A dock that comes back from a window of its own is hidden and shown again by Qt.
        self.palette.toggleViewAction().toggled.connect(self._follow_palette)
        self.properties.toggleViewAction().toggled.connect(self._follow_properties)
        current().text_size_changed.connect(self._fold_anew)

    def offer(self, menu: QMenu, actions: Actions) -> None:
        """Fill a menu: which panels are shown, and which of them are in windows of their own."""
        menu.addActions([dock.toggleViewAction() for dock in self.lasting])
        menu.addSeparator()
        names = ("floatPaletteAction", "floatNetworkAction", "floatPropertiesAction", "floatHistoryAction")
        for dock, name in zip(self.every, names, strict=True):
            menu.addAction(actions[name])
            actions[name].triggered.connect(dock.take_out)
            dock.topLevelChanged.connect(actions[name].setChecked)

    def _divide(self) -> None:
        self._forget_widths()
        self._given = self._network_width()
        widths = self._first_widths()
        docked = [dock for dock in self.lasting if not dock.isFloating()]
        self._window.resizeDocks(docked, [widths[dock] for dock in docked], Qt.Orientation.Horizontal)

    def _first_widths(self) -> dict[SidePanel, int]:
        """Return how many pixels each panel has until somebody drags its edge."""
        palette = max(fonts.pixels(_PALETTE), self.palette.minimumSizeHint().width())
        return dict(zip(self.lasting, (palette, self._network_width(), fonts.pixels(_PROPERTIES)), strict=True))

    def _follow_window(self) -> None:
        """Give the network its share of a window of another size, unless its edge was dragged or kept elsewhere."""
        if self.network.stands and self.network.width() == self._given != self._network_width():
            self._given = self._network_width()
            shown = [dock for dock in self.lasting if dock.stands]
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
        self._put(self._first)
        self._fold_anew()

    def put(self, text: str) -> None:
        """Divide the window as it was kept; what is no such text changes nothing."""
        if self._put(text):
            self._forget_widths()
            self._given = -1
            self._compact = self._is_compact()
            self.compacted.emit(self._compact)

    def _put(self, text: str) -> bool:
        self._putting = True
        try:
            return layout.put(self._window, text)
        finally:
            self._putting = False

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
            for dock in (self.palette, self.properties):
                if not dock.isFloating():
                    dock.setVisible(not compact)
            self.compacted.emit(compact)
            self._divide()
        elif not compact:
            self._follow_window()

    @Slot()
    def toggle_properties(self) -> None:
        """Show the properties, or hide them."""
        self.properties.setVisible(self.properties.isHidden())

    @Slot()
    def _follow_palette(self) -> None:
        self._make_way(self.properties, self.palette)

    @Slot()
    def _follow_properties(self) -> None:
        self._make_way(self.palette, self.properties)

    def _make_way(self, dock: SidePanel, other: SidePanel) -> None:
        """Hide ``dock`` when it has no room beside ``other``, rather than cut one of them."""
        needed = sum(dock.minimumSizeHint().width() for dock in self.lasting if dock.stands)
        if dock.stands and other.stands and needed > self._window.width():
            dock.hide()

    @Slot()
    def _note_widths(self) -> None:
        """Have palette and network keep their widths, whichever panel comes or goes: the room is the middle's.

        Qt would give it to the panel beside it, and take it from there.
        """
        if self._putting or self._widths:
            return
        self._widths = {dock: dock.docked_width - dock.margins for dock in (self.palette, self.network)}
        self._come_or_gone.emit()

    def _forget_widths(self) -> None:
        """Have what does not stand here come back as wide as at first: the window is divided anew without it."""
        self._widths = {}
        for dock in self.lasting:
            if not dock.stands:
                dock.docked_width = 0

    @Slot()
    def _keep_widths(self) -> None:
        noted, self._widths = self._widths, {}
        self._keep_margins()  # an entry of the menu is switched before its panel is
        self._lay_out()
        first = self._first_widths()
        widths = {
            dock: width + dock.margins if width > 0 else first[dock] for dock, width in noted.items() if dock.stands
        }
        middle = self._watching.width() + sum(dock.width() - width for dock, width in widths.items())
        if middle < fonts.pixels(LEAST):
            widths = {dock: dock.minimumSizeHint().width() for dock in widths}
            widths |= {dock: fonts.pixels(FORM) for dock in (self.properties, self.history) if dock.stands}
        self._window.resizeDocks(list(widths), list(widths.values()), Qt.Orientation.Horizontal)
        self._lay_out()

    def _lay_out(self) -> None:
        whole = self._window.layout()
        if whole is not None:
            whole.activate()

    @Slot()
    def _order_later(self) -> None:
        QTimer.singleShot(0, self, self._order)

    @Slot()
    def _order(self) -> None:
        """Put panels that a hand has dropped in another order beside each other, or below, as they were at first."""
        self._lay_out()
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        if self.palette.stands and self.network.stands and self.network.x() <= self.palette.geometry().right():
            self._window.splitDockWidget(self.palette, self.network, across)
            self._divide()
        if self.properties.stands and self.history.stands and self.history.y() <= self.properties.geometry().bottom():
            self._window.splitDockWidget(self.properties, self.history, down)
            self._divide()

    @Slot()
    def _keep_margins(self) -> None:
        """Leave the same margin at the window's edge, whichever panel stands there."""
        self.palette.leave_edge((8, 8, 0, 8))
        self.network.leave_edge((0 if self.palette.stands else 8, 8, 0, 8))
        self.properties.leave_edge((0, 8, 8, 0 if self.history.stands else 8))
        self.history.leave_edge((0, 0 if self.properties.stands else 8, 8, 8))
        left, right = (self.palette, self.network), (self.properties, self.history)
        self._watching.set_margins(*(0 if any(dock.stands for dock in side) else 8 for side in (left, right)))
