"""A chosen name that is longer than its box gets the room that the field's own name leaves over; the open list."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy
from workbench.forms.controls import QuietComboBox
from workbench.forms.section import Section
from workbench.main_window import MainWindow
from workbench.theme import blend, current


def box(window: MainWindow, name: str) -> QComboBox:
    found = window.findChild(QuietComboBox, f"trainingForm.{name}")
    assert found is not None
    return found


def test_that_a_long_choice_reaches_further_to_the_left_than_the_others(window: MainWindow) -> None:
    window.resize(1440, 900)
    loss, metric = box(window, "loss"), box(window, "metric")
    training = window.document.project.training
    window.document.set_training(training.replace(loss=MeanSquaredError()))
    QApplication.processEvents()
    assert loss.fontMetrics().horizontalAdvance(loss.currentText()) <= loss.width() - 36
    medium = loss.width()
    window.document.set_training(training.replace(loss=SparseCategoricalCrossentropy()))
    QApplication.processEvents()
    assert loss.width() > medium > metric.width()
    right = [found.mapTo(window, found.rect().topRight()).x() for found in (loss, metric)]
    assert right[0] == right[1]


def test_that_the_open_list_marks_a_choice_quietly_and_parts_its_entries_by_a_line(qtbot: QtBot) -> None:
    chooser = QuietComboBox()
    qtbot.addWidget(chooser)
    chooser.addItems(["one", "two"])
    chooser.insertSeparator(2)
    chooser.addItem("your own")
    chooser.show()
    chooser.showPopup()
    QApplication.processEvents()
    picture = chooser.view().viewport().grab().toImage()
    colours = {QColor(picture.pixel(x, y)).name() for x in range(picture.width()) for y in range(picture.height())}
    chooser.hidePopup()
    tokens = current().tokens
    assert tokens.accent.lower() not in colours
    assert blend(tokens.accent, tokens.panel, 0.16).lower() in colours
    assert tokens.line.lower() in colours
    heights = [chooser.view().sizeHintForRow(row) for row in range(chooser.count())]
    assert heights[2] < 12 < 20 < heights[0] == heights[3]


def test_that_a_heading_with_no_room_for_both_keeps_the_words_that_matter_while_it_learns(qtbot: QtBot) -> None:
    section = Section("part", "Embedding", QWidget())
    qtbot.addWidget(section)
    section.set_heading("Embedding", "layer 1")
    section.show_reset("Reset all settings")
    section.resize(290, 60)
    section.show()
    note = section.findChild(QLabel, "part.note")
    hint = section.findChild(QLabel, "part.hint")
    assert note is not None
    assert hint is not None
    assert note.isVisible()
    section.show_hint("from the next start", "Changes count from the next start.")
    QApplication.processEvents()
    assert not note.isVisible()
    assert hint.width() >= hint.fontMetrics().horizontalAdvance(hint.text())
    section.resize(500, 60)
    QApplication.processEvents()
    assert note.isVisible()
    assert hint.width() >= hint.fontMetrics().horizontalAdvance(hint.text())
