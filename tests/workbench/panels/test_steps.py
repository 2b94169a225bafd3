"""Sequences as strips: each step's answer, and how many are right."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from tests.workbench.panels.conftest import Show
from workbench.panels.steps import StepsPanel
from workbench.results import StepAnswers
from workbench.theme import LIGHT, blend

TRUTH = np.array([[0, 1, 1, 0], [1, 1, 0, 0]] * 10)
WORDS = tuple(tuple("abcd") for _ in TRUTH)
BEFORE = StepAnswers(WORDS, TRUTH, None, ("no", "yes"), "validation", 0, 0.0)


def predicted(wrong: tuple[tuple[int, int], ...] = ((0, 2),)) -> StepAnswers:
    answer = TRUTH.copy()
    for place in wrong:
        answer[place] = 1 - answer[place]
    return replace(BEFORE, output=np.eye(2)[answer] * 0.8 + 0.1, step=29)


def given(show: Show, answers: StepAnswers, width: int = 600) -> StepsPanel:
    panel = StepsPanel()
    show(panel, width, 400)
    panel.show_answers(answers)
    QApplication.processEvents()
    return panel


def colours(panel: StepsPanel, row: int) -> set[str]:
    image = panel.view.viewport().grab(panel.view.visualRect(panel.model.index(row))).toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_that_right_places_and_faultless_sequences_are_counted(show: Show) -> None:
    panel = given(show, predicted())
    words = "98.8\N{NO-BREAK SPACE}% of places right · 19 of 20 sequences right · step 29"
    assert panel.summary.text() == words
    assert panel.summary.toolTip() == f"{words}\nA sequence is right where all of its places are."
    assert panel.model.sentence(0) == "Sequence 1: 3 of 4 places right"


def test_that_wrong_steps_are_red_and_right_ones_have_the_colour_of_their_class(show: Show) -> None:
    panel = given(show, predicted())
    assert LIGHT.wrong in colours(panel, 0)
    assert LIGHT.wrong not in colours(panel, 1)
    assert {blend(hue, LIGHT.panel, 0.22) for hue in LIGHT.classes[:2]} <= colours(panel, 1)


def test_that_before_the_training_the_truth_is_shown(show: Show) -> None:
    panel = given(show, BEFORE)
    assert panel.summary.text() == "20 sequences · not predicted yet"
    assert panel.model.sentence(4) == "Sequence 5: 4 places, not predicted yet"
    assert blend(LIGHT.classes[1], LIGHT.panel, 0.22) in colours(panel, 0)


def test_that_a_sequence_is_read_out_with_all_its_steps(show: Show) -> None:
    panel = given(show, predicted())
    lines = panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole).splitlines()
    assert lines[1:] == ["input: a b c d", "truth: no yes yes no", "network: no yes no no"]


@pytest.mark.parametrize("height", [200, 337, 500])
def test_that_whole_sequences_fill_the_view(show: Show, height: int) -> None:
    panel = given(show, predicted())
    panel.resize(600, height)
    QApplication.processEvents()
    area = panel.view.viewport().rect()
    seen = [panel.view.visualRect(panel.model.index(row)) for row in range(20)]
    inside = [rect for rect in seen if rect.top() < area.bottom() - 10]
    assert all(rect.bottom() <= area.bottom() + 1 for rect in inside)


def test_that_one_output_is_the_share_of_the_second_class() -> None:
    answers = replace(BEFORE, output=np.where(TRUTH, 0.9, 0.2)[..., None])
    assert answers.right.all()


def test_that_outputs_that_are_no_numbers_are_no_answers() -> None:
    output = np.eye(2)[TRUTH]
    output[0, 0] = np.nan
    answers = replace(BEFORE, output=output)
    assert answers.predicted[0, 0] == -1
    assert not answers.right[0, 0]
    assert answers.right[1:].all()


def test_that_a_hidden_panel_catches_up_when_it_is_shown(show: Show) -> None:
    panel = given(show, BEFORE)
    panel.hide()
    panel.show_answers(predicted())
    assert "not predicted" in panel.summary.text()
    panel.show()
    assert "right" in panel.summary.text()


def test_that_the_table_has_each_step(show: Show, tmp_path: Path) -> None:
    panel = given(show, predicted())
    panel.save_csv(tmp_path / "steps.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "steps.csv").read_text("utf-8"))))
    assert rows[3] == ["1", "3", "c", "yes", "no"]
    assert len(rows) == 81
