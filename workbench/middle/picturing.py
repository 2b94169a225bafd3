"""Keeps the network picture in step with the document, the list and the training.

Invariant: it pulls; while the picture is hidden or nothing learns, no timer runs.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Slot

from workbench.document import Document
from workbench.editor.layer_view import LayerView
from workbench.panels.picture import PicturePanel
from workbench.training.controller import RUNNING, TrainingController

INTERVAL, LONGEST = 200, 1000  # milliseconds from look to look
REST = 12  # milliseconds of rest for each that the window's thread worked since the last look


class Picturing(QObject):
    """Shows the document's network with the newest weights, and passes choices on to the list and back."""

    def __init__(
        self, controller: TrainingController, layers: LayerView, panel: PicturePanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._layers, self._panel = controller, layers, panel
        self._document: Document = controller.document
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._used = 0.0
        self._document.trace_changed.connect(self._follow_network)
        controller.state_changed.connect(self._follow)
        controller.result_changed.connect(self._follow)
        layers.row_chosen.connect(self._follow_choice)
        panel.shown.connect(self._follow)
        panel.chosen.connect(self._choose)
        panel.opened.connect(layers.ask_for_form)
        self._follow_network()

    @Slot()
    def _follow_network(self) -> None:
        self._panel.show_network(self._document.network, self._document.trace)
        self._follow_choice()

    @Slot(str, int)
    def _follow_choice(self, kind: str = "", position: int = -1) -> None:
        self._panel.select(self._layers.currentIndex().row())

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._layers.setCurrentIndex(self._layers.rows.index(row))

    @Slot()
    def _follow(self, _: object = None) -> None:
        """Begin to look, or look a last time."""
        self._show()
        if self._panel.isVisible() and self._controller.state == RUNNING:
            self._timer.start(INTERVAL)
        else:
            self._timer.stop()

    @Slot()
    def _look(self) -> None:
        if not self._panel.isVisible() or self._controller.state != RUNNING:
            return
        used = time.thread_time()
        took, self._used = 1000 * (used - self._used), used
        self._show()
        self._controller.ask_for_snapshot()
        self._timer.start(round(min(LONGEST, max(INTERVAL, REST * took))))

    def _show(self) -> None:
        self._panel.show_weights(self._controller.snapshot)
