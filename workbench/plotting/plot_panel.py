"""A panel whose body is one plot.

Invariant: axes are laid out anew when the plot has taken its new size, never before, and what lies under the mouse is
told in words by ``describe``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, Slot
from PySide6.QtGui import QHelpEvent, QShowEvent
from PySide6.QtWidgets import QToolTip, QWidget

from workbench.plotting.empty import EmptyState
from workbench.plotting.panel import Panel
from workbench.plotting.plot import Plot
from workbench.theme import fonts

_LEFT_AXIS, _BOTTOM_AXIS = 48, 43  # pixels of the design


class PlotPanel(Panel):
    """A header line above a plot.

    Args:
        name: the panel's accessible name.
        plot_name: object name of the plot.
        sentence: what is said while there is nothing to show.
    """

    def __init__(self, name: str, plot_name: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.plot = Plot(self, plot_name)
        self.body.addWidget(self.plot.widget, 0, 0)
        self.empty = EmptyState(sentence, self, self.body)
        self._keep_axes_free()
        self.plot.widget.viewport().installEventFilter(self)
        self.plot.box.sigResized.connect(self._fit_anew)
        self._fitting = False

    def _keep_axes_free(self) -> None:
        """Leave the numbers beside the axes out of what the sentence may cover."""
        left, bottom = fonts.pixels(_LEFT_AXIS), fonts.pixels(_BOTTOM_AXIS)
        self.empty.margins = QMargins(left + 16, 8, 32, bottom)

    def _keep_plot(self) -> None:
        """Let the sentence lie within the plot itself where there is little room for it."""
        size = self.plot.widget.size()
        box = self.plot.box.mapRectToScene(self.plot.box.rect()).toRect()
        self.empty.kept = QMargins(box.left(), box.top(), size.width() - box.right(), size.height() - box.bottom())

    def fit_text(self) -> None:
        super().fit_text()
        self._keep_axes_free()

    def fit(self) -> None:
        """Set ranges and labels of the axes for the plot's present size."""

    def describe(self, x: float, y: float) -> str:
        """Return in words what is shown at a place of the plot; empty where there is nothing."""
        return ""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_anew(None)

    @Slot(object)
    def _fit_anew(self, _box: object) -> None:
        # Longer labels make the axis wider and the plot narrower, which would call this again.
        if self.isVisible() and not self._fitting:
            self._fitting = True
            self.fit()
            self._keep_plot()
            self._fitting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            position = self.plot.box.mapSceneToView(self.plot.widget.mapToScene(event.pos()))
            text = self.describe(float(position.x()), float(position.y()))
            if text:
                QToolTip.showText(event.globalPos(), text, self.plot.widget)
            else:
                QToolTip.hideText()
            return True
        return super().eventFilter(watched, event)
