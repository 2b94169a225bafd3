"""The real window, driven like a person drives it: mouse and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QRadioButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.datasets import Data, load_training_data, open_source
from nncore.errors import InputError
from nncore.layers import LAYERS, Dense, Dropout
from nncore.network import Network
from nncore.project import load_preset, preset_names
from nncore.project_file import load_file, save_project
from nncore.session import Session
from tests.workbench.dragging import drag_layer
from tests.workbench.driving import Wait, epochs, open_preset, steps
from workbench.app import build
from workbench.life.last_training import last_training
from workbench.main_window import MainWindow

ACTIONS = [
    *("newAction", "openAction", "saveAction", "saveAsAction", "exportAction", "quitAction", "undoAction"),
    *("redoAction", "trainAction", "pauseAction", "stopAction", "stepAction", "epochAction", "resetAction"),
]
VIEWS = [
    *("layerPalette", "layerList", "layerForm", "dataForm", "trainingForm", "lossPlot", "accuracyPlot"),
    *("predictionGallery", "boundaryPlot", "epochProgress", "statusMessage"),
]


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Click a button of the bar."""
    button = window.findChild(QToolButton, name)
    assert button is not None
    assert button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_the_main_job_is_done_end_to_end(window: MainWindow, qtbot: QtBot, until: Wait, tmp_path: Path) -> None:
    (preset,) = [action for action in window.menus.examples.actions() if action.data() == "mlp-classifier"]
    preset.trigger()
    until(lambda: window.document.project.name == "mlp-classifier")
    until(lambda: window.controller.data is not None and not window.controller.loading)
    assert [type(layer).__name__ for layer in window.document.network.layers] == ["Flatten", "Dense", "Dense", "Dense"]

    # A Dropout is dragged behind the first Dense.
    drag_layer(window, "Dropout", 2)
    assert isinstance(window.document.network.layers[2], Dropout)

    # Its field is edited in the form, and the edit is taken back.
    window.network.layers.select_position(2)
    rate = window.findChild(QLineEdit, "layerForm.rate")
    assert rate is not None
    qtbot.mouseClick(rate, Qt.MouseButton.LeftButton)
    rate.selectAll()
    qtbot.keyClicks(rate, "0.4")
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert window.document.network.layers[2] == Dropout(0.4)
    window.network.layers.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.network.layers[2] == Dropout(0.25)

    # Two epochs of training; then a pause, another epoch, and the end.
    window.document.set_training(window.document.project.training.replace(epochs=2))
    click(qtbot, window, "primaryButton")
    assert window.state == "running"
    until(lambda: window.state == "idle")
    assert epochs(window) == 2
    window.document.set_training(window.document.project.training.replace(epochs=500))
    click(qtbot, window, "primaryButton")
    until(lambda: epochs(window) >= 3)
    click(qtbot, window, "primaryButton")
    until(lambda: window.state == "paused")
    made = steps(window)
    qtbot.wait(150)
    assert steps(window) == made
    click(qtbot, window, "primaryButton")
    assert window.state == "running"
    until(lambda: steps(window) > made)
    click(qtbot, window, "stopButton")
    until(lambda: window.state == "idle")

    # What was learned is exported through the dialog, and is what the file holds.
    window.actions_by_name["exportAction"].trigger()
    dialog = window.findChild(QWidget, "exportDialog")
    assert dialog is not None
    path = tmp_path / "digits.npz"
    choice, line = dialog.findChild(QRadioButton, "format.npz"), dialog.findChild(QLineEdit, "exportPath")
    assert choice is not None
    assert line is not None
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=QPoint(8, choice.height() // 2))
    line.setText(str(path))
    qtbot.keyClick(line, Qt.Key.Key_Return)
    until(path.exists)
    until(lambda: window.findChild(QWidget, "exportDialog") is None or not dialog.isVisible())
    checkpoint = window.controller.checkpoint
    assert checkpoint is not None
    with np.load(path) as arrays:
        flat = np.concatenate([arrays[name].ravel() for name in arrays.files])
    assert np.array_equal(flat, checkpoint.snapshot.parameters)

    # The project is saved, opened again, and is the same.
    saved = tmp_path / "digits.nnw"
    window.files.save_to(saved)
    until(lambda: window.document.clean)
    loaded = load_file(saved)
    assert loaded.project.network == window.document.network
    assert loaded.checkpoint is not None
    assert np.array_equal(loaded.checkpoint.snapshot.parameters, checkpoint.snapshot.parameters)
    window.open_project("xor")
    window.open_project(str(saved))
    assert window.controller.checkpoint is not None
    assert np.array_equal(window.controller.checkpoint.snapshot.parameters, checkpoint.snapshot.parameters)
    assert epochs(window) == loaded.checkpoint.history.epoch_count()


@pytest.mark.parametrize("name", ACTIONS)
def test_that_every_promised_action_has_its_name_words_and_tip(window: MainWindow, name: str) -> None:
    action = window.actions_by_name[name]
    assert action.objectName() == name
    assert action.text()
    assert action.toolTip()


@pytest.mark.parametrize("name", VIEWS)
def test_that_every_promised_view_is_there_with_an_accessible_name(window: MainWindow, name: str) -> None:
    found = window.findChildren(QWidget, name)
    assert len(found) == 1
    assert found[0].accessibleName() or found[0].metaObject().className() == "QLabel"


def test_that_every_control_a_person_can_reach_has_a_name(window: MainWindow) -> None:
    nameless = [
        f"{type(widget).__name__} in {widget.parentWidget().objectName() if widget.parentWidget() else '-'}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.objectName()
    ]
    assert not nameless


def test_that_space_trains_and_pauses_and_right_makes_one_step(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=100_000))
    qtbot.keyClick(window, Qt.Key.Key_Right)
    until(lambda: window.state == "paused")
    assert steps(window) == 1
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.state == "running"
    until(lambda: steps(window) > 10)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    until(lambda: window.state == "paused")


