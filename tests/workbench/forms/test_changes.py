"""Fields that do not apply, values that differ, and when a change acts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from nncore.fields import Declared, from_json
from nncore.layers import LSTM, BatchNormalization, Conv2D, Dense, Layer, RandomRotation
from nncore.network import Network
from nncore.optimizers import SGD, Adam
from nncore.project import DataSettings, Project
from tests.workbench.controls import found
from workbench.document import Document
from workbench.forms import PropertiesPanel, SpecForm

CASES = [
    (Dense(8), "use_bias", False, {"bias_initializer", "bias_regularizer"}),
    (LSTM(8), "use_bias", False, {"bias_initializer", "bias_regularizer", "unit_forget_bias"}),
    (Conv2D(8, 3), "strides", (2, 2), {"dilation_rate"}),
    (Conv2D(8, 3), "dilation_rate", (2, 2), {"strides"}),
    (BatchNormalization(), "center", False, {"beta_initializer", "beta_regularizer"}),
    (BatchNormalization(), "scale", False, {"gamma_initializer", "gamma_regularizer"}),
    (RandomRotation(0.1, fill_mode="constant"), "fill_mode", "reflect", {"fill_value"}),
    (SGD(momentum=0.9), "momentum", 0.0, {"nesterov"}),
    (Adam(), "clipnorm", 1.0, {"clipvalue", "global_clipnorm"}),
    (DataSettings("own.csv"), "source", "iris", {"target_column"}),
]


def unfolded(qtbot: QtBot, declared: Declared) -> SpecForm:
    form = SpecForm("form", declared, unfolded={"form"})
    qtbot.addWidget(form)
    form.show()
    return form


def shown(form: SpecForm) -> set[str]:
    return {name for name, row in form.rows.items() if not row.isHidden()}


@pytest.mark.parametrize(("declared", "name", "value", "hidden"), CASES)
def test_that_fields_without_a_meaning_are_hidden_and_keep_their_values(
    qtbot: QtBot, declared: Declared, name: str, value: object, hidden: set[str]
) -> None:
    form = unfolded(qtbot, declared)
    before = shown(form)
    changed = declared.replace(**{name: value})
    form.set_value(changed)
    assert before - shown(form) == hidden
    form.set_value(declared)
    assert shown(form) == before
    if isinstance(changed, Layer):
        assert from_json(Layer, changed.to_json()) == changed


def test_that_a_choice_shows_at_once_what_applies(qtbot: QtBot) -> None:
    form = unfolded(qtbot, Dense(8))
    form.editor("use_bias").main.click()  # type: ignore[attr-defined]  # a switch
    assert "bias_initializer" not in shown(form)


def test_that_more_names_only_what_applies(qtbot: QtBot) -> None:
    form = SpecForm("form", Dense(8))
    qtbot.addWidget(form)
    more = form.findChild(QToolButton, "form.more")
    assert isinstance(more, QToolButton)
    assert "Initial bias" in more.accessibleName()
    form.set_value(Dense(8, use_bias=False))
    assert more.parentWidget().isHidden()


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(Project("test", Network((4,), (Dense(16, "relu"), Dense(10, "softmax")))))


@pytest.fixture
def panel(panel: PropertiesPanel) -> PropertiesPanel:
    panel.show_row("layer", 0)
    return panel


def test_that_shift_escape_goes_back_to_the_default(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    qtbot.keyClick(found(panel, QLineEdit, "layerForm.units"), Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert document.network.layers[0] == Dense(64, "relu")
    units = document.network.layers[0]
    qtbot.keyClick(found(panel, QLineEdit, "layerForm.units"), Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert document.network.layers[0] == units


def test_that_the_field_with_the_focus_offers_the_way_back(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    panel.activateWindow()
    found(panel, QLineEdit, "layerForm.units").setFocus()
    arrow = found(panel, QToolButton, "layerForm.units.arrow")
    assert arrow.isVisible()
    assert arrow.geometry().right() == arrow.parentWidget().rect().right()
    panel.resize(panel.width() + 80, panel.height())
    QApplication.processEvents()
    assert arrow.geometry().right() == arrow.parentWidget().rect().right()
    assert "64" in arrow.toolTip()
    qtbot.mouseClick(arrow, Qt.MouseButton.LeftButton)
    assert document.network.layers[0] == Dense(64, "relu")
    assert arrow.isHidden()


def test_that_a_whole_layer_is_reset_in_one_step(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    document.rename_layer(0, "encoder")
    before = document.project
    qtbot.mouseClick(found(panel, QToolButton, "layerSection.reset"), Qt.MouseButton.LeftButton)
    assert document.network.layers[0] == Dense(64, name="encoder")
    assert found(panel, QToolButton, "layerSection.reset").isHidden()
    assert document.stack.undoText() == "Reset Dense"
    document.stack.undo()
    assert document.project == before


def test_that_a_layer_gets_a_name_by_double_click(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    title = found(panel, QLabel, "layerSection.title")
    qtbot.mouseDClick(title, Qt.MouseButton.LeftButton)
    line = found(panel, QLineEdit, "layerSection.name")
    assert line.isVisible()
    line.selectAll()  # type: ignore[attr-defined]  # a line
    qtbot.keyClicks(line, "  my   encoder ")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert document.network.layers[0].name == "my encoder"
    assert (panel.layer_form.title, panel.layer_form.note) == ("my encoder", "Dense, layer 1")
    assert line.isHidden()
    document.rename_layer(0, " ")
    assert document.network.layers[0].name is None


def test_that_escape_keeps_the_old_name(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    panel.rename()
    line = found(panel, QLineEdit, "layerSection.name")
    qtbot.keyClicks(line, "other")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert document.stack.count() == 0
    assert line.isHidden()


def test_that_the_help_of_a_field_has_the_equation_of_its_layer(panel: PropertiesPanel) -> None:
    assert panel.layer_form.form is not None
    assert "<i>W</i>" in panel.layer_form.form.rows["units"].editor.toolTip()


def test_that_a_running_training_says_what_acts_at_once_and_what_waits(
    panel: PropertiesPanel, document: Document
) -> None:
    started = document.project
    panel.show_training(True, started)
    rate = panel.training_form.form.nested.get("optimizer")
    assert rate is not None
    assert "Acts at once." in rate.rows["learning_rate"].editor.toolTip()
    assert "from the next start" in panel.training_form.form.rows["seed"].editor.toolTip()
    document.replace_layer(0, Dense(32, "relu"))
    training = started.training.replace(seed=3, optimizer=Adam(0.1))
    document.set_training(training)
    assert found(panel, QLabel, "layerForm.units.pending").isVisible()
    assert found(panel, QLabel, "trainingForm.seed.pending").isVisible()
    assert panel.findChild(QLabel, "trainingForm.optimizer.learning_rate.pending") is None
    panel.show_training(False, replace(document.project))
    assert found(panel, QLabel, "layerForm.units.pending").isHidden()
    assert "Counts from the next start." in rate.rows["learning_rate"].editor.toolTip()


def test_that_the_room_of_what_waited_is_free_again_when_the_training_is_forgotten(
    panel: PropertiesPanel, document: Document
) -> None:
    row = panel.training_form.form.rows["seed"]
    usual = row.sizeHint().height()
    started = document.project
    panel.show_training(False, started)
    document.set_training(started.training.replace(seed=3))
    document.set_training(started.training)
    assert row.sizeHint().height() > usual, "nothing moves while it is tried"
    panel.show_training(False, None)
    assert row.sizeHint().height() == usual


def test_that_the_mark_of_a_live_field_is_whole_or_not_there(panel: PropertiesPanel, document: Document) -> None:
    rate = panel.training_form.form.nested["optimizer"].rows["learning_rate"]
    document.set_training(document.project.training.replace(optimizer=Adam(0.1)))
    pill, arrow = rate.heading.pill, f"{rate.name}.arrow"
    assert pill is not None
    assert pill.isVisible()
    rate.heading.show_current(True)
    QApplication.processEvents()
    assert pill.isHidden() or not pill.geometry().intersects(found(panel, QToolButton, arrow).geometry())
    rate.heading.show_current(False)
    assert pill.isVisible()


def test_that_without_a_training_nothing_is_said_of_it(panel: PropertiesPanel, document: Document) -> None:
    document.replace_layer(0, Dense(32, "relu"))
    assert panel.findChild(QLabel, "layerForm.units.pending") is None
    assert "next start" not in panel.training_form.form.rows["seed"].editor.toolTip()
