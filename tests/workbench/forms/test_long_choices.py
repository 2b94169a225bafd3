"""A chosen name that is longer than its box gets the room that the field's own name leaves over."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QComboBox

from nncore.losses import MeanSquaredError, SparseCategoricalCrossentropy
from workbench.forms.controls import QuietComboBox
from workbench.main_window import MainWindow


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
