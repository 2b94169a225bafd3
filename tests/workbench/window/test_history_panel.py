"""The undo history shows every change and leads to each."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Flatten
from nncore.network import Network
from nncore.project import Project
from workbench.document import Document
from workbench.window.history_panel import HistoryPanel


@pytest.fixture
def document() -> Document:
    made = Document(Project("test", Network((4, 4), (Flatten(), Dense(10, "softmax")))))
    made.insert(1, Dense(16, "relu"))
    made.replace_layer(1, Dense(32, "relu"))
    made.move(0, 1)
    return made


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> HistoryPanel:
    made = HistoryPanel(document)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(panel: HistoryPanel) -> list[str]:
    model = panel.list.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def click(panel: HistoryPanel, qtbot: QtBot, row: int) -> None:
    place = panel.list.visualRect(panel.list.model().index(row, 0)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def test_that_every_change_is_listed_by_name(panel: HistoryPanel) -> None:
    assert names(panel) == ["Start: test", "Insert Dense", "Set units to 32", "Move Flatten"]


def test_that_a_click_goes_back_and_forward(panel: HistoryPanel, document: Document, qtbot: QtBot) -> None:
    last = document.project
    click(panel, qtbot, 0)
    assert document.network.layers == (Flatten(), Dense(10, "softmax"))
    click(panel, qtbot, 3)
    assert document.project == last


def test_that_the_arrow_keys_go_from_change_to_change(panel: HistoryPanel, document: Document, qtbot: QtBot) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert document.stack.index() == 2
    qtbot.keyClick(panel.list, Qt.Key.Key_Home)
    assert document.stack.index() == 0


def test_that_the_saved_state_is_marked(panel: HistoryPanel, document: Document, tmp_path: Path) -> None:
    row = panel.list.visualRect(panel.list.model().index(2, 0))
    document.stack.undo()
    document.mark_saved(tmp_path / "test.nnw")
    document.stack.undo()
    marked = panel.list.viewport().grab(row).toImage()
    document.stack.setClean()  # another state is in the file now
    assert panel.list.viewport().grab(row).toImage() != marked


def test_that_another_project_begins_another_history(panel: HistoryPanel, document: Document) -> None:
    document.open(Project("other", Network((2,), (Dense(1),))))
    assert names(panel) == ["Start: other"]
