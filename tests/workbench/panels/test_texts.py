"""Sentences as tiles, and a sentence of a person's own."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.datasets.base import TEXT
from tests.workbench.panels.conftest import Show
from workbench.panels.gallery import GalleryPanel
from workbench.panels.gallery.drawing import fitting
from workbench.panels.gallery.model import TILE
from workbench.results import Predictions, TriedText
from workbench.theme import LIGHT, fonts

NAMES = ("negative", "positive")
TEXTS = ("the soup was cold", "what a lovely film", "nobody liked it", "we all enjoyed it")
TRUTH = np.array([0, 1, 0, 1])


def predictions(trained: bool = True) -> Predictions:
    output = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]]) if trained else None
    tokens = np.zeros((4, 16), dtype=np.int64)
    return Predictions(tokens, TRUTH, output, NAMES, (), 29 if trained else 0, 1.0, TEXT, TEXTS)


def answer(text: str, scores: tuple[float, ...] = (0.03, 0.97), unknown: tuple[str, ...] = ()) -> TriedText:
    return TriedText(text, unknown, 0, np.array(scores), NAMES, 29)


def given(show: Show, trained: bool = True, width: int = 600) -> GalleryPanel:
    panel = GalleryPanel()
    show(panel, width, 400)
    panel.show_predictions(predictions(trained))
    QApplication.processEvents()
    return panel


def test_that_a_tile_shows_the_sentence_and_what_the_network_makes_of_it(show: Show) -> None:
    panel = given(show)
    tiles = [panel.model.index(row).data(TILE) for row in range(4)]
    assert [tile.text for tile in tiles] == list(TEXTS)
    assert [f"{tile.answer} {tile.correction}".strip() for tile in tiles] == [
        "negative",
        "positive",
        "positive not negative",
        "positive",
    ]
    assert [tile.lines for tile in tiles] == [()] * 4
    assert panel.summary.text() == "3 of 4 right · step 29"


def test_that_a_sentence_is_read_out_with_its_words(show: Show) -> None:
    panel = given(show)
    assert "nobody liked it" in panel.model.index(2).data(Qt.ItemDataRole.ToolTipRole)


def test_that_a_long_sentence_ends_in_dots_where_it_has_no_room(qapp: QApplication) -> None:
    metrics = QFontMetricsF(fonts.font(fonts.BODY))
    area = QRectF(0, 0, 120, 2 * metrics.height())
    words = "a very long sentence that does not fit into two lines of a narrow tile"
    short = fitting(words, area, metrics)
    assert short.endswith(" …")
    assert words.startswith(short.removesuffix(" …"))
    assert fitting("two words", area, metrics) == "two words"


def test_that_the_line_for_own_sentences_is_there_for_texts_only(show: Show) -> None:
    panel = given(show)
    assert panel.try_line.isVisible()
    panel.show_predictions(Predictions(np.zeros((4, 2)), TRUTH, None, NAMES, ("a", "b"), 0, 0.0))
    assert not panel.try_line.isVisible()


def test_that_typing_asks_after_a_short_pause(show: Show, qtbot: QtBot) -> None:
    panel = given(show)
    line = panel.try_line
    asked: list[str] = []
    line.sentence_changed.connect(lambda: asked.append(line.sentence()))
    qtbot.keyClicks(line.edit, "what a film")
    assert not asked
    qtbot.waitUntil(lambda: asked == ["what a film"], timeout=2000)
    qtbot.keyClick(line.edit, Qt.Key.Key_Return)
    assert len(asked) == 2


def test_that_a_long_sentence_is_seen_from_its_beginning_while_nobody_writes_in_it(show: Show, qtbot: QtBot) -> None:
    panel = given(show, width=320)
    edit = panel.try_line.edit
    edit.setText("the zorble soup was terrible, and we waited for an hour")
    assert edit.cursorPosition() == 0
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_End)
    qtbot.keyClicks(edit, " or two")
    assert edit.cursorPosition() == len(edit.text())
    panel.view.setFocus()
    assert edit.cursorPosition() == 0
    panel.activateWindow()
    edit.setFocus()
    qtbot.keyClicks(edit, "!")
    assert edit.text().endswith("or two!")


def test_that_the_answer_has_class_and_share(show: Show) -> None:
    panel = given(show)
    line = panel.try_line
    line.edit.setText("what a film")
    line.show_answer(answer("what a film"))
    assert line.answer.text() == "positive 97\N{NO-BREAK SPACE}%"
    assert line.answer.accessibleName() == "Answer: positive 97\N{NO-BREAK SPACE}%"
    assert "negative: 3.0\N{NO-BREAK SPACE}%" in line.answer.toolTip()
    image = line.answer.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() - 3).name() == LIGHT.accent


def test_that_unknown_words_are_marked_and_what_is_not_read_is_told(show: Show) -> None:
    panel = given(show)
    line = panel.try_line
    line.edit.setText("the zorble <b>")
    line.show_answer(answer("the zorble <b>", unknown=("zorble", "<b>")))
    assert line.note.isVisible()
    assert fonts.strong("zorble", LIGHT.wrong) in line.note.text()
    assert "&lt;b&gt;" in line.note.text()
    line.show_answer(TriedText("the zorble <b>", (), 3, np.array([0.5, 0.5]), NAMES, 2))
    assert line.note.text() == "the last 3 are not read"


def test_that_an_answer_to_a_former_sentence_is_left_out(show: Show) -> None:
    panel = given(show)
    line = panel.try_line
    line.edit.setText("what a film")
    line.show_answer(answer("what"))
    assert line.answer.text() == ""


def test_that_an_emptied_line_has_no_answer(show: Show) -> None:
    panel = given(show)
    line = panel.try_line
    line.edit.setText("what a film")
    line.show_answer(answer("what a film"))
    line.edit.clear()
    assert line.answer.text() == ""
    assert line.sentence() == ""


def test_that_before_the_training_a_sentence_gets_the_advice_to_train(show: Show) -> None:
    panel = given(show, trained=False)
    line = panel.try_line
    line.edit.setText("what a film")
    assert line.note.text().startswith("Press Train")
    line.show_first("Mend the marked row first.")
    assert line.note.text().startswith("Mend the marked row")
    line.show_first("")
    assert line.note.text().startswith("Press Train")


@pytest.mark.parametrize("width", [320, 700])
def test_that_the_line_finds_room(show: Show, width: int) -> None:
    panel = given(show, width=width)
    assert panel.rect().contains(panel.try_line.geometry())
    assert panel.try_line.edit.width() > 100


def test_that_the_table_has_the_sentences(show: Show, tmp_path: Path) -> None:
    panel = given(show)
    panel.save_csv(tmp_path / "texts.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "texts.csv").read_text("utf-8"))))
    assert rows[0] == ["sample", "text", "truth", "prediction", "negative", "positive"]
    assert rows[3][:4] == ["3", "nobody liked it", "negative", "positive"]
