"""Pull, never push: a timer looks how far training has come, and gives the panels what is new.

Invariant: the cost of a look does not depend on how many steps were made since the last one, and a look that comes late
loses nothing. Looking and painting get a bounded share of time: after a look that took long, the next one waits longer.
"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer

from nncore.history import History
from nncore.metrics import METRICS
from workbench.results import Grid, Predictions
from workbench.training import views
from workbench.training.controller import RUNNING, TrainingController
from workbench.training.inspector import Inspector, Question
from workbench.training_bar import Progress, TrainingBar
from workbench.watching import Watching

INTERVAL = 80  # milliseconds between two looks, at least
LONGEST = 500
REST = 12  # milliseconds from look to look for each millisecond that the window's thread worked since the last
ASK_EVERY = 3  # looks from one question about the samples to the next


class Monitor(QObject):
    """Keeps bar and panels up to date with the controller's training."""

    def __init__(
        self, controller: TrainingController, bar: TrainingBar, watching: Watching, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._bar, self._watching = controller, bar, watching
        self._kind = views.GALLERY
        self._asked_step = -1
        self._looks = 0
        self._metric = ""
        self.inspector = Inspector(self)
        self.inspector.answered.connect(self._take_answer)
        self.inspector.start()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        self._used = 0.0
        controller.state_changed.connect(self._follow_state)
        controller.data_changed.connect(self._follow_data)
        controller.result_changed.connect(self._follow_result)
        controller.document.project_changed.connect(self._follow_metric)
        watching.boundary.request_changed.connect(self._ask_again)

    def close(self) -> None:
        """Stop looking, and end the inspecting thread."""
        self._timer.stop()
        self.inspector.close()

    # --- What changes seldom ---

    def _follow_state(self, state: str) -> None:
        if state == RUNNING:
            self._timer.start(INTERVAL)
        else:
            self._timer.stop()
            self.look()

    def _follow_data(self) -> None:
        """Other data: show them, still without predictions, or with those of the weights that are there."""
        data = self._controller.data
        self._forget_answers()
        if data is None:
            return
        self._kind = views.view_kind(data)
        self._watching.show_view(self._kind)
        if self._kind == views.BOUNDARY:
            raw = data.data
            learned = len(data.train)
            held_out = np.arange(len(raw.x)) >= learned
            self._watching.boundary.show_points(raw.x, raw.y, held_out, raw.class_names, raw.feature_names)
        elif self._kind == views.GALLERY:
            self._watching.gallery.show_predictions(views.unpredicted(data))
        else:
            self._show_pairs(views.unpredicted_pairs(data))
        self.look()

    def _follow_result(self) -> None:
        """Another training, or none: begin anew."""
        self._forget_answers()
        self._follow_metric()
        if self._controller.history is None:
            self._watching.loss_curve.clear()
            self._watching.metric_curve.clear()
            self._follow_data()
        if self._controller.state != RUNNING:  # else the timer looks soon, when the start is over
            self.look()

    def _follow_metric(self, _: object = None) -> None:
        """Name the second curve: after what was measured, or, before the first training, after what will be."""
        history = self._controller.history
        name = history.metric if history is not None else self._controller.document.project.training.metric
        if name != self._metric:
            self._metric = name
            self._watching.set_metric(METRICS.get(name))

    def _forget_answers(self) -> None:
        """An answer that is still under way would show another network, or other samples."""
        self._asked_step = -1
        self.inspector.forget()

    # --- The look ---

    def _tick(self) -> None:
        """Look at the curves, or ask about the samples: in turn, so that no look takes long."""
        used = time.thread_time()  # by the window's thread: the last look, what it had painted, and the person's mouse
        took, self._used = 1000 * (used - self._used), used
        self._timer.start(round(min(LONGEST, max(INTERVAL, REST * took))))
        self._looks += 1
        if self._looks % ASK_EVERY == 0:
            self._ask()
        else:
            self._look_at_history()

    def look(self) -> None:
        """Show how far the training has come, and ask what the network says now."""
        self._look_at_history()
        self._ask()

    def _look_at_history(self) -> None:
        history = self._controller.history
        if history is None:
            self._bar.show_progress(None)
            return
        self._show_curves(history)
        self._bar.show_progress(self._progress(history))

    def _progress(self, history: History) -> Progress:
        steps = len(history.step_loss)
        epoch = steps / history.steps_per_epoch
        seconds = history.seconds
        total = max(self._controller.target_epochs, round(epoch + 0.499999))
        left = None
        if self._controller.busy and steps and epoch:
            left = seconds / epoch * max(0.0, total - epoch)
        rate = history.samples / seconds if seconds > 0 else None
        return Progress(epoch, total, left, rate)

    def _show_curves(self, history: History) -> None:
        done = np.arange(1, history.epoch_count() + 1, dtype=np.float64)
        total = max(self._controller.target_epochs, len(history.step_loss) / history.steps_per_epoch)
        for panel, name, steps in (
            (self._watching.loss_curve, "loss", history.step_loss),
            (self._watching.metric_curve, history.metric, history.step_metric),
        ):
            train, validation = history.epoch_values(name), history.epoch_values(f"val_{name}")
            panel.show_history(
                steps.values(),
                history.steps_per_epoch,
                done,
                train[: len(done)],
                validation[: len(done)],
                total,
            )

    def _ask(self) -> None:
        """Have the visible panel's question answered for the newest weights, if it is not under way."""
        controller = self._controller
        snapshot, data = controller.snapshot, controller.data
        if snapshot is None or data is None or self.inspector.busy or not controller.learned_from_data:
            return
        controller.ask_for_snapshot()
        if snapshot.step == self._asked_step:
            return
        self._asked_step = snapshot.step
        if self._kind == views.BOUNDARY:
            ask = views.boundary(data, self._watching.boundary.grid_request())
            self.inspector.ask(Question(snapshot, ask))
        elif self._kind == views.GALLERY:
            self.inspector.ask(Question(snapshot, views.gallery(data)))
        else:
            self.inspector.ask(Question(snapshot, views.pairs(data)))

    def _ask_again(self) -> None:
        """The panel wants to know something else of the same weights: another part of the plane."""
        self._asked_step = -1
        self._ask()

    def _take_answer(self) -> None:
        answer = self.inspector.take_answer()
        if isinstance(answer, Predictions):
            self._watching.gallery.show_predictions(answer)
        elif isinstance(answer, Grid):
            self._watching.boundary.show_grid(answer)
        elif isinstance(answer, views.Pairs):
            self._show_pairs(answer)
        snapshot = self._controller.snapshot
        if snapshot is not None and snapshot.step != self._asked_step and not self._controller.busy:
            self._ask()  # the last weights of a training that has ended meanwhile

    def _show_pairs(self, pairs: views.Pairs) -> None:
        data = self._controller.data
        name = data.data.target_name if data is not None else ""
        self._watching.regression.show_pairs(pairs.truth, pairs.prediction, pairs.validation, name, pairs.step)
