"""A form that comes into the properties begins at its heading, unless the keyboard is further down."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar

from nncore.layers import Conv2D, Dense, Flatten
from nncore.network import Network
from nncore.project import Project
from workbench.document import Document
from workbench.forms import PropertiesPanel
from workbench.theme import current


@pytest.fixture
def document(qapp: QApplication) -> Document:
    return Document(Project("low", Network((28, 28, 1), (Conv2D(8, (3, 3)), Flatten(), Dense(64), Dense(10)))))


@pytest.fixture
def bar(panel: PropertiesPanel) -> QScrollBar:
    """How far the properties are scrolled, which are lower than one form in the largest text."""
    current().set_text_size("largest")
    panel.resize(500, 480)
    choose(panel, "layer", 2)
    area = panel.findChild(QScrollArea, "propertiesScroll")
    assert isinstance(area, QScrollArea)
    return area.verticalScrollBar()


def choose(panel: PropertiesPanel, kind: str, position: int = -1) -> None:
    panel.show_row(kind, position)
    QApplication.processEvents()


@pytest.mark.parametrize("tall", [0, 2])
def test_that_the_form_begins_at_its_heading_after_loss_and_back(
    panel: PropertiesPanel, bar: QScrollBar, tall: int
) -> None:
    choose(panel, "layer", tall)
    for kind, position in (("loss", -1), ("layer", tall), ("input", -1), ("layer", tall)):
        choose(panel, kind, position)
        assert bar.value() == 0 or kind == "input"


def test_that_the_form_of_another_type_begins_at_its_heading(panel: PropertiesPanel, bar: QScrollBar) -> None:
    bar.setValue(30)
    choose(panel, "layer", 3)
    assert bar.value() == 30, "the same fields stay where a person has put them"
    choose(panel, "layer", 1)
    assert bar.value() == 0


def test_that_a_person_who_has_scrolled_on_to_the_training_stays_there(panel: PropertiesPanel, bar: QScrollBar) -> None:
    bar.setValue(600)
    choose(panel, "layer", 1)
    assert bar.value() == 600


def test_that_the_field_with_the_keyboard_stays_in_sight(
    panel: PropertiesPanel, document: Document, bar: QScrollBar
) -> None:
    panel.resize(500, 330)
    panel.activateWindow()
    form = panel.layer_form.form
    assert form is not None
    form.editor("activation").main.setFocus()
    bar.setValue(100)
    document.replace_layer(2, Conv2D(8, (3, 3)))
    QApplication.processEvents()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.objectName() == "layerForm.activation"
    assert focused.visibleRegion().boundingRect() == focused.rect()
