"""Small windows, long messages and predictions far off: what is told can be read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait, train
from workbench.dialogs.export import ExportDialog
from workbench.main_window import MainWindow
from workbench.training.views import PAIRS


def test_that_all_menus_have_room_in_the_smallest_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(window.minimumSize())
    qtbot.wait(20)
    bar = window.menuBar()
    edge = window.labels.title.mapTo(window, window.labels.title.rect().topLeft()).x()
    for action in bar.actions():
        place = bar.actionGeometry(action)
        assert place.width() > 0, action.text()
        assert place.right() < edge, action.text()


def test_that_a_long_message_does_not_make_the_window_wider(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(window.minimumSize())
    before = window.size()
    window.show_message("A sentence that says very much. " * 20, "And a remedy.", False)
    qtbot.wait(20)
    assert window.size() == before
    assert window.status.text() == window.status.toolTip()


def test_that_an_error_of_an_export_is_shown_in_full(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    train(window, until)
    window.actions_by_name["exportAction"].trigger()
    dialog = window.findChild(ExportDialog, "exportDialog")
    assert dialog is not None
    dialog.path.setText(str(tmp_path / "a folder that is not there" / "another one below it" / "weights.npz"))
    dialog.accept_button.click()
    until(dialog.error.isVisible)
    until(lambda: dialog.error.height() >= dialog.error.heightForWidth(dialog.error.width()))
    dialog.close()


def test_that_predictions_far_off_are_told_where_the_picture_would_be_empty(window: MainWindow) -> None:
    panel = window.watching.regression
    window.watching.show_view(PAIRS)
    truth, part = np.arange(5.0), np.zeros(5, dtype=bool)
    panel.show_pairs(truth, truth + 1e22, part, "price", 3)
    assert "outside" in panel.empty.text()
    assert not panel.empty.isHidden()
    panel.show_pairs(truth, truth + 1, part, "price", 4)
    assert panel.empty.isHidden()
    panel.show_pairs(truth, None, part, "price", 0)
    assert "Press Train" in panel.empty.text()
