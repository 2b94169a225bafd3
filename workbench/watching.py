"""The middle of the window: the two curves above, and below what the network makes of the samples."""

from __future__ import annotations

import functools
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QTabWidget, QToolButton, QVBoxLayout, QWidget

from nncore.metrics import Metric
from workbench.banner import Banner
from workbench.panels.boundary import BoundaryPanel
from workbench.panels.curves import CurvePanel
from workbench.panels.forecast import ForecastPanel
from workbench.panels.gallery import GalleryPanel
from workbench.panels.picture import PicturePanel
from workbench.panels.regression import RegressionPanel
from workbench.panels.steps import StepsPanel
from workbench.panels.writing import WritingPanel
from workbench.theme import fonts, icons
from workbench.training.views import BOUNDARY, FORECAST, GALLERY, PAIRS, STEPS, WRITING

TABS_BELOW, SHORT_BELOW = 560, 560  # pixels of the design, of this widget's width and height
LATER = 150  # milliseconds from one view to the next that is built while nobody waits for it

_View = TypeVar("_View", bound=QWidget)

_VIEWS = {
    GALLERY: "gallery",
    BOUNDARY: "boundary",
    PAIRS: "regression",
    FORECAST: "forecast",
    STEPS: "steps",
    WRITING: "writing",
}


