"""The two curves above: side by side where there is room, one behind the other as tabs where there is not.

Where even those would be too low, the curves stand as tabs beside what the network says; see ``watching``.

Invariant: the curves are built when somebody wants them, and at the latest when they come into view. pyqtgraph, which
draws them, takes as long to import as all else that the first window needs, and the welcome page covers them.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QWidget

from nncore.metrics import Metric
from workbench.plotting.panel import initials
from workbench.theme import fonts
from workbench.theme.widgets import card

if TYPE_CHECKING:
    from workbench.panels.curves import CurvePanel

TABS_BELOW, NARROW_BELOW = 520, 300  # pixels of the design


class Plots(QStackedWidget):
    """Loss and metric.

    Attributes:
        tabs: the curves stand in them where there is no room for both.
        message: as a panel has it.
        placed: the curves are built, and stand where they belong.
    """

    message = Signal(str, str, bool)
    placed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metric = (self.tr("Accuracy"), True)
        self._first = ""
        self._planned = 0.0
        self._side_by_side = QSplitter(Qt.Orientation.Horizontal, self)
        self._side_by_side.setChildrenCollapsible(False)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("plotTabs")
        self.tabs.setAccessibleName(self.tr("Loss and metric"))
        self.tabs.setDocumentMode(True)
        self._tab_card = card(self.tabs)
        self.addWidget(self._side_by_side)
        self.addWidget(self._tab_card)
        self._tabbed = self._narrow = False
        self._host: QTabWidget | None = None

    @functools.cached_property
    def curves(self) -> tuple[CurvePanel, CurvePanel]:
        """Loss and metric, named ``lossPlot`` and ``accuracyPlot``."""
        from workbench.panels.curves import CurvePanel

        loss, metric = CurvePanel(self.tr("Loss"), False, self), CurvePanel(*self._metric, self)
        loss.setObjectName("lossPlot")
        metric.setObjectName("accuracyPlot")
        for number, panel in enumerate((loss, metric)):
            panel.message.connect(self.message)
            panel.show_first(self._first)
            if self._planned:
                panel.show_planned(self._planned)
            self._place(number, panel)
        return loss, metric

    def build(self) -> None:
        """Build the curves, unless they are there."""
        if not self.built:
            _ = self.curves
            self.placed.emit()

    @property
    def built(self) -> bool:
        """Whether the curves are there."""
        return "curves" in vars(self)

    def set_metric(self, metric: Metric | type[Metric]) -> None:
        """Name the second curve after the metric that is measured."""
        self._metric = (metric.label, metric.percent)
        if self.built:
            self.curves[1].set_metric(*self._metric)
        self._name_tabs()

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained; empty when it can be."""
        self._first = words
        for panel in self.curves if self.built else ():
            panel.show_first(words)

    def show_planned(self, epochs: float) -> None:
        """Say how many epochs a training will have."""
        self._planned = epochs
        for panel in self.curves if self.built else ():
            panel.show_planned(epochs)

    def clear(self) -> None:
        """Forget everything that was shown: a new training starts."""
        for panel in self.curves if self.built else ():
            panel.clear()

    def fit(self, width: int) -> None:
        """Stand side by side or one behind the other, as fits this width."""
        self._narrow = width < fonts.pixels(NARROW_BELOW)
        tabbed = width < fonts.pixels(TABS_BELOW)
        if tabbed != self._tabbed:
            self._tabbed = tabbed
            if self._host is None:
                self._place_all()
        self._name_tabs()

    def lend(self, host: QTabWidget | None) -> None:
        """Let the curves be the first tabs of another widget; None takes them back."""
        if host is not self._host:
            self._host = host
            self._place_all()
            self._name_tabs()

    def _place_all(self) -> None:
        for number, panel in enumerate(self.curves if self.built else ()):
            self._place(number, panel)
            self.style().unpolish(panel)
            self.style().polish(panel)
        self.setCurrentWidget(self._tab_card if self._tabbed else self._side_by_side)

    def _home(self) -> QTabWidget | None:
        """Return the tabs that the curves stand in, if they do."""
        return (self.tabs if self._tabbed else None) if self._host is None else self._host

    def _place(self, number: int, panel: CurvePanel) -> None:
        home = self._home()
        panel.setProperty("card", home is None)  # tabs are in a card already
        panel.show_title(home is None)
        if home is None:
            self._side_by_side.addWidget(panel)
            panel.show()
        else:
            home.insertTab(number, panel, panel.accessibleName())
            if number == 1:
                self._name(home, self._narrow)

    def _name_tabs(self) -> None:
        self.name_metric(self._narrow)

    def name_metric(self, narrow: bool) -> None:
        """Name the tab of the metric; in fewer words where all of them would not fit."""
        home = self._home()
        if home is not None and self.built:
            self._name(home, narrow)

    def _name(self, home: QTabWidget, narrow: bool) -> None:
        name = self._metric[0]
        words = (initials(name) if narrow else "") or name
        if home.tabText(1) != words:
            home.setTabText(1, words)
            home.setTabToolTip(1, name if words != name else "")