def test_that_an_epoch_ends_at_an_epoch(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["epochAction"].trigger()
    until(lambda: window.state == "paused")
    history = window.controller.history
    assert history is not None
    assert history.epoch_count() == 1
    assert len(history.step_loss) == history.steps_per_epoch


def test_that_the_slow_speed_slows_down_and_can_be_left(window: MainWindow, qtbot: QtBot, until: Wait) -> None:
    slider = window.findChild(QSlider, "speedSlider")
    assert slider is not None
    slider.setValue(0)  # one step per second
    window.actions_by_name["trainAction"].trigger()
    until(lambda: steps(window) >= 1)
    qtbot.wait(300)
    assert steps(window) <= 2
    slider.setValue(slider.maximum())
    until(lambda: window.state == "idle")
    assert epochs(window) == window.document.project.training.epochs


def test_that_reset_goes_back_to_the_first_weights(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    first = window.controller.snapshot
    window.actions_by_name["resetAction"].trigger()
    assert window.controller.snapshot is None
    assert not window.actions_by_name["exportAction"].isEnabled()
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    again = window.controller.snapshot
    assert first is not None
    assert again is not None
    assert np.array_equal(first.parameters, again.parameters)


def test_that_the_window_learns_the_same_bits_as_the_command_line(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    window.actions_by_name["epochAction"].trigger()
    until(lambda: epochs(window) == 1 and window.state == "paused")
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    project = load_preset("xor")
    data = load_training_data(project.data.source, validation_split=project.training.validation_split)
    session = Session(project.network, project.training, data)
    for _ in session.run():
        pass
    assert window.controller.snapshot is not None
    assert np.array_equal(window.controller.snapshot.parameters, session.parameters)


def test_that_training_goes_on_until_something_that_matters_changes(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    done = epochs(window)
    assert "Continue" in window.actions_by_name["trainAction"].text()
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and epochs(window) > done)
    assert epochs(window) == 2 * done
    window.document.insert(1, Dense(4, "relu"))
    assert "Continue" not in window.actions_by_name["trainAction"].text()
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and epochs(window) == done)


def test_that_an_edit_while_training_does_not_touch_the_training(window: MainWindow, until: Wait) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=100_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: epochs(window) >= 1)
    trained = window.controller.snapshot
    assert trained is not None
    window.document.remove(0)
    window.document.insert(0, Dense(3))
    reached = epochs(window)
    until(lambda: epochs(window) > reached)
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    assert window.controller.snapshot is not None
    assert window.controller.snapshot.network == trained.network


def test_that_the_learning_rate_acts_on_the_running_training(window: MainWindow, until: Wait) -> None:
    settings = window.document.project.training.replace(epochs=100_000)
    window.document.set_training(settings)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: epochs(window) >= 1)
    window.document.set_training(settings.replace(optimizer=settings.optimizer.replace(learning_rate=0.007)))
    session = window.controller.session
    assert session is not None
    until(lambda: session.settings.optimizer.learning_rate == 0.007)


