"""Texts grow while they are read, and say when they were written, how daring, and how surely."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.writing import WritingPanel
from workbench.results import WriteRequest, Written
from workbench.theme import DARK, LIGHT, current

REQUEST = WriteRequest("Once ", 40, 0.7)


def piece(text: str, number: int = 1, done: bool = False, epoch: float = 3.0, problem: str = "") -> Written:
    return Written(number, REQUEST, text, done, 90, epoch, False, problem)


def shown(show: Show, width: int = 600, height: int = 400) -> WritingPanel:
    panel = WritingPanel()
    show(panel, width, height)
    return panel


def test_that_a_text_grows_below_its_heading(show: Show) -> None:
    panel = shown(show)
    panel.show_written(piece("there"))
    panel.show_written(piece("there was"))
    panel.show_written(piece("there was\na cat.", done=True))
    assert panel.page.toPlainText() == "epoch 3 · temperature 0.7\nOnce there was\na cat."
    panel.show_written(piece("upon", number=2, epoch=4.5))
    assert panel.page.toPlainText().endswith("a cat.\nepoch 4.5 · temperature 0.7\nOnce upon")


def test_that_what_was_given_and_what_was_written_differ_in_colour(show: Show) -> None:
    panel = shown(show)
    panel.show_written(piece("upon"))
    cursor = panel.page.textCursor()
    colours = {}
    for character in ("n", "p"):
        cursor.setPosition(panel.page.toPlainText().rindex(character) + 1)
        colours[character] = cursor.charFormat().foreground().color().name()
    assert colours == {"n": LIGHT.text, "p": LIGHT.text}
    cursor.setPosition(panel.page.toPlainText().index("Once") + 2)
    assert cursor.charFormat().foreground().color().name() == LIGHT.accent
    current().set_mode("dark")
    cursor.setPosition(panel.page.toPlainText().index("Once") + 2)
    assert cursor.charFormat().foreground().color().name() == DARK.accent


@pytest.mark.parametrize(
    ("loss", "words", "colour"), [(1.46, "✓ better", LIGHT.right), (2.5, "✗ not yet better", LIGHT.wrong)]
)
def test_that_the_loss_is_compared_with_the_bigram_model(show: Show, loss: float, words: str, colour: str) -> None:
    panel = shown(show)
    panel.show_score(loss, 2.24, True)
    told = f"{loss:.2f} nats per character, validation · bigram model 2.24 · {words}"
    assert panel.score.accessibleName() == told
    assert colour in panel.score.text()


@pytest.mark.parametrize(("words", "told"), [(False, "per character: 0 means that each letter"), (True, "per word:")])
def test_that_it_is_explained_what_the_unit_means(show: Show, words: bool, told: str) -> None:
    panel = shown(show)
    panel.set_unit(words)
    panel.show_score(1.64, 2.24, True)
    assert f"Surprise {told}" in panel.score.toolTip()


def test_that_before_the_training_the_rule_alone_is_told(show: Show) -> None:
    panel = shown(show)
    panel.show_score(None, 2.24, False)
    assert panel.score.accessibleName() == "bigram model 2.24 nats per character · not trained yet"
    assert "Press Train" in panel._empty.text()
    assert panel._empty.isVisible()
    assert not panel.controls.button.isEnabled()


def test_that_the_request_has_start_length_and_temperature(show: Show, qtbot: QtBot) -> None:
    panel = shown(show)
    assert panel.request() == WriteRequest("Once ", 300, 0.7)
    panel.controls.start.setText("The ")
    panel.controls.length.setCurrentIndex(0)
    qtbot.keyClick(panel.controls.temperature, Qt.Key.Key_Right)
    assert panel.request() == WriteRequest("The ", 100, 0.8)
    qtbot.keyClick(panel.controls.temperature, Qt.Key.Key_Home)
    assert panel.request().temperature == 0.1
    qtbot.keyClick(panel.controls.temperature, Qt.Key.Key_End)
    assert panel.request().temperature == 2.0


def test_that_the_button_writes_and_then_stops(show: Show, qtbot: QtBot) -> None:
    panel = shown(show)
    panel.show_state(ready=True, busy=False)
    with qtbot.waitSignal(panel.write_wanted):
        qtbot.mouseClick(panel.controls.button, Qt.MouseButton.LeftButton)
    panel.show_state(ready=True, busy=True)
    assert panel.controls.button.text() == "Stop"
    with qtbot.waitSignal(panel.stop_wanted):
        qtbot.mouseClick(panel.controls.button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.write_wanted):
        qtbot.keyClick(panel.controls.start, Qt.Key.Key_Return)


def test_that_the_end_stays_in_view_unless_a_person_has_scrolled_back(show: Show) -> None:
    panel = shown(show, 400, 240)
    bar = panel.page.verticalScrollBar()
    for number in range(1, 12):
        panel.show_written(piece("word " * 40, number))
        QApplication.processEvents()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    panel.show_written(piece("word " * 80, 11))
    QApplication.processEvents()
    assert bar.value() == 0


def test_that_a_problem_is_told_where_the_text_ends(show: Show) -> None:
    panel = shown(show)
    panel.show_written(piece("th", done=True, problem="The output is not a list of probabilities."))
    assert panel.page.toPlainText().endswith("th The output is not a list of probabilities.")


def test_that_only_the_last_texts_are_kept(show: Show) -> None:
    panel = shown(show)
    for number in range(1, 80):
        panel.show_written(piece("x", number))
    assert panel.page.toPlainText().count("epoch") == 30


def test_that_a_hidden_panel_catches_up_when_it_is_shown(show: Show, qtbot: QtBot) -> None:
    panel = shown(show)
    panel.hide()
    panel.show_written(piece("upon"))
    assert panel.page.toPlainText() == ""
    with qtbot.waitSignal(panel.shown):
        panel.show()
    assert panel.page.toPlainText().endswith("Once upon")


def test_that_other_data_take_the_texts_away(show: Show) -> None:
    panel = shown(show)
    panel.show_written(piece("upon"))
    panel.clear()
    assert panel.page.toPlainText() == ""
    assert panel._empty.isVisible()


@pytest.mark.parametrize("width", [300, 480, 700])
def test_that_all_controls_find_room(show: Show, width: int) -> None:
    panel = shown(show, width)
    controls = panel.controls
    assert controls._word.isVisible()
    assert controls._word.text() == "temperature"
    for widget in (controls.start, controls.temperature, controls.length, controls.button):
        assert controls.rect().contains(widget.geometry()), widget.objectName()
        assert widget.width() >= min(60, widget.minimumSizeHint().width())


def test_that_texts_can_be_copied_and_saved(show: Show, tmp_path: Path) -> None:
    panel = shown(show)
    panel.show_written(piece("upon\na time", done=True))
    panel.copy_texts()
    assert "Once upon\na time" in QApplication.clipboard().text()
    panel.save_csv(tmp_path / "texts.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "texts.csv").read_text("utf-8"))))
    assert rows[1] == ["3", "90", "0.7", "Once ", "upon\na time"]


def test_that_a_closed_panel_is_collected(qapp: QApplication) -> None:
    def filled() -> WritingPanel:
        panel = WritingPanel()
        panel.show_written(piece("upon"))
        return panel

    assert is_freed(filled)
