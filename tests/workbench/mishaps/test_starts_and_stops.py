"""Starting, pausing and resetting in the middle of something else, by keys and twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from tests.workbench.controls import found
from tests.workbench.driving import ENDLESS, Wait, loaded, open_preset, set_epochs, steps, train_on
from workbench.main_window import MainWindow


def test_that_a_start_that_waits_for_data_is_given_up_when_other_data_are_chosen(
    window: MainWindow, until: Wait
) -> None:
    window.menus.dataset_chosen.emit("digits")
    window.controller.train()
    assert "as soon as" in window.status.text()
    window.document.stack.undo()
    until(lambda: not window.controller.loading)
    window.menus.dataset_chosen.emit("moons")
    until(lambda: loaded(window) and window.document.data_title != "XOR")
    assert window.state == "idle"
    assert steps(window) == 0


def test_that_a_start_that_waits_for_data_comes_when_they_are_loaded(window: MainWindow, until: Wait) -> None:
    set_epochs(window, 2)
    window.menus.dataset_chosen.emit("moons")
    window.controller.train()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)


def test_that_a_new_training_right_after_a_reset_is_not_ended_by_the_old_one(window: MainWindow, until: Wait) -> None:
    train_on(window, until)
    window.controller.stop_and_wait()
    window.controller.restore(None)
    window.controller.train()  # before any signal of the old thread has arrived
    until(lambda: steps(window) > 10)
    assert window.state == "running"


def test_that_a_learning_rate_set_while_the_training_starts_acts_on_it(window: MainWindow, until: Wait) -> None:
    set_epochs(window, ENDLESS)
    window.actions_by_name["trainAction"].trigger()
    training = window.document.project.training
    window.document.set_training(training.replace(optimizer=training.optimizer.replace(learning_rate=0.007)))
    until(lambda: steps(window) > 10)
    session = window.controller.session
    assert session is not None
    until(lambda: session.settings.optimizer.learning_rate == 0.007)


def test_that_an_edit_during_a_pause_says_that_it_counts_from_the_next_training_on(
    window: MainWindow, until: Wait
) -> None:
    train_on(window, until)
    window.actions_by_name["pauseAction"].trigger()
    until(lambda: window.state == "paused")
    training = window.document.project.training
    window.document.set_training(training.replace(optimizer=training.optimizer.replace(learning_rate=0.007)))
    assert "next one" not in window.status.text()
    window.document.insert(1, Dense(4, "relu"))
    assert "next one" in window.status.text()
    window.actions_by_name["trainAction"].trigger()
    assert window.state == "running"
    assert "next one" in window.status.text()


def test_that_what_is_typed_counts_without_leaving_the_field_first(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    line = window.findChild(QLineEdit, "trainingForm.epochs")
    assert line is not None
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    line.selectAll()
    qtbot.keyClicks(line, "7")
    window.actions_by_name["trainAction"].trigger()
    assert window.document.project.training.epochs == 7
    until(lambda: window.state == "idle")
    history = window.controller.history
    assert history is not None
    assert history.epoch_count() == 7


def press_space(window: MainWindow, qtbot: QtBot, until: Wait, name: str) -> None:
    """Press the space bar on a widget of a project that could be trained."""
    open_preset(window, until, "mlp-classifier")
    widget = found(window, QWidget, name)
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Space)


@pytest.mark.parametrize("name", ["layerList", "layerPalette", "galleryView", "speedSlider", "propertiesScroll"])
def test_that_space_trains_wherever_nothing_else_uses_it(
    window: MainWindow, qtbot: QtBot, until: Wait, name: str
) -> None:
    press_space(window, qtbot, until, name)
    assert window.state == "running"


@pytest.mark.parametrize("name", ["trainingForm.seed", "trainingForm.epochs", "trainingForm.shuffle", "wrongOnlyChip"])
def test_that_space_in_a_field_or_on_a_button_does_not_train(
    window: MainWindow, qtbot: QtBot, until: Wait, name: str
) -> None:
    press_space(window, qtbot, until, name)
    assert window.state == "idle"
