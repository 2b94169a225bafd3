"""A document with a small network, and the list that shows it."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Dropout, Flatten
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from workbench.document import Document
from workbench.editor import LayerView


@pytest.fixture
def document(qapp: QApplication) -> Document:
    layers = (Flatten(), Dense(16, "relu"), Dropout(0.25), Dense(10, "softmax"))
    project = Project("test", Network((4, 4), layers), training=TrainingSettings(loss=SparseCategoricalCrossentropy()))
    made = Document(project)
    made.set_data_info(Target(10), (4, 4), "Squares", "90 train · 10 validation")
    return made


@pytest.fixture
def view(document: Document, qtbot: QtBot) -> LayerView:
    """The list on the screen, its model under the eyes of Qt's own tester."""
    made = LayerView(document)
    QAbstractItemModelTester(made.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(document: Document) -> list[str]:
    """The types of the layers in order."""
    return [layer.type_name for layer in document.network.layers]
