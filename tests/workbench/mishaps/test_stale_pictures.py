"""No panel shows what belongs to another training, project or data set, whatever happens in between."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from nncore.metrics import METRICS
from tests.workbench.driving import Wait, loaded, open_preset, train, train_on
from workbench.main_window import MainWindow


def shown_output(window: MainWindow) -> object:
    """Return the predictions that the gallery has been given last."""
    given = window.watching.gallery._given
    return given.output if given is not None else None


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
