"""The properties of a document on the screen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from workbench.document import Document
from workbench.forms import PropertiesPanel


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> PropertiesPanel:
    """The panel of the ``document`` of the test, as wide as in the window."""
    made = PropertiesPanel(document)
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.show()
    qtbot.waitExposed(made)
    return made
