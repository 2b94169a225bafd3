"""Has the inspector write texts, a few characters at a time: one after each epoch, and those a person asks for."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject

from nncore.datasets.base import TrainingData
from nncore.datasets.baselines import baselines
from nncore.datasets.text import is_characters
from nncore.history import History
from nncore.losses import CategoricalCrossentropy, Loss, SparseCategoricalCrossentropy
from nncore.snapshot import Snapshot
from workbench.panels.writing import WritingPanel
from workbench.results import WriteRequest, Written
from workbench.training.controller import RUNNING, TrainingController
from workbench.training.inspector import Inspector, Question
from workbench.training.views import Writing

SAMPLE = 120
"""How much the network writes by itself after an epoch."""


class Writer(QObject):
    """At most one text is under way; a new one that a person asks for takes its place."""

    def __init__(
        self, controller: TrainingController, panel: WritingPanel, inspector: Inspector, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._panel, self._inspector = controller, panel, inspector
        self._data: TrainingData | None = None
        self._writing: Writing | None = None
        self._wanted: WriteRequest | None = None
        self._number = 0
        self._sampled = -1
        self._rule: float | None = None
        panel.write_wanted.connect(self._want)
        panel.stop_wanted.connect(self._stop)
        panel.shown.connect(self.go_on)

    # --- What changes seldom ---

    def follow_data(self, data: TrainingData | None) -> None:
        """Other data: the texts up to now are of no interest; None if these are not to be continued."""
        self._data, self._rule = data, None
        if data is not None:
            self._rule = baselines(data).get("validation", {}).get("bigram", {}).get("loss")
            self._panel.set_unit(not is_characters(data.data.vocabulary))
        self._forget()
        self._show_state()

    def follow_result(self) -> None:
        """Another training, or none; the texts of one that is continued stay."""
        self._writing, self._wanted = None, None
        history = self._controller.history
        if history is None or not len(history.step_loss):
            self._forget()
        self._show_state()

    def _forget(self) -> None:
        self._writing, self._wanted = None, None
        self._number, self._sampled = 0, -1
        self._panel.clear()
        self._show_loss(None, True)

    # --- Writing ---

    def go_on(self) -> None:
        """Write the next piece of the text under way, or begin one if it is time."""
        snapshot = self._controller.snapshot
        if self._data is None or snapshot is None or not self._controller.learned_from_data or self._inspector.busy:
            self._show_state()
            return
        if self._wanted is not None:
            self._begin(self._wanted, snapshot, asked=True)
            self._wanted = None
        elif self._writing is None and self._panel.isVisible() and int(snapshot.epoch) > self._sampled:
            request = self._panel.request()
            self._begin(dataclasses.replace(request, length=min(SAMPLE, request.length)), snapshot, asked=False)
        if self._writing is not None:
            self._inspector.ask(Question(self._writing.snapshot, self._writing.go_on))
        self._show_state()

    def _begin(self, request: WriteRequest, snapshot: Snapshot, *, asked: bool) -> None:
        assert self._data is not None
        self._number += 1
        self._sampled = int(snapshot.epoch)
        self._writing = Writing(
            self._number,
            snapshot,
            self._data.data.vocabulary,
            request,
            asked=asked,
            seed=self._controller.document.project.training.seed,
            from_logits=bool(getattr(self._loss(), "from_logits", False)),
        )

    def show(self, written: Written) -> None:
        """Show a piece that was written."""
        if self._writing is None or written.number != self._writing.number:
            return
        self._panel.show_written(written)
        if written.done:
            self._writing = None
        self._show_state()

    def _want(self) -> None:
        self._wanted, self._writing = self._panel.request(), None
        self._inspector.forget()
        if self._controller.state == RUNNING:
            self._controller.ask_for_snapshot()  # the next look begins with the weights of now
            self._show_state()
        else:
            self.go_on()

    def _stop(self) -> None:
        self._wanted, self._writing = None, None
        self._inspector.forget()
        self._show_state()

    def _show_state(self) -> None:
        ready = self._data is not None and self._controller.snapshot is not None and self._controller.learned_from_data
        busy = self._wanted is not None or (self._writing is not None and self._writing.asked)
        self._panel.show_state(ready=ready, busy=busy)

    # --- The score ---

    def show_score(self, history: History) -> None:
        """Show how surely the network knows what comes next, if its loss says so."""
        if self._data is not None and self._data.validation is not None:
            self._show_loss(history.last("val_loss"), True)
        elif self._data is not None:
            self._show_loss(history.last("loss"), False)

    def _show_loss(self, loss: float | None, held_out: bool) -> None:
        # Other losses are no cross-entropies in nats, so they cannot be compared with one.
        if isinstance(self._loss(), SparseCategoricalCrossentropy | CategoricalCrossentropy):
            self._panel.show_score(loss, self._rule, held_out)
        else:
            self._panel.show_score(None, None, False)

    def _loss(self) -> Loss:
        session = self._controller.session
        settings = session.settings if session is not None else self._controller.document.project.training
        return settings.loss
