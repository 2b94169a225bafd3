"""The middle of the window: the two curves above, and below what the network makes of the samples.

Where it is too low for both, the curves are tabs beside the samples and the network's picture.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QSplitter, QStackedWidget, QTabWidget, QToolButton, QVBoxLayout, QWidget

from nncore.metrics import Metric
from workbench.middle.plots import NARROW_BELOW, Plots
from workbench.panels.gallery import GalleryPanel
from workbench.panels.picture import PicturePanel
from workbench.panels.steps import StepsPanel
from workbench.panels.writing import WritingPanel
from workbench.plotting import EmptyState
from workbench.plotting.panel import Panel
from workbench.theme import current, fonts, icons
from workbench.theme.widgets import card
from workbench.training.views import BOUNDARY, FORECAST, GALLERY, PAIRS, STEPS, WRITING
from workbench.window.banner import Banner
from workbench.window.tab_order import COVERED

if TYPE_CHECKING:
    from workbench.panels.boundary import BoundaryPanel
    from workbench.panels.curves import CurvePanel
    from workbench.panels.forecast import ForecastPanel
    from workbench.panels.regression import RegressionPanel

SHORT_BELOW = 560  # pixels of the design, of this widget's height
TOGETHER_BELOW = 360  # and of the height that messages leave: less is not enough for curves above samples
LATER = 150  # milliseconds from one view to the next that is built while nobody waits for it

_View = TypeVar("_View", bound=Panel)

_VIEWS = {
    GALLERY: "gallery",
    BOUNDARY: "boundary",
    PAIRS: "regression",
    FORECAST: "forecast",
    STEPS: "steps",
    WRITING: "writing",
}


class Watching(QWidget):
    """Composes the panels; side by side or above each other where there is room, as tabs where there is not.

    Attributes:
        plots: the curves; see there when they are built.
        gallery, boundary, regression, forecast, steps, writing: ways to show what the network says; one is visible.
            Those with plots take long to build: it is done when they are wanted, or else after the window was painted.
        picture: the drawing of the network, in a tab beside these ways; ``views`` are the tabs, first of all the curves
            where there is no room for them above.
        grid_wanted: the view must be asked for anew: the plane shows another part of itself, or it was hidden.
        enlarged: predictions or picture are to have all the room, or not any more.
        message: as a panel has it.
    """

    grid_wanted = Signal()
    enlarged = Signal(bool)
    message = Signal(str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watching")
        self._first = ""
        self.banner = Banner(self)
        self.plots = Plots(self)
        self.gallery = GalleryPanel(self)
        self.steps = StepsPanel(self)
        self.writing = WritingPanel(self)
        self.stack = QStackedWidget(self)
        for view in (self.gallery, self.steps, self.writing):
            self.stack.addWidget(view)
        self._nothing = QWidget(self)
        self.unusable = EmptyState("", self._nothing, QGridLayout(self._nothing))
        self.stack.addWidget(self._nothing)
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
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setObjectName("watchingSplitter")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.plots)
        self._split.addWidget(card(self.views))
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 7)
        self._split.setSizes([215, 485])
        self._shares: list[int] = []
        self._together = False
        self._split.installEventFilter(self)
        self.plots.placed.connect(self._name_tabs)
        current().text_size_changed.connect(self._fit)
        self._enlarge(False)
        for teller in (self.plots, self.gallery, self.steps, self.writing, self.picture):
            teller.message.connect(self.message)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(8)
        layout.addWidget(self.banner)
        layout.addWidget(self._split, 1)
        self._short = False

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
        self._show_plots()
        icons.bind(self.enlarge_button, "reduce" if whole else "enlarge")
        again, room = self.tr("Show curves and panels again"), self.tr("Use the room of curves, palette and properties")
        self.enlarge_button.setToolTip(again if whole else room)
        self.enlarged.emit(whole)

    def _show_plots(self) -> None:
        """Show the curves above, or as tabs below where the room is low, unless samples or picture are to have it."""
        if self.isVisible():
            self._stand_together(self._split.height() < fonts.pixels(TOGETHER_BELOW))
        hidden = self._together or self.enlarge_button.isChecked()
        if hidden == self.plots.isHidden():
            return
        if hidden:
            self._shares = self._split.sizes()
        self.plots.setHidden(hidden)
        if not hidden and self._shares:
            self._split.setSizes(self._shares)  # a splitter forgets what a part had that was hidden

    def _stand_together(self, together: bool) -> None:
        if together == self._together:
            return
        self._together = together
        self.plots.lend(self.views if together else None)
        apart, whole = self.tr("Predictions or the network's picture"), self.tr("Curves, predictions or picture")
        self.views.setAccessibleName(whole if together else apart)
        self._name_tabs()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._split and event.type() == QEvent.Type.Resize:
            self._show_plots()
        return False

    @property
    def loss_curve(self) -> CurvePanel:
        """The loss over the epochs."""
        return self.plots.curves[0]

    @property
    def metric_curve(self) -> CurvePanel:
        """The metric over the epochs."""
        return self.plots.curves[1]

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

    def show_nothing(self) -> None:
        """Show no samples: the data that were chosen cannot be used."""
        self.unusable.show_sentence(self.tr("These data cannot be used. Choose others, or mend them and load again."))
        self.stack.setCurrentWidget(self._nothing)

    def _view(self, kind: str) -> QWidget:
        view: QWidget = getattr(self, _VIEWS[kind])
        return view

    @functools.cached_property
    def boundary(self) -> BoundaryPanel:
        """The plane with its points."""
        from workbench.panels.boundary import BoundaryPanel

        panel = self._added(BoundaryPanel(self))
        panel.request_changed.connect(self.grid_wanted)
        return panel

    @functools.cached_property
    def regression(self) -> RegressionPanel:
        """Predictions over the truth."""
        from workbench.panels.regression import RegressionPanel

        panel = self._added(RegressionPanel(self))
        panel.show_first(self._first)
        return panel

    @functools.cached_property
    def forecast(self) -> ForecastPanel:
        """A series and what was predicted of it."""
        from workbench.panels.forecast import ForecastPanel

        return self._added(ForecastPanel(self))

    def _added(self, view: _View) -> _View:
        self.stack.addWidget(view)
        view.message.connect(self.message)
        return view

    def complete(self) -> None:
        """Build the curves and every view now."""
        self.plots.build()
        for kind in _VIEWS:
            self._view(kind)

    @Slot()
    def _build_next(self) -> None:
        """Build the curves or a view that nobody has asked for yet, so that none has to be waited for later."""
        if not self.plots.built:
            self.plots.build()
            return
        missing = [kind for kind, name in _VIEWS.items() if name not in vars(self)]
        if missing:
            self._view(missing[0])
        if len(missing) <= 1:
            self._later.stop()

    def set_metric(self, metric: Metric | type[Metric]) -> None:
        """Name the second curve after the metric that is measured."""
        self.plots.set_metric(metric)
        self._name_tabs()

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained: until then, nothing invites to train it.

        Args:
            words: see ``first.to_do_first``.
        """
        self._first = words
        self.plots.show_first(words)
        self.writing.show_first(words)
        self.gallery.try_line.show_first(words)
        if "regression" in vars(self):
            self.regression.show_first(words)

    def set_margins(self, left: int, right: int) -> None:
        """Keep this many pixels free at the sides."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(left, 8, right, 8)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_plots()
        if not self._split.property(COVERED):
            self.plots.build()
        self._later.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        short = self.height() < fonts.pixels(SHORT_BELOW)
        if short != self._short:
            self._short = short
            # Two rows of samples are to be seen in a short window, too.
            self._shares = [176, 332] if short else [230, 480]
            self._split.setSizes(self._shares)

    @Slot()
    def _fit(self) -> None:
        self.plots.fit(self.width())
        self._show_plots()
        self._name_tabs()

    @Slot()
    def _name_tabs(self) -> None:
        """Name the tabs in fewer words where all of them would not fit."""
        picture, short = self.tr("Network picture"), self.tr("Picture")
        if not self._together:
            self._name_picture(short if self.width() < fonts.pixels(NARROW_BELOW) else picture)
            return
        room = self.views.width() - self.enlarge_button.sizeHint().width()
        for narrow, words in ((False, picture), (True, picture), (True, short)):
            self.plots.name_metric(narrow)
            self._name_picture(words)
            if self.views.tabBar().sizeHint().width() <= room:
                return

    def _name_picture(self, words: str) -> None:
        tab = self.views.indexOf(self.picture)
        if self.views.tabText(tab) != words:
            self.views.setTabText(tab, words)