def test_that_a_network_that_does_not_fit_cannot_be_started_and_says_why(window: MainWindow, until: Wait) -> None:
    window.document.replace_layer(1, Dense(7, "sigmoid"))
    assert not window.actions_by_name["trainAction"].isEnabled()
    assert window.bar.hint.isVisible()
    assert "7 numbers" in window.document.trace.problems[0].sentence
    window.network.layers.mend_selected()
    assert window.actions_by_name["trainAction"].isEnabled()


def test_that_unusable_data_are_named_and_the_open_project_stays(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    table = tmp_path / "pupils.csv"
    table.write_text("height,weight,sport\n170,60,yes\n180,tall,no\n", "utf-8")
    network = window.document.network
    window.document.set_data(window.document.project.data.replace(source=str(table)))
    until(lambda: window.document.trace.input_problem is not None)
    told = window.network.layers.rows.view(0).spoken
    assert "weight" in told
    assert "tall" in told
    assert window.document.network == network
    assert not window.actions_by_name["trainAction"].isEnabled()
    window.actions_by_name["undoAction"].trigger()
    until(lambda: window.actions_by_name["trainAction"].isEnabled())


def test_that_another_data_set_fits_input_loss_and_metric(window: MainWindow, until: Wait) -> None:
    window.menus.dataset_chosen.emit("diabetes")
    until(lambda: window.document.network.input_shape == (10,))
    training = window.document.project.training
    assert training.loss.type_name == "mean_squared_error"
    assert training.metric.name == "mae"


def test_that_a_loss_that_blows_up_is_told_and_keeps_good_weights(window: MainWindow, until: Wait) -> None:
    settings = window.document.project.training
    wild = settings.replace(optimizer=settings.optimizer.replace(learning_rate=100.0), epochs=100_000)
    window.document.set_training(wild)
    window.document.replace_layer(0, Dense(8, "linear"))
    window.document.replace_layer(1, Dense(1, "linear"))
    window.document.set_training(
        wild.replace(loss="mean_squared_error", optimizer="SGD").replace(
            optimizer=type(wild.optimizer).registry.get("SGD")(learning_rate=100.0)
        )
    )
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.watching.banner.isVisible())
    assert "learning rate" in window.watching.banner.remedy.text()
    assert window.controller.snapshot is not None
    assert np.isfinite(window.controller.snapshot.parameters).all()


