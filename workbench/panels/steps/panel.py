"""The panel of sequences: how many places are right, and each place of each sequence.

What stands one after the other in a sequence are its places: a step, in the interface, is one of the training.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from workbench.panels.steps.model import StepsModel
from workbench.panels.steps.strips import StripView
from workbench.plotting import EmptyState, Entry, Legend, Panel, Table
from workbench.results import StepAnswers
from workbench.theme import current, numbers
from workbench.theme.widgets import ElidedLabel

_WIDE = 640


class StepsPanel(Panel):
    """Strips of cells: input, truth and the network's answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("StepsPanel", "Sequences"), parent, drawing=False)
        self.setObjectName("stepsPanel")
        self._given: StepAnswers | None = None
        self.model = StepsModel(self)
        self._legend = Legend(self)
        self.summary = ElidedLabel(self)
        self.summary.setObjectName("stepsSummary")
        self.header.addWidget(self._legend, 0, 0)
        self.set_note(self.summary, _WIDE)
        self.view = StripView(self)
        self.view.setAccessibleName(self.tr("Sequences and answers at each place"))
        self.view.setModel(self.model)
        self.body.addWidget(self.view, 0, 0)
        self._empty = EmptyState(self.tr("The sequences of the data set will be here."), self, self.body)

    def show_answers(self, answers: StepAnswers) -> None:
        """Show sequences with the network's answers, or, without any, with the truth alone."""
        self._given = answers
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        given = self._given
        if given is None or given is self.model.answers:
            return
        self.model.show_answers(given)
        self._empty.show_sentence("")
        self._show_legend()
        self.summary.setText(self._summary(given))
        meaning = self.tr("A sequence is right where all of its places are.")
        self.summary.setToolTip(f"{self.summary.text()}\n{meaning}" if given.answered else "")
        self.setAccessibleDescription(self.summary.text())

    def _show_legend(self) -> None:
        tokens = current().tokens
        names = self._given.class_names if self._given is not None else ()
        entries = [
            Entry(name, "", (tokens.classes[number % len(tokens.classes)],), "s")
            for number, name in enumerate(names[: len(tokens.classes)])
        ]
        wrong = Entry(self.tr("wrong"), "", (tokens.wrong,), "s", filled=False)
        self._legend.show_entries([*entries, wrong] if entries else [])

    def _summary(self, given: StepAnswers) -> str:
        if not given.answered:
            words = self.tr("{count} sequences · not predicted yet")
            return words.format(count=numbers.count(len(given)))
        share = numbers.percent(float(given.right.mean()))
        whole = int(np.count_nonzero(given.right.all(axis=1)))
        return self.tr("{share} of places right · {whole} of {count} sequences right · step {step}").format(
            share=share, whole=numbers.count(whole), count=numbers.count(len(given)), step=numbers.count(given.step)
        )

    def apply_theme(self) -> None:
        self._show_legend()
        self.view.viewport().update()

    def table(self) -> Table:
        """Return one row for each place of each sequence: input, truth and prediction."""
        header = ("sequence", "place", "input", "truth", "prediction")
        given = self._given
        if given is None:
            return header, ()
        rows = (
            [
                row + 1,
                place + 1,
                given.inputs[row][place] if place < len(given.inputs[row]) else "",
                given.name(int(given.truth[row, place])),
                given.name(int(given.predicted[row, place])) if given.predicted[row, place] >= 0 else "",
            ]
            for row in range(len(given))
            for place in range(given.truth.shape[1])
        )
        return header, rows
