"""Where boxes stand, also those with a name that is longer than their column; the open list."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import RandomTranslation, Reshape
from nncore.losses import LOSSES
from nncore.optimizers import Adam
from tests.workbench.driving import Wait
from workbench.forms.controls import QuietComboBox
from workbench.forms.field_row import FieldRow
from workbench.main_window import MainWindow
from workbench.theme import blend, current


def box(window: MainWindow, name: str) -> QuietComboBox:
    found = window.findChild(QuietComboBox, f"trainingForm.{name}")
    assert found is not None
    return found


def left(window: MainWindow, widget: QWidget) -> int:
    return widget.mapTo(window, widget.rect().topLeft()).x()


@pytest.mark.parametrize("size", ["normal", "largest"])
def test_that_boxes_stand_in_one_column_or_below_the_name_over_the_whole_width(window: MainWindow, size: str) -> None:
    current().set_text_size(size)
    window.resize(1700, 1000)
    window.properties_dock.show()
    loss, metric = box(window, "loss"), box(window, "metric")
    training = window.document.project.training
    name = window.findChild(QLabel, "trainingForm.loss.label")
    assert name is not None
    for chosen in LOSSES:
        window.document.set_training(training.replace(loss=chosen.suggested()))
        QApplication.processEvents()
        assert loss.needed_width() <= loss.width()
        below = loss.needed_width() > metric.width()
        assert left(window, loss) == left(window, name.parentWidget() if below else metric)
        assert left(window, loss) + loss.width() == left(window, metric) + metric.width()


def test_that_the_fields_of_what_was_chosen_stand_in_the_same_column(window: MainWindow) -> None:
    current().set_text_size("largest")
    window.resize(1700, 1000)
    window.properties_dock.show()
    QApplication.processEvents()
    form = window.properties.training_form.form
    nested = form.nested["optimizer"]
    editors = [form.editor("metric"), nested.editor("schedule"), nested.editor("learning_rate"), form.editor("epochs")]
    assert len({left(window, editor) for editor in editors}) == 1
    window.document.set_training(window.document.project.training.replace(optimizer=Adam(0.02)))
    QApplication.processEvents()
    assert len({left(window, editor) for editor in editors}) == 1, "the mark of a changed value takes no room of theirs"


def test_that_no_field_is_squeezed_where_a_box_moves_below_its_name(window: MainWindow, until: Wait) -> None:
    window.open_project("mnist-mlp")
    window.resize(1440, 900)
    window.properties_dock.show()
    window.document.insert(0, Reshape((28, 28, 1)))
    window.document.insert(1, RandomTranslation(0.1, 0.1))
    window.network.layers.select_position(1)  # a help of several lines, whose height follows from its width
    assert box(window, "loss").currentText() == "sparse categorical crossentropy"
    until(lambda: not squeezed(window))


def squeezed(window: MainWindow) -> list[str]:
    rows = [row for row in window.properties.findChildren(FieldRow) if row.isVisible()]
    return [row.name for row in rows if row.height() < row.minimumSizeHint().height()]


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
