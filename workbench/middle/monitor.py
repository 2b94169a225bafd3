"""Pull, never push: a timer looks how far training has come, and gives curves and bar what is new.

Invariant: the cost of a look does not depend on how many steps were made since the last one, and a look that comes late
loses nothing. Looking and painting get a bounded share of time: after a look that took long, the next one waits longer.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer

from nncore.history import History
from nncore.metrics import METRICS
from workbench.middle.asker import Asker
from workbench.middle.watching import Watching
from workbench.training.controller import RUNNING, TrainingController
from workbench.training.inspector import Inspector
from workbench.training.preview import Preview
from workbench.window.training_bar import SPEEDS, Progress, TrainingBar

INTERVAL = 80  # milliseconds between two looks, at least
LONGEST = 500
REST = 30  # milliseconds from look to look for each millisecond that the window's thread worked since the last
TURNS = ("loss", "metric", None)
"""What is looked at in turn: a curve, or, with None, the samples."""


class Monitor(QObject):
    """Keeps bar and panels up to date with the controller's training."""

    def __init__(
        self, controller: TrainingController, bar: TrainingBar, watching: Watching, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._bar, self._watching = controller, bar, watching
        self._looks = 0
        self._metric = ""
        self.asker = Asker(controller, watching, self)
        self.preview = Preview(controller, self)
        self.preview.changed.connect(self._show_preview)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._used = 0.0
        controller.state_changed.connect(self._follow_state)
        controller.data_changed.connect(self._follow_data)
        controller.result_changed.connect(self._follow_result)
        controller.document.project_changed.connect(self._follow_metric)
        controller.document.trace_changed.connect(self._follow_edit)
        self._follow_metric()

    @property
    def inspector(self) -> Inspector:
        """The thread that answers what the panels ask."""
        return self.asker.inspector

    def close(self) -> None:
        """Stop looking, and end the inspecting thread."""
        self._timer.stop()
        self.preview.close()
        self.asker.close()

    # --- What changes seldom ---

    def _follow_state(self, state: str) -> None:
        for panel in (self._watching.loss_curve, self._watching.metric_curve):
            panel.set_growing(state == RUNNING)
        if state == RUNNING:
            self._looks = 0  # the curves come first
            self._used = time.thread_time()
            self._timer.start(INTERVAL)
        else:
            self._timer.stop()
            self.look()

    def _follow_data(self) -> None:
        """Other data: show them, still without predictions, or with those of the weights that are there."""
        self.asker.follow_data()
        if self._controller.data is not None or self._controller.data_error is not None:
            self.look()

    def _follow_result(self) -> None:
        """Another training, or none: begin anew."""
        self.asker.follow_result()
        self._follow_metric()
        if self._controller.history is None:
            self._watching.plots.clear()
            self._follow_data()
        if self._controller.state != RUNNING:  # else the timer looks soon, when the start is over
            self.look()

    def _follow_metric(self, _: object = None) -> None:
        """Name the second curve: after what was measured, or, before the first training, after what will be.

        Until then the axes of both show the epochs that are planned.
        """
        self._watching.plots.show_planned(self._controller.document.project.training.epochs)
        history = self._controller.history
        chosen = self._controller.document.project.training.metric
        name = history.metric if history is not None else chosen.name
        if name != self._metric:
            self._metric = name
            self._watching.set_metric(METRICS.get(name) if name in METRICS else chosen)

    def _follow_edit(self) -> None:
        """Say in the bar whether the curves are still those of the project as it is now."""
        history = self._controller.history
        if history is not None and not self._controller.busy:
            self._bar.show_progress(self._progress(history))

    # --- The look ---

    def _tick(self) -> None:
        """Look at one of the curves and the progress, or ask about the samples: in turn, so that no look takes long."""
        used = time.thread_time()  # by the window's thread: the last look, what it had painted, and the person's mouse
        took, self._used = 1000 * (used - self._used), used
        self._timer.start(round(min(LONGEST, max(INTERVAL, REST * took))))
        turn = TURNS[self._looks % len(TURNS)]
        self._looks += 1
        if turn is None:
            self.asker.ask()
        else:
            self._look_at_history(turn)
            if TURNS[self._looks % len(TURNS)] is None:
                self._controller.ask_for_snapshot()  # the next turn then asks about the weights of now

    def look(self) -> None:
        """Show how far the training has come, and ask what the network says now."""
        self._look_at_history()
        self.asker.ask()

    def _look_at_history(self, turn: str | None = None) -> None:
        history = self._controller.history
        if history is None:
            self._show_preview()
            return
        for curve in ("loss", "metric") if turn is None else (turn,):
            self._show_curve(history, curve)
        self.asker.writer.show_score(history)
        self._bar.show_progress(self._progress(history))

    def _show_preview(self) -> None:
        if self._controller.history is None:
            self._bar.show_progress(None, self.preview.words(), self.preview.time_words())

    def _progress(self, history: History) -> Progress:
        steps = len(history.step_loss)
        epoch = history.pace.epoch(steps)
        seconds = history.seconds
        total = max(self._controller.target_epochs, round(epoch + 0.499999))
        left = None
        if self._controller.busy and steps and epoch:
            left = max(0.0, total - epoch) * max(seconds / epoch, self._slowed(history.pace.per_epoch[-1]))
        most = max(seconds, self._slowed(steps))
        rate = history.samples / most if most > 0 else None
        return Progress(epoch, total, left, rate, not self._controller.busy and self._controller.edited)

    def _slowed(self, steps: float) -> float:
        """Return how many seconds so many steps take at least, at the speed that the person has chosen."""
        speed = SPEEDS[self._bar.speed.value()]
        return 0.0 if speed is None else steps / speed

    def _show_curve(self, history: History, which: str) -> None:
        done = np.arange(1, history.epoch_count() + 1, dtype=np.float64)
        learned = history.pace.epoch(len(history.step_loss))
        # A training that ended early shows its curves over all of the axis.
        total = learned if learned and not self._controller.busy else max(self._controller.target_epochs, learned)
        if which == "loss":
            panel, name, steps = self._watching.loss_curve, "loss", history.step_loss
        else:
            panel, name, steps = self._watching.metric_curve, history.metric, history.step_metric
        train, validation = history.epoch_values(name), history.epoch_values(f"val_{name}")
        panel.show_history(
            steps.values(),
            history.pace,
            done,
            train[: len(done)],
            validation[: len(done)],
            total,
        )
        panel.show_changes(history.changes)
