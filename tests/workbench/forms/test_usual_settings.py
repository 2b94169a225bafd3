"""What the forms take from the data: the usual loss and metric, and the columns of a table; and that nothing jumps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from nncore.losses import MeanAbsoluteError, MeanSquaredError, SparseCategoricalCrossentropy
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow


def use_table(window: MainWindow, folder: Path, until: Wait) -> None:
    path = folder / "flats.csv"
    lines = [f"{row},{row * 7 % 11},{row % 5 + 0.5}" for row in range(60)]
    path.write_text("rooms,size,rent\n" + "\n".join(lines))
    window.facts.choose(str(path))
    until(lambda: window.document.data_title == "flats.csv" and not window.controller.loading)


def test_that_the_loss_which_the_data_ask_for_is_no_change(window: MainWindow, tmp_path: Path, until: Wait) -> None:
    window.files.open("mnist-mlp")
    until(lambda: window.document.target is not None and window.document.target.classes == 10)
    rows = window.properties.training_form.form.rows
    assert isinstance(window.document.project.training.loss, SparseCategoricalCrossentropy)
    assert not rows["loss"].differs
    assert not rows["metric"].differs
    window.document.set_training(window.document.project.training.replace(loss=MeanSquaredError()))
    assert rows["loss"].differs
    assert "sparse categorical crossentropy" in rows["loss"].heading.dot.toolTip()
    rows["loss"].reset()
    assert window.document.project.training.loss == SparseCategoricalCrossentropy()


def test_that_for_numbers_the_squared_error_and_the_absolute_error_are_usual(
    window: MainWindow, tmp_path: Path, until: Wait
) -> None:
    use_table(window, tmp_path, until)
    rows = window.properties.training_form.form.rows
    assert not rows["loss"].differs
    assert not rows["metric"].differs
    window.document.set_training(window.document.project.training.replace(loss=MeanAbsoluteError()))
    assert rows["loss"].differs


def test_that_an_empty_target_names_the_last_column_and_offers_all(
    window: MainWindow, tmp_path: Path, until: Wait
) -> None:
    use_table(window, tmp_path, until)
    line = window.findChild(QLineEdit, "dataForm.target_column")
    button = window.findChild(QToolButton, "dataForm.target_column.columns")
    assert isinstance(line, QLineEdit)
    assert isinstance(button, QToolButton)
    assert (line.text(), line.placeholderText()) == ("", "last column: rent")
    assert button.isVisibleTo(window.properties)
    assert button.parent() is line, "it stands within the frame, as in the combo boxes"
    menu = window.findChild(QMenu, "dataForm.target_column.menu")
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["rooms", "size", "rent"]
    menu.actions()[1].trigger()
    until(lambda: window.controller.data is not None and window.controller.data.data.target_name == "size")
    assert window.document.project.data.target_column == "size"
    assert line.text() == "size"


def test_that_nothing_in_the_properties_moves_when_a_training_begins_or_ends(
    window: MainWindow, qtbot: QtBot, until: Wait
) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=3))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    panel, form = window.properties, window.properties.training_form.form
    window.document.set_training(window.document.project.training.replace(seed=5, epochs=900_000))
    qtbot.wait(30)

    def places() -> list[int]:
        qtbot.wait(30)
        found = [*form.rows.values(), *panel.data_form.form.rows.values()]
        return [row.mapTo(panel, row.rect().topLeft()).y() for row in found if row.isVisible()]

    before = places()
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "running")
    hint = window.findChild(QLabel, "propertiesEffect")
    assert isinstance(hint, QLabel)
    assert hint.text() == "only live fields act at once"
    assert hint.isVisible()
    assert hint.width() >= hint.fontMetrics().horizontalAdvance(hint.text())
    assert places() == before
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    assert not hint.isVisible()
    assert places() == before
