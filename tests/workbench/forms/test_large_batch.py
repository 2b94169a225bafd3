"""A batch larger than the data: it is told where it is set and beside Train, before the start is tried."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Flatten
from nncore.losses import Target
from nncore.network import Network
from nncore.project import Project
from tests.workbench.controls import found, line, type_into
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


def starts(window: MainWindow) -> list[bool]:
    """Return which commands that begin a training can be used."""
    return [window.actions_by_name[name].isEnabled() for name in ("trainAction", "stepAction", "epochAction")]


def test_that_nothing_invites_to_train_with_it(window: MainWindow) -> None:
    samples = window.document.samples
    data = window.controller.data
    assert data is not None
    assert samples == len(data.train)
    assert starts(window) == [True] * 3
    set_batch(window.document, 5_000)
    assert starts(window) == [False] * 3
    assert window.bar.hint.isVisible()
    assert window.bar.hint.text() == "The batch is too large"
    assert "Press Train" not in window.watching.loss_curve.empty.text()
    assert window.watching.loss_curve.empty.text() == "Choose a smaller batch first."
    assert found(window.bar, QLabel, "timeLabel").text() == ""
    window.document.stack.undo()
    assert starts(window) == [True] * 3
    assert not window.bar.hint.isVisible()
    assert "memory" in found(window.bar, QLabel, "timeLabel").text()


def test_that_a_row_that_does_not_fit_is_told_first(window: MainWindow) -> None:
    set_batch(window.document, 5_000)
    window.document.remove(len(window.document.network) - 1)
    assert window.bar.hint.text() == "The loss does not fit yet"
    assert "batch" not in window.watching.loss_curve.empty.text()


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640)])
def test_that_the_red_words_beside_train_lead_to_the_field(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window.resize(*size)
    set_batch(window.document, 5_000)
    fold = found(window.properties, QToolButton, "trainingSection.fold")
    fold.setChecked(False)
    window.bar.hint.click()
    assert line(window.properties, NAME).hasFocus()
    area = found(window.properties, QScrollArea, "propertiesScroll")
    sentence = found(window.properties, QLabel, f"{NAME}.error")
    qtbot.waitUntil(lambda: area.viewport().rect().contains(_place(sentence, area)))


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