def test_that_a_file_that_is_no_project_leaves_the_open_one(window: MainWindow, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.nnw"
    wrong.write_bytes(b"no project")
    before = window.document.project
    with pytest.raises(InputError, match="not a project file"):
        window.open_project(str(wrong))
    window.files.open(str(wrong))
    assert window.watching.banner.isVisible()
    assert window.document.project == before


def test_that_a_project_on_the_same_data_is_told_what_they_ask_for(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    project = window.document.project
    wrong = project.replace(network=Network(project.network.input_shape, (Dense(7, "sigmoid"),)))
    path = tmp_path / "wrong.nnw"
    save_project(path, wrong, None)
    window.open_project(str(path))
    until(lambda: bool(window.document.trace.problems))
    assert not window.actions_by_name["trainAction"].isEnabled()


def test_that_a_window_for_a_file_that_cannot_be_opened_leaves_nothing(qapp: QApplication, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.nnw"
    wrong.write_bytes(b"no project")
    with pytest.raises(InputError, match="not a project file"):
        build(["workbench", str(wrong)])


def test_that_a_folder_that_refuses_writing_is_told_and_nothing_is_lost(
    window: MainWindow, until: Wait, tmp_path: Path
) -> None:
    below_a_file = tmp_path / "file"
    below_a_file.write_text("", "utf-8")
    window.document.insert(0, Dense(5))
    window.files.save_to(below_a_file / "net.nnw")
    until(window.watching.banner.isVisible)
    assert "cannot be written" in window.watching.banner.sentence.text()
    assert not window.document.clean
    assert window.document.network.layers[0] == Dense(5)


def test_that_unsaved_changes_are_asked_about_and_cancel_keeps_them(window: MainWindow, qtbot: QtBot) -> None:
    window.document.insert(0, Dense(5))
    window.close()
    assert window.isVisible()
    box = window.findChild(QWidget, "unsavedQuestion")
    assert box is not None
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert window.isVisible()
    assert window.document.network.layers[0] == Dense(5)


@pytest.mark.parametrize("preset", preset_names())
def test_that_every_preset_opens_trains_and_shows_what_it_predicts(
    window: MainWindow, until: Wait, preset: str
) -> None:
    window.open_project(preset)
    until(lambda: window.controller.data is not None and not window.controller.loading)
    assert window.document.project == load_preset(preset)
    assert window.document.clean
    assert not window.document.trace.problems
    window.document.set_training(window.document.project.training.replace(epochs=1))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and epochs(window) == 1)
    until(lambda: not window.monitor.inspector.busy)


def test_that_every_layer_can_be_added_from_the_menu(window: MainWindow) -> None:
    menu = window.findChild(QMenu, "addLayerMenu")
    assert menu is not None
    count = len(window.document.network)
    actions = [action for action in menu.findChildren(QAction) if action.data()]
    assert len(actions) == len(LAYERS)
    for action in actions:
        action.trigger()
    assert len(window.document.network) == count + len(actions)


def test_that_a_small_window_folds_palette_and_properties_away(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    assert not window.palette_dock.isVisible()
    assert not window.properties_dock.isVisible()
    window.network.layers.setFocus()
    qtbot.keyClick(window.network.layers, Qt.Key.Key_Return)
    assert window.properties_dock.isVisible()
    window.resize(1440, 900)
    assert window.palette_dock.isVisible()
    assert window.properties_dock.isVisible()


def test_that_closing_while_training_waits_for_no_epoch_and_leaves_no_thread(window: MainWindow, until: Wait) -> None:
    open_preset(window, until, "mnist-mlp")
    window.document.replace_layer(1, Dense(3_000, "relu"))  # an epoch takes seconds
    window.actions_by_name["trainAction"].trigger()
    until(lambda: steps(window) > 1)
    session = window.controller.runner.session
    assert session is not None
    window.document.stack.setClean()
    before = session.step
    window.close()
    assert not window.isVisible()
    assert not window.controller.runner.running
    assert not window.monitor.inspector.isRunning()
    assert session.step - before < session.steps_per_epoch // 4


def test_that_a_large_unsaved_training_lies_in_a_file_when_the_window_is_closed(
    window: MainWindow, until: Wait
) -> None:
    open_preset(window, until, "mnist-mlp")
    window.document.replace_layer(1, Dense(6_000, "relu"))  # 4.8 million parameters
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    learned = window.controller.snapshot
    assert learned is not None
    window.document.stack.setClean()
    window.close()
    assert not window.isVisible()
    kept = load_file(last_training()).checkpoint
    assert kept is not None
    assert np.array_equal(kept.snapshot.parameters, learned.parameters)


def test_that_only_the_data_of_the_project_that_was_asked_for_are_loaded(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication, until: Wait
) -> None:
    opened: list[str] = []

    def open_and_note(source: str, target_column: str | None = None, task: str = "auto") -> Data:
        opened.append(source)
        return open_source(source, target_column, task)

    monkeypatch.setattr("nncore.datasets.open_source", open_and_note)
    _, made = build(["workbench", "xor"])
    until(lambda: made.controller.data is not None and not made.controller.loading)
    made.close()
    made.deleteLater()
    assert opened == ["xor"]


def test_that_what_was_learned_but_not_saved_survives_closing(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    learned = window.controller.checkpoint
    window.close()
    _, other = build(["workbench", "xor"])
    try:
        assert other.actions_by_name["reopenAction"].isEnabled()
        other.actions_by_name["reopenAction"].trigger()
        assert other.controller.checkpoint is not None
        assert learned is not None
        assert np.array_equal(other.controller.checkpoint.snapshot.parameters, learned.snapshot.parameters)
    finally:
        other.document.stack.setClean()
        other.close()
        other.deleteLater()
