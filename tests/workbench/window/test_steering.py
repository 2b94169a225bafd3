"""Steering a training: where it stops, how long it goes on, how fast it is, and what is changed on the way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from nncore.callbacks import EarlyStopping, StopAt
from nncore.layers import Dense, Dropout
from nncore.optimizers import SGD
from nncore.regularizers import L2
from nncore.training import estimate
from nncore.training.estimate import Estimate
from tests.workbench.driving import ENDLESS, Wait, epochs, steps
from workbench.dialogs.epochs import EpochsDialog
from workbench.main_window import MainWindow
from workbench.theme import current


def train_for_long(window: MainWindow, until: Wait) -> None:
    """Start a training that does not end by itself."""
    window.document.set_training(window.document.project.training.replace(epochs=900_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: epochs(window) >= 2)


def stop(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


def answer(window: MainWindow, qtbot: QtBot, name: str, text: str) -> None:
    """Type a number into a dialog and press Enter."""
    dialog = window.findChild(EpochsDialog, name)
    field = window.findChild(QLineEdit, f"{name}.number")
    assert dialog is not None
    assert field is not None
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


# --- Where it ends ----------------------------------------------------------------------------------------------


def test_that_the_end_of_a_running_training_is_moved_with_the_keyboard(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    train_for_long(window, until)
    window.actions_by_name["pauseAction"].trigger()
    until(lambda: window.state == "paused")
    wanted = epochs(window) + 5
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    answer(window, qtbot, "stopAtDialog", str(wanted))
    assert window.document.project.training.epochs == wanted
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    assert epochs(window) == wanted


def test_that_taking_the_other_end_back_acts_too(window: MainWindow, until: Wait) -> None:
    window.document.clock = iter(range(0, 10_000, 10)).__next__  # no change is one with the one before
    train_for_long(window, until)
    window.actions_by_name["pauseAction"].trigger()
    until(lambda: window.state == "paused")
    wanted = epochs(window) + 1
    window.controller.stop_at_epoch(wanted)
    assert window.controller.target_epochs == wanted
    window.actions_by_name["undoAction"].trigger()
    window.actions_by_name["trainAction"].trigger()
    until(lambda: epochs(window) > wanted + 3)
    stop(window, until)


@pytest.mark.parametrize("way", ["undo", "by hand", "best weights back"])
def test_that_a_training_whose_end_has_passed_says_why_it_ends(window: MainWindow, until: Wait, way: str) -> None:
    window.document.clock = iter(range(0, 10_000, 10)).__next__  # no change is one with the one before
    training = window.document.project.training
    if way == "best weights back":
        stopping = EarlyStopping(min_delta=1000, patience=100_000, restore_best_weights=True)
        training = training.replace(early_stopping=stopping)
    window.document.set_training(training.replace(epochs=2))
    window.document.set_training(window.document.project.training.replace(epochs=ENDLESS))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: epochs(window) > 3)
    if way == "undo":
        window.actions_by_name["undoAction"].trigger()
    else:
        window.document.set_training(window.document.project.training.replace(epochs=2))
    until(lambda: window.state == "idle")
    assert window.status.text().startswith(f"Ended after epoch {epochs(window)}: epochs were set to 2.")
    assert not window.watching.banner.isVisible()


def test_that_a_finished_training_goes_on_for_more_epochs(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    assert not window.actions_by_name["moreAction"].isEnabled()
    window.document.set_training(window.document.project.training.replace(epochs=3))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    assert window.actions_by_name["moreAction"].isEnabled()
    window.actions_by_name["moreAction"].trigger()
    answer(window, qtbot, "moreDialog", "4")
    until(lambda: window.state == "idle" and epochs(window) == 7)
    assert window.document.project.training.epochs == 7


def test_that_the_dialog_takes_only_numbers_that_fit(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["stopAtAction"].trigger()
    field = window.findChild(QLineEdit, "stopAtDialog.number")
    button = window.findChild(QPushButton, "stopAtDialog.accept")
    hint = window.findChild(QLabel, "stopAtDialog.hint")
    assert field is not None
    assert button is not None
    assert hint is not None
    for text in ("", "0", "-3", "abc", "1.5", "1000001", "99999999999999"):
        field.setText(text)
        assert not button.isEnabled(), text
        assert (field.property("wrong"), hint.property("role")) == (True, "wrong")
    field.setText("7")
    assert (field.property("wrong"), hint.property("role")) == (False, "caption")
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "8"
    assert button.isEnabled()
    before = window.document.project
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert window.document.project == before


def test_that_an_epoch_that_is_over_by_now_is_told_and_not_taken(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    train_for_long(window, until)
    window.actions_by_name["stopAtAction"].trigger()
    dialog = window.findChild(EpochsDialog, "stopAtDialog")
    assert dialog is not None
    missed = epochs(window) + 1
    dialog.number.setText(str(missed))
    until(lambda: not dialog.accept_button.isEnabled())
    assert dialog.hint.text().startswith(f"Epoch {missed:,} is over: a whole number from ")
    dialog._timer.stop()  # Enter may come between two looks
    missed = epochs(window) + 2
    dialog._look()
    dialog.number.setText(str(missed))
    until(lambda: epochs(window) > missed)
    qtbot.keyClick(dialog.number, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert f"Epoch {missed:,} is over" in dialog.hint.text()
    assert window.document.project.training.epochs == 900_000
    answer(window, qtbot, "stopAtDialog", str(epochs(window) + 100_000))
    assert not dialog.isVisible()
    assert window.document.project.training.epochs < 900_000
    stop(window, until)


def test_that_the_end_says_which_value_was_reached(window: MainWindow, until: Wait) -> None:
    settings = window.document.project.training
    window.document.set_training(settings.replace(epochs=900, stop_at=StopAt("loss", 100.0)))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    assert epochs(window) == 1
    told = window.status.text()
    assert told.startswith("Stopped after epoch 1: the loss is ")
    assert told.endswith(", and 100 was asked for.")


# --- How fast ---------------------------------------------------------------------------------------------------


def test_that_slow_motion_is_reached_by_keys(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    slider = window.findChild(QSlider, "speedSlider")
    label = window.findChild(QLabel, "speedLabel")
    assert slider is not None
    assert label is not None
    assert label.text() == "full speed"
    for _ in range(slider.maximum()):
        qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert slider.value() == 0
    assert label.text() == "1 step/s"
    assert window.status.text() == "Speed: 1 step per second."
    window.actions_by_name["trainAction"].trigger()
    until(lambda: steps(window) >= 1)
    qtbot.wait(300)
    assert steps(window) <= 2
    for _ in range(slider.maximum()):
        qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert label.text() == "full speed"
    until(lambda: steps(window) > 20)
    if window.state != "idle":
        stop(window, until)


# --- What is changed on the way ---------------------------------------------------------------------------------


def test_that_live_fields_act_are_marked_and_are_taken_back(window: MainWindow, until: Wait) -> None:
    document = window.document
    document.insert(1, Dropout(0.1))
    document.replace_layer(0, document.network.layers[0].replace(kernel_regularizer=L2(0.001)))
    document.set_training(document.project.training.replace(optimizer=SGD(0.1), batch_size=4))
    train_for_long(window, until)
    session = window.controller.session
    assert session is not None
    document.replace_layer(1, Dropout(0.4))
    until(lambda: session.network.layers[1] == Dropout(0.4))
    document.replace_layer(0, document.network.layers[0].replace(kernel_regularizer=L2(0.5)))
    until(lambda: session.network == document.network)
    document.set_training(document.project.training.replace(batch_size=2))
    until(lambda: session.batch_size == 2)
    window.actions_by_name["undoAction"].trigger()
    until(lambda: session.batch_size == 4)
    window.actions_by_name["pauseAction"].trigger()
    until(lambda: window.state == "paused")
    names = [change.name for change in session.history.changes]
    assert "dropout: rate" in names
    assert "dense: regularizer: strength" in names
    for panel in (window.watching.loss_curve, window.watching.metric_curve):
        assert panel._changes._groups
    stop(window, until)
    assert window.controller.can_continue()
    assert "Continue" in window.actions_by_name["trainAction"].text()
    assert window.controller.started_project.network == document.network


def test_that_an_edit_of_the_structure_and_its_undo_leave_the_running_network_alone(
    window: MainWindow, until: Wait
) -> None:
    train_for_long(window, until)
    session = window.controller.session
    assert session is not None
    network = session.network
    window.document.insert(1, Dense(5, "relu"))
    window.document.insert(1, Dropout(0.5))
    window.document.replace_layer(1, Dropout(0.9))
    for _ in range(3):
        window.actions_by_name["undoAction"].trigger()
    done = epochs(window)
    until(lambda: epochs(window) > done)
    assert session.network == network
    assert session.history.changes == ()
    stop(window, until)


def test_that_a_batch_larger_than_the_data_is_refused_and_the_training_goes_on(window: MainWindow, until: Wait) -> None:
    train_for_long(window, until)
    session = window.controller.session
    assert session is not None
    size = session.batch_size
    told: list[str] = []
    window.controller.message.connect(lambda sentence, *_: told.append(sentence))
    window.document.set_training(window.document.project.training.replace(batch_size=100_000))
    assert "100,000" in told[0]
    done = epochs(window)
    until(lambda: epochs(window) > done)
    assert session.batch_size == size
    stop(window, until)


# --- What to expect ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("parameters", "told"), [(1, "1 parameter"), (2, "2 parameters"), (0, "0 parameters")])
def test_that_one_parameter_is_no_plural(window: MainWindow, parameters: int, told: str) -> None:
    window.monitor.preview.estimate = Estimate(parameters, 1000)
    assert window.monitor.preview.words().startswith(f"{told} · ")


def test_that_the_cost_is_told_before_the_first_training(window: MainWindow, until: Wait) -> None:
    bar = window.bar
    window.resize(1440, 900)
    parameters = window.document.trace.parameters
    assert bar.time_label.text().startswith(f"{parameters} parameters · ")
    assert bar.time_label.text().endswith("B of memory")
    QApplication.processEvents()
    assert bar.rate_label.text() == "measuring…"
    place = bar.epoch_label.x()
    until(lambda: "s per epoch" in bar.rate_label.text())
    QApplication.processEvents()
    assert bar.epoch_label.x() == place, "the room for it was kept"
    window.document.insert(1, Dense(70, "relu"))
    parameters = window.document.trace.parameters
    assert bar.time_label.text().startswith(f"{parameters:,} parameters · ")
    assert bar.rate_label.text() == "measuring…"
    until(lambda: "s per epoch" in bar.rate_label.text())
    assert "per epoch" in bar.time_label.toolTip()
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    assert "parameters" not in bar.time_label.text()
    assert bar.time_label.toolTip() == ""


def test_that_what_would_take_too_much_to_be_tried_out_is_not_said_to_be_measured(
    window: MainWindow, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "TOO_MUCH", 0)
    window.resize(1440, 900)
    window.document.insert(1, Dense(70, "relu"))
    assert window.bar.rate_label.text() == "measuring…"
    until(lambda: window.bar.rate_label.text() == "")
    assert "B of memory" in window.bar.time_label.text()
    window.document.stack.undo()
    assert window.bar.rate_label.text() == "measuring…", "the next one is tried again"


def test_that_nothing_is_measured_of_a_network_with_an_error_or_while_it_learns(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    preview = window.monitor.preview
    while window.document.network.layers:
        window.document.remove(0)
    assert preview.estimate is None
    assert not preview._timer.isActive()
    for _ in range(window.document.stack.count()):
        window.document.stack.undo()
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    assert preview.estimate is None
    qtbot.wait(900)
    assert preview._work is None


@pytest.mark.parametrize("position", [0, 5])
def test_that_a_window_without_room_shows_the_slider_while_it_slows_down(
    window: MainWindow, qtbot: QtBot, position: int
) -> None:
    window.resize(720, 640)
    current().set_text_size("largest")
    qtbot.waitUntil(lambda: not window.bar.speed.isVisible())
    window.bar.speed.setValue(position)
    assert window.bar.speed.isVisible()


def test_that_a_small_window_has_the_slider_with_its_words_where_there_is_room(
    window: MainWindow, qtbot: QtBot
) -> None:
    current().set_text_size("largest")
    window.resize(1024, 640)
    label = window.findChild(QLabel, "speedLabel")
    assert label is not None
    qtbot.waitUntil(lambda: window.bar.speed.isVisible() and label.isVisible())
    window.bar.speed.setValue(4)
    QApplication.processEvents()
    place = window.bar.speed.x()
    for position in range(window.bar.speed.maximum()):
        window.bar.speed.setValue(position)
        QApplication.processEvents()
        assert label.isVisible()
        assert window.bar.speed.x() == place, "the handle stays under the mouse"


def test_that_the_coloured_button_is_as_wide_for_each_of_its_words(window: MainWindow) -> None:
    bar = window.bar
    bar.show_state("idle", continuing=False)
    QApplication.processEvents()
    width, beside = bar.primary.width(), bar.hint.parentWidget().layout().itemAt(2).geometry().x()
    for state, continuing in (("idle", True), ("running", False), ("paused", True)):
        bar.show_state(state, continuing=continuing)
        QApplication.processEvents()
        assert bar.primary.width() == width
        assert bar.hint.parentWidget().layout().itemAt(2).geometry().x() == beside
    bar.show_state("idle", continuing=False)


def test_that_icon_and_word_stand_in_the_middle_of_the_coloured_button(window: MainWindow) -> None:
    QApplication.processEvents()
    picture, ink = window.bar.primary.grab().toImage(), current().tokens.on_accent
    rows = range(8, picture.height() - 8)
    inked = [x for x in range(picture.width()) if any(picture.pixelColor(x, y).name() == ink.lower() for y in rows)]
    assert inked[0] == pytest.approx(picture.width() - inked[-1], abs=8)
    assert max(after - before for before, after in pairwise(inked)) > 3, "an icon, and words beside it"


def test_that_slower_begins_below_the_speed_that_was_measured(window: MainWindow, until: Wait) -> None:
    train_for_long(window, until)
    stop(window, until)
    history = window.controller.history
    assert history is not None
    history.seconds = len(history.step_loss) / 150
    window.actions_by_name["slowerAction"].trigger()
    assert window.status.text() == "Speed: 100 steps per second."
    window.actions_by_name["slowerAction"].trigger()
    assert window.status.text() == "Speed: 50 steps per second."
