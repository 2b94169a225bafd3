"""A batch larger than the data: it is told where it is set and beside Train, before the start is tried."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Flatten
from nncore.losses import Target
from nncore.network import Network
from nncore.project import Project
from tests.workbench.controls import found, line, type_into
from tests.workbench.driving import Wait
from workbench.document import Document
from workbench.forms import PropertiesPanel
from workbench.main_window import MainWindow

NAME = "trainingForm.batch_size"
TOLD = 'The batch size is 500, but there are only 120 training samples. Choose at most 120, or "full".'


@pytest.fixture
def document(qapp: QApplication) -> Document:
    """A document whose data have 120 samples to learn from."""
    made = Document(Project("test", Network((4, 4), (Flatten(), Dense(10, "softmax")))))
    made.set_data_info(Target(10), (4, 4), samples=120)
    return made


def set_batch(document: Document, size: int | str) -> None:
    document.set_training(document.project.training.replace(batch_size=size))


def told(panel: PropertiesPanel) -> str:
    """Return the sentence below the batch size."""
    labels = panel.findChildren(QLabel, f"{NAME}.error")
    return "".join(label.text() for label in labels if label.isVisibleTo(panel))


def test_that_a_batch_larger_than_the_data_is_told_below_its_field(panel: PropertiesPanel, document: Document) -> None:
    assert told(panel) == ""
    set_batch(document, 500)
    assert told(panel) == TOLD
    for size in (120, "full", 1):
        set_batch(document, size)
        assert told(panel) == ""
        set_batch(document, 500)
        assert told(panel) == TOLD
    panel.training_form.form.rebuild()
    QApplication.processEvents()
    assert told(panel) == TOLD, "rows made anew for another size of text have it, too"


def test_that_it_follows_the_data(panel: PropertiesPanel, document: Document) -> None:
    set_batch(document, 500)
    document.set_data_info(Target(10), (4, 4), samples=4_500)
    assert told(panel) == ""
    document.set_data_info(Target(10), (4, 4), samples=120)
    assert told(panel) == TOLD
    document.set_data_info(None)
    assert told(panel) == "", "nothing is said of data that are not known"
    document.set_data_info(Target(10), (4, 4), samples=120)
    document.open(document.project)
    assert told(panel) == ""


def test_that_a_number_that_cannot_be_is_told_first(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    set_batch(document, 500)
    type_into(qtbot, line(panel, NAME), "0")
    assert "0" in told(panel)
    assert "120" not in told(panel)
    type_into(qtbot, line(panel, NAME), "500")
    assert told(panel) == TOLD


def test_that_it_is_told_beside_train(window: MainWindow, until: Wait) -> None:
    samples = window.document.samples
    data = window.controller.data
    assert data is not None
    assert samples == len(data.train)
    set_batch(window.document, 5_000)
    label = found(window.bar, QLabel, "timeLabel")
    assert label.text() == label.toolTip() == f"a batch of 5,000, but only {samples} training samples"
    set_batch(window.document, 6_000)
    assert "6,000" in label.text()
    set_batch(window.document, samples)
    assert "memory" in label.text()
    assert label.toolTip().startswith(f"What to expect on this computer: {label.text()}")


def test_that_a_small_window_tells_it_too(window: MainWindow) -> None:
    window.resize(1024, 640)
    set_batch(window.document, 5_000)
    QApplication.processEvents()
    label = found(window.bar, QLabel, "timeLabel")
    assert label.isVisible()
    assert label.width() >= label.sizeHint().width()


def test_that_what_is_said_of_a_field_at_the_lower_edge_is_scrolled_into_sight(
    window: MainWindow, qtbot: QtBot
) -> None:
    area = found(window.properties, QScrollArea, "propertiesScroll")
    edit, row = line(window.properties, NAME), window.properties.training_form.form.rows["batch_size"]
    window.properties_dock.show()
    edit.setFocus()
    bottom = row.mapTo(area.widget(), row.rect().bottomLeft()).y()
    area.verticalScrollBar().setValue(bottom - area.viewport().height() + 1)  # it is the last that is seen
    type_into(qtbot, edit, "5000")
    sentence = found(row, QLabel, f"{NAME}.error")
    qtbot.waitUntil(lambda: area.viewport().rect().contains(_place(sentence, area)))


def _place(widget: QWidget, area: QScrollArea) -> QRect:
    return QRect(widget.mapTo(area.viewport(), QPoint()), widget.size())
