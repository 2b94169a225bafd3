"""What people do that nobody planned for, on the real window: in the middle of something, twice, on something gone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Dropout
from nncore.metrics import METRICS
from nncore.project import load_preset
from nncore.project_file import load_file
from workbench.dialogs.export import ExportDialog
from workbench.life.last_training import last_training
from workbench.main_window import MainWindow
from workbench.training.views import PAIRS

Wait = Callable[[Callable[[], bool]], None]
ENDLESS = 1_000_000


def steps(window: MainWindow) -> int:
    """Return how many steps have been made."""
    history = window.controller.history
    return len(history.step_loss) if history is not None else 0


def loaded(window: MainWindow) -> bool:
    """Whether the data of the open project are there."""
    return window.controller.data is not None and not window.controller.loading


def open_preset(window: MainWindow, until: Wait, name: str) -> None:
    """Open a preset and wait for its data."""
    window.open_project(name)
    until(lambda: loaded(window))


def set_epochs(window: MainWindow, epochs: int) -> None:
    """Set for how long the network is to be trained."""
    window.document.set_training(window.document.project.training.replace(epochs=epochs))


def train(window: MainWindow, until: Wait, epochs: int = 3) -> None:
    """Train to the end."""
    set_epochs(window, epochs)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")


def train_on(window: MainWindow, until: Wait) -> None:
    """Start a training that does not end by itself, and wait until it learns."""
    set_epochs(window, ENDLESS)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: steps(window) > 10)


def shown_output(window: MainWindow) -> object:
    """Return the predictions that the gallery has been given last."""
    given = window.watching.gallery._given
    return given.output if given is not None else None


def table(path: Path, rows: int = 30, scale: float = 1.0) -> Path:
    """Write a table with a class to predict."""
    lines = [f"{scale * n},{scale * (n % 7)},{'no' if n % 2 else 'yes'}" for n in range(rows)]
    path.write_text("\n".join(["height,weight,sport", *lines]), "utf-8")
    return path


def drop(window: MainWindow, *urls: QUrl) -> None:
    """Drop files or links onto the window."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    window.dropEvent(
        QDropEvent(
            QPointF(600, 400), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def answer(window: MainWindow, button: QMessageBox.StandardButton) -> None:
    """Answer the question about unsaved changes."""
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(button).click()


# --- What the panels show -------------------------------------------------------------------------------------------


def test_that_after_a_reset_in_the_middle_no_prediction_is_left(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    open_preset(window, until, "mlp-classifier")
    train_on(window, until)
    until(lambda: shown_output(window) is not None)
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.state == "idle")
    assert window.controller.snapshot is None
    qtbot.wait(200)  # an answer that was under way would come now
    assert shown_output(window) is None


def test_that_another_project_of_the_same_kind_starts_without_the_old_predictions(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    open_preset(window, until, "mlp-classifier")
    train_on(window, until)
    window.document.stack.setClean()
    open_preset(window, until, "mnist-mlp")
    qtbot.wait(200)
    assert shown_output(window) is None


def test_that_other_data_are_not_shown_with_predictions_learned_from_the_old_ones(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    open_preset(window, until, "mlp-classifier")
    train(window, until, 1)
    until(lambda: shown_output(window) is not None)
    source = window.document.project.data.source
    window.menus.dataset_chosen.emit("wine" if source != "wine" else "iris")
    until(lambda: loaded(window) and window.document.data_shape == (13,))
    qtbot.wait(100)
    assert shown_output(window) is None
    window.document.stack.undo()
    until(lambda: loaded(window) and shown_output(window) is not None)


def test_that_a_restored_training_is_shown_with_its_own_number_of_epochs(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    train(window, until, 3)
    path = tmp_path / "three.nnw"
    window.files.save_to(path)
    until(lambda: window.document.clean)
    train(window, until, 200)
    window.document.stack.setClean()
    window.open_project(str(path))
    until(lambda: loaded(window))
    assert window.bar.epoch_label.text() == "Epoch 3 of 3"
    assert window.bar.bar.value() == window.bar.bar.maximum()


def test_that_the_second_curve_is_named_after_the_metric_of_other_data(window: MainWindow, until: Wait) -> None:
    assert window.watching.metric_curve.accessibleName() == "Accuracy"
    window.menus.dataset_chosen.emit("diabetes")
    until(lambda: window.document.project.training.metric.name == "mae")
    assert window.watching.metric_curve.accessibleName() == METRICS.get("mae").label


# --- Start, pause, reset --------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", ["layerList", "layerPalette", "galleryView", "speedSlider", "propertiesScroll"])
def test_that_space_trains_wherever_nothing_else_uses_it(
    window: MainWindow, qtbot: QtBot, until: Wait, name: str
) -> None:
    open_preset(window, until, "mlp-classifier")
    widget = window.findChild(QWidget, name)
    assert widget is not None
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Space)
    assert window.state == "running"


@pytest.mark.parametrize("name", ["trainingForm.seed", "trainingForm.epochs", "trainingForm.shuffle", "wrongOnlyChip"])
def test_that_space_in_a_field_or_on_a_button_does_not_train(
    window: MainWindow, qtbot: QtBot, until: Wait, name: str
) -> None:
    open_preset(window, until, "mlp-classifier")
    widget = window.findChild(QWidget, name)
    assert widget is not None
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Space)
    assert window.state == "idle"


# --- Undo -----------------------------------------------------------------------------------------------------------


def test_that_a_choice_of_data_and_what_follows_from_it_is_one_undo_step(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.document.clock = itertools.count(step=60).__next__  # each choice is made a minute after the last
    before = window.document.project
    drop(window, QUrl.fromLocalFile(str(table(tmp_path / "pupils.csv"))))
    until(lambda: "pupils" in window.document.data_title)
    chosen = window.document.project
    assert chosen.network.input_shape == (2,)
    window.menus.dataset_chosen.emit("diabetes")
    until(lambda: window.document.network.input_shape == (10,))
    fitted = window.document.project
    window.document.insert(0, Dropout(0.5))
    edited = window.document.project
    for project in (fitted, chosen, before):
        window.document.stack.undo()
        assert window.document.project == project
        until(lambda: loaded(window))
    for project in (chosen, fitted, edited):
        window.document.stack.redo()
        until(lambda: loaded(window))
        assert window.document.project == project


def test_that_another_source_starts_without_the_target_column_of_the_old_one(window: MainWindow, until: Wait) -> None:
    data = window.document.project.data.replace(source="flowers.csv", target_column="kind")
    window.document.set_data(data)
    window.document.set_data(data.replace(source="iris"))
    assert window.document.project.data.target_column is None
    assert "data set" in window.document.stack.undoText()
    until(lambda: loaded(window) and window.document.data_shape == (4,))


# --- Data -----------------------------------------------------------------------------------------------------------


def test_that_a_file_that_was_mended_is_read_anew_when_it_is_dropped_again(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    path = tmp_path / "pupils.csv"
    url = QUrl.fromLocalFile(str(path))
    drop(window, url)
    until(window.watching.banner.isVisible)
    table(path)
    drop(window, url)
    until(lambda: loaded(window) and window.document.data_title.startswith("pupils"))
    assert not window.watching.banner.isVisible()
    words = window.document.data_words
    table(path, 50)
    drop(window, url)
    until(lambda: loaded(window) and window.document.data_words != words)


def test_that_a_link_from_the_web_is_not_taken_for_a_file(window: MainWindow) -> None:
    before = window.document.project
    drop(window, QUrl("https://example.org/data.csv"))
    assert window.document.project == before


def test_that_a_project_file_is_opened_by_dropping_it(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    train(window, until)
    window.files.save_to(tmp_path / "net.nnw")
    until(lambda: window.document.clean)
    open_preset(window, until, "spiral")
    drop(window, QUrl.fromLocalFile(str(tmp_path / "net.nnw")))
    assert window.document.network == load_preset("xor").network
    until(lambda: loaded(window))
    assert "Continue" in window.actions_by_name["trainAction"].text()


def test_that_a_batch_that_is_larger_than_the_data_is_told_by_its_name(window: MainWindow, until: Wait) -> None:
    window.document.set_training(window.document.project.training.replace(batch_size=100_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.watching.banner.isVisible())
    assert "batch size" in window.watching.banner.sentence.text()
    assert "100,000" in window.watching.banner.sentence.text()


@pytest.mark.parametrize("settings", [{"batch_size": "full"}, {"validation_split": 0.0}])
def test_that_a_training_without_batches_or_without_validation_ends_well(
    window: MainWindow, until: Wait, settings: dict[str, object]
) -> None:
    window.document.set_training(window.document.project.training.replace(**settings))
    until(lambda: loaded(window))
    train(window, until)
    history = window.controller.history
    assert history is not None
    assert history.epoch_count() == 3
    until(lambda: not window.monitor.inspector.busy)


def test_that_a_step_after_the_last_epoch_begins_another_round(window: MainWindow, until: Wait) -> None:
    train(window, until, 2)
    before = steps(window)
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    assert steps(window) == before + 1
    assert window.bar.epoch_label.text() == "Epoch 3 of 4"


# --- Files ----------------------------------------------------------------------------------------------------------


def test_that_a_network_edited_after_training_is_saved_beside_the_weights_of_the_trained_one(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    train(window, until)
    trained = window.document.network
    window.document.insert(1, Dense(4, "relu"))
    window.files.save_to(tmp_path / "edited.nnw")
    until(lambda: window.document.clean)
    found = load_file(tmp_path / "edited.nnw")
    assert found.project.network == window.document.network
    assert found.checkpoint is not None
    assert found.checkpoint.snapshot.network == trained
    window.open_project(str(tmp_path / "edited.nnw"))
    until(lambda: loaded(window))
    assert "Continue" not in window.actions_by_name["trainAction"].text()
    train(window, until, 2)
    assert window.controller.snapshot is not None
    assert window.controller.snapshot.network == window.document.network


def test_that_what_was_learned_after_a_save_survives_closing(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    train_on(window, until)
    window.files.save_to(tmp_path / "early.nnw")
    until(lambda: window.document.clean)
    saved = load_file(tmp_path / "early.nnw").checkpoint
    assert saved is not None
    until(lambda: steps(window) > saved.snapshot.step + 10)
    window.close()
    kept = load_file(last_training()).checkpoint
    assert kept is not None
    assert kept.snapshot.step > saved.snapshot.step + 10


def test_that_a_kept_training_goes_on_although_the_network_was_edited_since(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    train(window, until)
    window.document.insert(1, Dense(4, "relu"))
    window.menus.dataset_chosen.emit("moons")
    until(lambda: loaded(window) and window.document.data_title != "XOR")
    window.files.closing.keep_result()
    window.document.stack.setClean()
    window.files.reopen_last()
    until(lambda: loaded(window))
    assert "Continue" in window.actions_by_name["trainAction"].text()


def test_that_discarded_changes_stay_when_the_other_file_cannot_be_opened(window: MainWindow, tmp_path: Path) -> None:
    window.document.insert(0, Dense(5))
    window.files.open(str(tmp_path / "missing.nnw"))
    answer(window, QMessageBox.StandardButton.Discard)
    assert window.watching.banner.isVisible()
    assert window.document.network.layers[0] == Dense(5)
    assert not window.document.clean


def test_that_saving_later_does_not_do_what_was_given_up_at_the_file_dialog(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.document.insert(0, Dense(5))
    window.close()
    answer(window, QMessageBox.StandardButton.Save)
    dialog = window.findChild(QFileDialog, "saveDialog")
    assert dialog is not None
    dialog.reject()
    window.files.save_to(tmp_path / "later.nnw")
    until(lambda: window.document.clean)
    assert window.isVisible()


def test_that_edits_made_while_the_file_is_written_are_asked_about_before_closing(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.document.insert(0, Dense(5))
    window.files.save_to(tmp_path / "net.nnw")
    window.document.insert(0, Dense(6))
    window.close()
    assert window.isVisible()
    answer(window, QMessageBox.StandardButton.Cancel)
    until(lambda: window.document.path is not None)
    assert window.isVisible()
    assert not window.document.clean


def test_that_two_saves_at_once_are_both_made(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    window.document.insert(0, Dense(5))
    window.files.save_to(tmp_path / "first.nnw")
    window.document.insert(0, Dense(6))
    window.files.save_to(tmp_path / "second.nnw")
    until(lambda: window.document.clean)
    assert load_file(tmp_path / "first.nnw").project.network.layers[0] == Dense(5)
    assert load_file(tmp_path / "second.nnw").project.network.layers[0] == Dense(6)


def test_that_a_save_during_a_training_does_not_change_what_is_learned(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    train(window, until, 200)
    assert window.controller.snapshot is not None
    alone = window.controller.snapshot.parameters
    window.actions_by_name["resetAction"].trigger()
    window.actions_by_name["trainAction"].trigger()
    window.files.save_to(tmp_path / "first step.nnw")
    until(lambda: window.document.clean and window.state == "idle" and window.controller.checkpoint is not None)
    assert np.array_equal(window.controller.snapshot.parameters, alone)
    load_file(tmp_path / "first step.nnw")


def test_that_closing_takes_what_is_typed_and_asks_whether_to_save_it(window: MainWindow, qtbot: QtBot) -> None:
    line = window.findChild(QLineEdit, "trainingForm.epochs")
    assert line is not None
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    line.selectAll()
    qtbot.keyClicks(line, "7")
    window.close()
    assert window.document.project.training.epochs == 7
    answer(window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()


def test_that_closing_twice_asks_once(window: MainWindow) -> None:
    window.document.insert(0, Dense(5))
    window.close()
    window.close()
    assert len(window.findChildren(QMessageBox, "unsavedQuestion")) == 1
    answer(window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()


def test_that_closing_waits_for_every_file_that_is_to_be_written(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        window.files.save_to(tmp_path / f"{name}.nnw")
    window.document.stack.setClean()
    window.close()
    qtbot.wait(50)
    for name in ("first", "second"):
        load_file(tmp_path / f"{name}.nnw")


# --- What can be read -----------------------------------------------------------------------------------------------


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
