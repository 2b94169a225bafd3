"""Saving, opening and closing in the middle of a training, of an edit and of each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from nncore.project import load_preset
from nncore.project_file import load_file, save_project
from tests.workbench.driving import Wait, answer_unsaved, loaded, steps, train, train_on
from workbench.life.last_training import last_training
from workbench.main_window import MainWindow


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
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    box.button(QMessageBox.StandardButton.Discard).click()
    until(lambda: not window.isVisible())
    kept = load_file(last_training()).checkpoint
    assert kept is not None
    assert kept.snapshot.step > saved.snapshot.step + 10


def test_that_the_question_about_edits_says_what_becomes_of_a_training_that_runs(
    window: MainWindow, until: Wait
) -> None:
    window.document.insert(1, Dense(4, "relu"))
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    assert box.informativeText() == "Otherwise they are lost."
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)

    train_on(window, until)
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    assert box.informativeText() == (
        "Otherwise they are lost. The training stops, and File > Unsaved work keeps what it has learned for a while."
    )
    box.button(QMessageBox.StandardButton.Discard).click()
    until(lambda: not window.isVisible())
    assert load_file(last_training()).checkpoint is not None


def test_that_the_button_that_gives_up_saving_promises_no_loss(window: MainWindow) -> None:
    window.document.insert(1, Dense(4, "relu"))
    window.close()
    box = window.findChild(QMessageBox, "unsavedQuestion")
    assert box is not None
    button = box.button(QMessageBox.StandardButton.Discard)
    assert button.text() == "&Don't save"
    assert box.buttonRole(button) == QMessageBox.ButtonRole.DestructiveRole
    box.button(QMessageBox.StandardButton.Cancel).click()


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
    path = tmp_path / "other.nnw"
    save_project(path, load_preset("spiral"), None)
    window.document.insert(0, Dense(5))
    window.files.open(str(path))
    path.write_bytes(b"damaged while the question stands")
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.watching.banner.isVisible()
    assert window.document.network.layers[0] == Dense(5)
    assert not window.document.clean


def test_that_saving_later_does_not_do_what_was_given_up_at_the_file_dialog(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.document.insert(0, Dense(5))
    window.close()
    answer_unsaved(window, QMessageBox.StandardButton.Save)
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
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)
    until(lambda: window.document.path is not None)
    assert window.isVisible()
    assert not window.document.clean


def test_that_a_question_outlives_the_saving_of_older_edits(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    window.document.insert(0, Dense(5))
    window.files.save_to(tmp_path / "net.nnw")
    window.document.insert(0, Dense(6))
    window.close()
    until(lambda: window.document.path is not None)
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert not window.isVisible()


def test_that_a_question_outlives_an_older_saving_that_fails(window: MainWindow, until: Wait, tmp_path: Path) -> None:
    window.document.insert(0, Dense(5))
    window.files.save_to(tmp_path / "missing" / "net.nnw")
    window.actions_by_name["newAction"].trigger()
    until(window.watching.banner.isVisible)
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert window.document.project.name == "untitled"


def test_that_nothing_is_asked_any_more_when_all_has_been_saved(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    window.document.insert(0, Dense(5))
    window.files.save_to(tmp_path / "net.nnw")
    window.actions_by_name["newAction"].trigger()
    until(lambda: window.document.project.name == "untitled")
    assert not any(box.isVisible() for box in window.findChildren(QMessageBox, "unsavedQuestion"))


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
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()


def test_that_closing_twice_asks_once(window: MainWindow) -> None:
    window.document.insert(0, Dense(5))
    window.close()
    window.close()
    assert len(window.findChildren(QMessageBox, "unsavedQuestion")) == 1
    answer_unsaved(window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()


def test_that_closing_takes_over_the_question_of_an_older_wish(window: MainWindow) -> None:
    window.document.insert(0, Dense(5))
    window.actions_by_name["newAction"].trigger()
    window.close()
    assert len(window.findChildren(QMessageBox, "unsavedQuestion")) == 1
    answer_unsaved(window, QMessageBox.StandardButton.Discard)
    assert not window.isVisible()


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
