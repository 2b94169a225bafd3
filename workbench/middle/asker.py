"""Has the inspector answer what the visible view asks of the newest weights.

Invariant: a question is put only when the one before it is answered, so nothing can pile up, and an answer that belongs
to another network or to other data is never shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from nncore.datasets.base import TrainingData
from nncore.snapshot import Snapshot
from workbench.middle.watching import Watching
from workbench.middle.writer import Writer
from workbench.results import Forecast, Grid, Pairs, Predictions, StepAnswers, TriedText, Written
from workbench.training import views
from workbench.training.controller import RUNNING, TrainingController
from workbench.training.inspector import Inspector, Question

Ask = Callable[[Any, Snapshot], Any]


class Asker(QObject):
    """Asks, and gives the answers to the panels.

    Attributes:
        inspector: the thread that answers.
        writer: has texts written, for data that are texts to be continued.
    """

    def __init__(self, controller: TrainingController, watching: Watching, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._watching = controller, watching
        self._kind = views.GALLERY
        self._ask: Ask | None = None
        self._asked: Snapshot | None = None
        self._tried = ""
        self.inspector = Inspector(self)
        self.inspector.answered.connect(self._take_answer)
        self.inspector.start()
        self.writer = Writer(controller, watching.writing, self.inspector, self)
        watching.grid_wanted.connect(self._ask_again)
        watching.gallery.try_line.sentence_changed.connect(self.ask)

    def close(self) -> None:
        """End the inspecting thread."""
        self.inspector.close()

    # --- What changes seldom ---

    def follow_data(self) -> None:
        """Other data: show them, still without what a network says."""
        data = self._controller.data
        self.forget()
        if data is None:
            if self._controller.data_error is not None:
                self._watching.show_nothing()
            return
        self._kind = views.view_kind(data)
        self._ask = None
        self._watching.show_view(self._kind)
        if self._kind != views.GALLERY:
            self._watching.gallery.forget()
        if self._kind == views.BOUNDARY:
            raw = data.data
            held_out = np.arange(len(raw.x)) >= len(data.train)
            self._watching.boundary.show_points(raw.x, raw.y, held_out, raw.class_names, raw.feature_names)
        elif self._kind == views.GALLERY:
            self._show(views.unpredicted(data))
        elif self._kind == views.FORECAST:
            self._show(views.unpredicted_forecast(data))
        elif self._kind == views.STEPS:
            self._show(views.unpredicted_steps(data))
        elif self._kind == views.PAIRS:
            self._show(views.unpredicted_pairs(data))
        self.writer.follow_data(data if self._kind == views.WRITING else None)

    def follow_result(self) -> None:
        """Another training, or none: what was answered does not count any more."""
        self.forget()
        self.writer.follow_result()

    def forget(self) -> None:
        """An answer that is still under way would show another network, or other samples."""
        self._asked, self._tried = None, ""
        self.inspector.forget()

    # --- Questions ---

    def ask(self) -> None:
        """Have the view's question answered for the newest weights, unless another one is under way."""
        controller = self._controller
        if not self._watching.predictions_wanted:
            return
        snapshot, data = controller.snapshot, controller.data
        if snapshot is None or data is None or self.inspector.busy or not controller.learned_from_data:
            return
        if self._kind == views.WRITING:
            self.writer.go_on()
            return
        sentence = self._watching.gallery.try_line.sentence() if self._kind == views.GALLERY else ""
        if sentence and sentence != self._tried:
            self._try(sentence, snapshot, data)
        elif self._asked is None or snapshot.step != self._asked.step:
            self._asked = snapshot
            self.inspector.ask(Question(snapshot, self._question(data)))

    def _question(self, data: TrainingData) -> Ask:
        """Return what the view asks; for one data set it is made once, except for the plane, which may be moved."""
        if self._kind == views.BOUNDARY:
            return views.boundary(data, self._watching.boundary.grid_request())
        if self._ask is None:
            questions: dict[str, Callable[[TrainingData], Ask]] = {
                views.GALLERY: views.gallery,
                views.PAIRS: views.pairs,
                views.FORECAST: views.forecast,
                views.STEPS: views.step_answers,
            }
            self._ask = questions[self._kind](data)
        return self._ask

    def _try(self, sentence: str, snapshot: Snapshot, data: TrainingData) -> None:
        self._tried = sentence
        self.inspector.ask(Question(snapshot, views.tried(data, sentence)))

    def _ask_again(self) -> None:
        """The panel wants to know something else of the same weights: another part of the plane."""
        self._asked = None
        self.ask()

    # --- Answers ---

    def _take_answer(self) -> None:
        answer = self.inspector.take_answer()
        self._show(answer)
        controller, asked = self._controller, self._asked
        sentence = self._watching.gallery.try_line.sentence()
        if isinstance(answer, Written):
            self.writer.go_on()
        elif isinstance(answer, Predictions) and sentence and asked is not None and controller.data is not None:
            self._try(sentence, asked, controller.data)  # the person's own sentence goes with the samples
        elif controller.state != RUNNING:
            self.ask()  # what was typed meanwhile, or the last weights of a training that has ended meanwhile

    def _show(self, answer: object) -> None:
        watching = self._watching
        if isinstance(answer, Predictions):
            watching.gallery.show_predictions(answer)
        elif isinstance(answer, TriedText):
            watching.gallery.try_line.show_answer(answer)
        elif isinstance(answer, Grid):
            watching.boundary.show_grid(answer)
        elif isinstance(answer, Forecast):
            watching.forecast.show_forecast(answer)
        elif isinstance(answer, StepAnswers):
            watching.steps.show_answers(answer)
        elif isinstance(answer, Written):
            self.writer.show(answer)
        elif isinstance(answer, Pairs):
            watching.regression.show_pairs(
                answer.truth, answer.prediction, answer.part, answer.target_name, answer.step, answer.outputs
            )
