"""What the window promises of a training under way, of undo, and of errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from nncore.layers import Dense, Dropout
from nncore.losses import MeanSquaredError
from nncore.metrics import BinaryAccuracy
from nncore.optimizers import SGD
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow

LATER = {
    "seed": 5,
    "shuffle": False,
    "loss": MeanSquaredError(),
    "optimizer": SGD(0.1),
    "metric": BinaryAccuracy(),
    "class_weight": "balanced",
}
LIVE = {"batch_size": 8, "epochs": 7}


def pause_after_steps(window: MainWindow, until: Wait, steps: int) -> None:
    """Learn so many batches and wait."""
    for number in range(1, steps + 1):
        window.actions_by_name["stepAction"].trigger()
        until(lambda number=number: window.state == "paused" and window.controller.session.step == number)


def waits(window: MainWindow, name: str) -> bool:
    """Whether the form says that a setting counts from the next start."""
    note = window.properties.findChild(QLabel, f"trainingForm.{name}.pending")
    return note is not None and note.isVisibleTo(window)


@pytest.mark.parametrize(("name", "value"), [*LATER.items(), *LIVE.items()])
def test_that_a_setting_acts_at_once_if_it_is_live_and_else_says_from_the_next_start(
    window: MainWindow, until: Wait, name: str, value: object
) -> None:
    window.properties.training_form.form.editor(name)  # the rarely needed ones are made when they are asked for
    window.properties.training_form.form.show_more(True)
    pause_after_steps(window, until, 2)
    session, document = window.controller.session, window.document
    assert session is not None
    before = session.settings
    document.set_training(document.project.training.replace(**{name: value}))
    pause_after = session.step + 1
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused" and session.step == pause_after)
    assert waits(window, name) == (name in LATER)
    assert getattr(session.settings, name) == (getattr(before, name) if name in LATER else value)
    assert document.project.training.field(name).rule.live == (name in LIVE)
    document.stack.undo()
    assert not waits(window, name)


def test_that_edits_and_their_undo_leave_what_is_learned_the_same_bit_by_bit(window: MainWindow, until: Wait) -> None:
    def learned(disturb: bool) -> np.ndarray:
        window.open_project("xor")
        until(lambda: not window.controller.loading)
        document = window.document
        document.set_training(document.project.training.replace(epochs=3))
        pause_after_steps(window, until, 4)
        if disturb:
            document.insert(0, Dense(3))
            document.set_disabled([0], True)
            document.remove(1)
            document.set_training(document.project.training.replace(seed=9, optimizer=SGD(0.5)))
            document.rename_layer(0, "other")
            for _ in range(5):
                document.stack.undo()
            document.insert(1, Dropout(0.5))
        window.actions_by_name["trainAction"].trigger()
        if disturb:
            document.stack.undo()
            document.insert(0, Dense(4))
        until(lambda: window.state == "idle")
        checkpoint = window.controller.checkpoint
        assert checkpoint is not None
        document.stack.setClean()
        return checkpoint.snapshot.parameters.copy()

    assert np.array_equal(learned(disturb=False), learned(disturb=True))


def test_that_errors_in_a_row_are_said_in_the_window_and_open_no_dialogs(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.nnw"
    broken.write_bytes(b"PK nothing")
    before = window.document.project
    for _ in range(3):
        QGuiApplication.clipboard().setText("no network")
        QTest.keyClick(window.network.layers, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        window.files.open(str(broken))
        window.files.open(str(tmp_path / "missing.nnw"))
    until(lambda: window.watching.banner.isVisible())
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not window]
    assert not [widget for widget in shown if isinstance(widget, QDialog)]
    assert window.document.project == before
    assert window.document.stack.count() == 0


def test_that_data_that_cannot_be_read_are_said_at_the_input_and_open_no_dialog(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    for number in range(3):
        window.facts.choose(str(tmp_path / f"missing {number}.csv"))
        until(lambda: not window.controller.loading)
    until(lambda: window.document.trace.input_problem is not None)
    assert "missing 2.csv" in window.network.layers.rows.view(0).spoken
    assert not window.watching.banner.isVisible()
    assert not [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()
    ]
    while window.document.stack.canUndo():
        window.document.stack.undo()
    until(lambda: window.document.trace.input_problem is None)
