"""Data that are chosen, mended, dropped, taken back and do not suit, in any order."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from nncore.layers import Dropout
from nncore.project import load_preset
from tests.workbench.driving import Wait, drop, loaded, open_preset, steps, train
from workbench.main_window import MainWindow


def table(path: Path, rows: int = 30, scale: float = 1.0) -> Path:
    """Write a table with a class to predict."""
    lines = [f"{scale * n},{scale * (n % 7)},{'no' if n % 2 else 'yes'}" for n in range(rows)]
    path.write_text("\n".join(["height,weight,sport", *lines]), "utf-8")
    return path


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


def test_that_a_batch_that_is_larger_than_data_that_come_late_is_told_by_its_name(
    window: MainWindow, until: Wait
) -> None:
    window.open_project("spiral")
    window.document.set_training(window.document.project.training.replace(batch_size=100_000))
    window.actions_by_name["trainAction"].trigger()  # nobody knows yet how many samples there are
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