class Watching(QWidget):
    """Composes the panels; side by side where there is room, plots as tabs where there is not.

    Attributes:
        loss_curve, metric_curve: the curves, named ``lossPlot`` and ``accuracyPlot``.
        gallery, boundary, regression, forecast, steps, writing: ways to show what the network says; one is visible.
            Those with plots take long to build: it is done when they are wanted, or else after the window was painted.
        picture: the drawing of the network, in a tab beside these ways; ``views`` are the tabs.
        grid_wanted: the view must be asked for anew: the plane shows another part of itself, or it was hidden.
        enlarged: predictions or picture are to have all the room, or not any more.
    """

    grid_wanted = Signal()
    enlarged = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watching")
        self.banner = Banner(self)
        self.loss_curve = CurvePanel(self.tr("Loss"), False, self)
        self.loss_curve.setObjectName("lossPlot")
        self.metric_curve = CurvePanel(self.tr("Accuracy"), True, self)
        self.metric_curve.setObjectName("accuracyPlot")
        self.gallery = GalleryPanel(self)
        self.steps = StepsPanel(self)
        self.writing = WritingPanel(self)
        self.stack = QStackedWidget(self)
        for view in (self.gallery, self.steps, self.writing):
            self.stack.addWidget(view)
        self._later = QTimer(self)
        self._later.setInterval(LATER)
        self._later.timeout.connect(self._build_next)
        self.picture = PicturePanel(self)
        self.views = QTabWidget(self)
        self.views.setObjectName("viewTabs")
        self.views.setAccessibleName(self.tr("Predictions or the network's picture"))
        self.views.setDocumentMode(True)
        self.views.addTab(self.stack, self.tr("Predictions"))
        self.views.addTab(self.picture, self.tr("Network picture"))
        self.views.setTabToolTip(1, self.tr("A drawing of the whole network, live · F9"))
        self.enlarge_button = self._make_enlarge_button()
        self.views.currentChanged.connect(self._catch_up)
        self.views.setCornerWidget(self.enlarge_button, Qt.Corner.TopRightCorner)
        below = _card(self.views)
        self._side_by_side = QSplitter(Qt.Orientation.Horizontal, self)
        self._side_by_side.setChildrenCollapsible(False)
        for panel in (self.loss_curve, self.metric_curve):
            self._side_by_side.addWidget(panel)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("plotTabs")
        self._tabs.setAccessibleName(self.tr("Loss and metric"))
        self._tabs.setDocumentMode(True)
        self._tab_card = _card(self._tabs)
        self._plots = QStackedWidget(self)
        self._plots.addWidget(self._side_by_side)
        self._plots.addWidget(self._tab_card)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setObjectName("watchingSplitter")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._plots)
        self._split.addWidget(below)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 7)
        self._split.setSizes([215, 485])
        self._shares: list[int] = []
        self._enlarge(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(self.banner)
        layout.addWidget(self._split, 1)
        self._tabbed, self._short = False, False

    def _make_enlarge_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("enlargeButton")
        button.setProperty("flat", True)
        button.setCheckable(True)
        button.setAccessibleName(self.tr("Use all the room"))
        button.toggled.connect(self._enlarge)
        return button

    @Slot(bool)
    def _enlarge(self, whole: bool) -> None:
        if whole:
            self._shares = self._split.sizes()
        self._plots.setHidden(whole)
        if not whole and self._shares:
            self._split.setSizes(self._shares)  # a splitter forgets what a part had that was hidden
        icons.bind(self.enlarge_button, "reduce" if whole else "enlarge")
        again, room = self.tr("Show curves and panels again"), self.tr("Use the room of curves, palette and properties")
        self.enlarge_button.setToolTip(again if whole else room)
        self.enlarged.emit(whole)

    @property
    def predictions_wanted(self) -> bool:
        """Whether what the network says is in front, and not the network's picture."""
        return self.views.currentWidget() is self.stack

    @Slot()
    def _catch_up(self) -> None:
        if self.predictions_wanted:
            self.grid_wanted.emit()

    @Slot()
    def show_picture(self) -> None:
        """Bring the network's picture to the front, ready for the keyboard."""
        self.views.setCurrentWidget(self.picture)
        self.picture.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_view(self, kind: str) -> None:
        """Show what the network says in the way that fits the data; see ``views.view_kind``."""
        self.stack.setCurrentWidget(self._view(kind))

    def _view(self, kind: str) -> QWidget:
        view: QWidget = getattr(self, _VIEWS[kind])
        return view

    @functools.cached_property
    def boundary(self) -> BoundaryPanel:
        """The plane with its points."""
        panel = self._added(BoundaryPanel(self))
        panel.request_changed.connect(self.grid_wanted)
        return panel

    @functools.cached_property
    def regression(self) -> RegressionPanel:
        """Predictions over the truth."""
        return self._added(RegressionPanel(self))

    @functools.cached_property
    def forecast(self) -> ForecastPanel:
        """A series and what was predicted of it."""
        return self._added(ForecastPanel(self))

    def _added(self, view: _View) -> _View:
        self.stack.addWidget(view)
        return view

    def complete(self) -> None:
        """Build every view now."""
        for kind in _VIEWS:
            self._view(kind)

    @Slot()
    def _build_next(self) -> None:
        """Build one of the views that nobody has asked for yet, so that none has to be waited for later."""
        missing = [kind for kind, name in _VIEWS.items() if name not in vars(self)]
        if missing:
            self._view(missing[0])
        if len(missing) <= 1:
            self._later.stop()

    def set_metric(self, metric: Metric | type[Metric]) -> None:
        """Name the second curve after the metric that is measured."""
        self.metric_curve.set_metric(metric.label, metric.percent)
        if self._tabbed:
            self._tabs.setTabText(1, metric.label)

    def set_margins(self, left: int, right: int) -> None:
        """Keep this many pixels free at the sides."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(left, 8, right, 8)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use_tabs(self.width() < fonts.pixels(TABS_BELOW))
        short = self.height() < fonts.pixels(SHORT_BELOW)
        if short != self._short:
            self._short = short
            # Two rows of samples are to be seen in a short window, too.
            self._split.setSizes([190, 318] if short else [230, 480])

    def _use_tabs(self, tabs: bool) -> None:
        """Put the plots side by side, or one behind the other."""
        if tabs == self._tabbed:
            return
        self._tabbed = tabs
        for panel in (self.loss_curve, self.metric_curve):
            panel.setProperty("card", not tabs)  # the tabs are in a card already
            if tabs:
                self._tabs.addTab(panel, panel.accessibleName())
            else:
                self._side_by_side.addWidget(panel)
                panel.show()
            self.style().unpolish(panel)
            self.style().polish(panel)
        self._plots.setCurrentWidget(self._tab_card if tabs else self._side_by_side)


def _card(content: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("card", True)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(1, 1, 1, 1)
    layout.addWidget(content)
    return card
