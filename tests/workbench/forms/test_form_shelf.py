"""Forms of layers are kept, one for each type, filled anew, and put in place after the list is painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import (
    LSTM,
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GaussianNoise,
    LeakyReLU,
    MaxPooling2D,
    Reshape,
)
from nncore.network import Network
from nncore.project import Project
from workbench.document import Document
from workbench.forms import PropertiesPanel
from workbench.forms.form_shelf import MOST
from workbench.forms.layer_form import LONG
from workbench.window import tab_order


@pytest.fixture
def document(qapp: QApplication) -> Document:
    layers = (Flatten(), Dense(16, "relu"), Dropout(0.25), Dense(10, "softmax"))
    return Document(Project("test", Network((4, 4), layers)))


@pytest.fixture
def panel(panel: PropertiesPanel) -> PropertiesPanel:
    panel.show_row("layer", 1)
    return panel


def named(panel: QWidget, start: str) -> list[str]:
    return [child.objectName() for child in panel.findChildren(QObject) if child.objectName().startswith(start)]


def test_that_the_form_of_a_type_is_built_once(panel: PropertiesPanel) -> None:
    first = panel.layer_form.form
    panel.show_row("layer", 2)
    second = panel.layer_form.form
    assert first is not None
    assert second is not None
    assert second is not first
    assert first.isHidden()
    for _ in range(3):
        panel.show_row("layer", 3)
        assert panel.layer_form.form is first
        assert first.value == Dense(10, "softmax")
        assert not first.isHidden()
        assert second.isHidden()
        panel.show_row("layer", 2)
        assert panel.layer_form.form is second
    assert len(panel.layer_form.forms()) == 2


def test_that_each_name_belongs_to_one_control(panel: PropertiesPanel) -> None:
    before = named(panel, "layerForm.")
    assert "layerForm.units" in before
    panel.show_row("layer", 2)
    assert "layerForm.units" not in named(panel, "layerForm.")
    assert "layerForm.rate" in named(panel, "layerForm.")
    panel.show_row("layer", 3)
    assert sorted(named(panel, "layerForm.")) == sorted(before)
    assert len(set(before)) == len(before)


def test_that_what_was_typed_for_one_layer_is_not_in_the_form_of_the_next(panel: PropertiesPanel, qtbot: QtBot) -> None:
    line = panel.findChild(QLineEdit, "layerForm.units")
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.setText("-5")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    error = panel.findChild(QLabel, "layerForm.units.error")
    assert isinstance(error, QLabel)
    assert error.isVisible()
    panel.show_row("layer", 2)
    panel.show_row("layer", 3)
    assert line.text() == "10"
    assert error.isHidden()


def test_that_only_some_forms_are_kept(panel: PropertiesPanel, document: Document) -> None:
    kinds = (
        Activation("tanh"),
        BatchNormalization(),
        Conv2D(2, 3),
        LSTM(2),
        GaussianNoise(0.1),
        LeakyReLU(),
        Reshape((4,)),
    )
    document.insert_layers(4, [*kinds, MaxPooling2D()])
    for position in range(len(document.network)):
        panel.show_row("layer", position)
        assert len(panel.layer_form.forms()) <= MOST
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    panel.show_row("layer", 1)  # dropped by now, and made again
    assert panel.layer_form.form is not None
    assert panel.layer_form.form.value == Dense(16, "relu")


def test_that_an_edit_exchanges_the_form_after_the_list_is_painted(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    shown = panel.layer_form._shelf.shown
    document.insert_layers(4, [Dense(10)] * LONG)
    document.remove(1)  # a Dropout is there then
    assert panel.layer_form._shelf.shown is shown
    assert panel.layer_form.layer == Dropout(0.25)
    qtbot.waitUntil(lambda: panel.layer_form._shelf.shown is not shown)
    assert named(panel, "layerForm.rate")
    document.stack.undo()
    assert panel.layer_form.form is shown  # whoever asks for it gets the right one at once
    assert shown is not None
    assert shown.value == Dense(16, "relu")


def test_that_a_form_that_is_about_to_go_changes_nothing(panel: PropertiesPanel, document: Document) -> None:
    shown = panel.layer_form._shelf.shown
    assert shown is not None
    document.insert_layers(3, [Dense(10)] * LONG)
    document.remove(1)
    shown.rows["units"].editor.propose(99)
    assert document.network.layers[:3] == (Flatten(), Dropout(0.25), Dense(10))


def test_that_an_edit_of_a_short_network_exchanges_the_form_at_once(panel: PropertiesPanel, document: Document) -> None:
    document.remove(1)
    assert named(panel, "layerForm.rate")
    document.stack.undo()
    assert named(panel, "layerForm.units")


def test_that_an_edit_of_the_same_type_fills_the_form_at_once(panel: PropertiesPanel, document: Document) -> None:
    line = panel.findChild(QLineEdit, "layerForm.units")
    assert isinstance(line, QLineEdit)
    document.replace_layer(1, Dense(77, "relu"))
    assert line.text() == "77"


def test_that_the_keyboard_stays_in_the_properties_when_the_form_is_exchanged(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    panel.activateWindow()
    line = panel.findChild(QLineEdit, "layerForm.units")
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    document.remove(1)
    form = panel.layer_form.form
    assert form is not None
    focused = QApplication.focusWidget()
    assert focused is not None
    assert form.isAncestorOf(focused)


def test_that_unfolded_settings_stay_so_in_a_form_that_was_put_away(panel: PropertiesPanel, document: Document) -> None:
    document.insert(4, LSTM(4))
    panel.show_row("layer", 4)
    panel.show_row("layer", 1)
    more = panel.findChild(QToolButton, "layerForm.more")
    assert isinstance(more, QToolButton)
    more.click()
    panel.show_row("layer", 4)
    form = panel.layer_form.form
    assert form is not None
    assert form.rows["bias_initializer"].isVisible()
    again = panel.findChild(QToolButton, "layerForm.more")
    assert isinstance(again, QToolButton)
    again.click()
    panel.show_row("layer", 1)
    form = panel.layer_form.form
    assert form is not None
    assert form.rows["bias_initializer"].isHidden()


# --- Disabled layers ------------------------------------------------------------------------------------------------


def test_that_the_form_of_a_disabled_layer_says_so_and_offers_the_way_back(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    note, button = (panel.findChild(QWidget, f"layerForm.{part}") for part in ("disabled", "enable"))
    assert note is not None
    assert isinstance(button, QToolButton)
    assert note.isHidden()
    document.set_disabled([1], True)
    qtbot.waitUntil(note.isVisible)
    assert "Disabled" in " ".join(label.text() for label in note.findChildren(QLabel))
    assert button.accessibleName() == "Enable the layer"
    panel.show_row("layer", 2)
    assert note.isHidden()
    panel.show_row("layer", 1)
    assert note.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not document.network.layers[1].disabled
    qtbot.waitUntil(note.isHidden)
    document.stack.undo()
    qtbot.waitUntil(note.isVisible)


def test_that_the_tab_key_reaches_the_button_that_enables(panel: PropertiesPanel, document: Document) -> None:
    document.set_disabled([1], True)
    panel.show_row("layer", 1)
    assert panel.layer_form.form is not None
    button = panel.findChild(QToolButton, "layerForm.enable")
    stops = tab_order.stops(panel)
    assert button is not None
    assert panel.layer_form.form.isAncestorOf(stops[stops.index(button) + 1])


def test_that_a_form_comes_back_that_was_put_away_while_its_rows_were_made_anew(panel: PropertiesPanel) -> None:
    shelf, form = panel.layer_form._shelf, panel.layer_form.form
    assert form is not None
    shelf.rebuild()
    shelf.put_away()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shelf.show(Dense(3), fresh=True)
    assert shelf.shown is form
    assert form.value == Dense(3)
