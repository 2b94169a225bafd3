"""The window shows what the network makes of series, texts and reconstructions, while it learns and afterwards."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense
from nncore.losses import SparseCategoricalCrossentropy
from nncore.network import Network
from nncore.project import Project
from tests.workbench.driving import Wait, open_preset, steps
from tests.workbench.panels import projects
from workbench.main_window import MainWindow
from workbench.results import Reconstructions


def begin(window: MainWindow, until: Wait, project: Project) -> None:
    """Open a project and wait for its data."""
    window.document.open(project)
    window.controller.restore(None)
    window.controller.load_data()
    until(lambda: not window.controller.loading and window.controller.data is not None)
    until(lambda: window.controller.data.data.name == project.data.source)  # type: ignore[union-attr]


def train(window: MainWindow, until: Wait) -> None:
    """Train to the end, and wait for the last answer."""
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    until(lambda: not window.monitor.inspector.busy)


def weights(window: MainWindow) -> np.ndarray:
    checkpoint = window.controller.checkpoint
    assert checkpoint is not None
    return checkpoint.snapshot.parameters


@pytest.mark.parametrize(
    ("project", "name"),
    [
        (projects.forecast(), "forecastPlot"),
        (projects.opinions(), "predictionGallery"),
        (projects.stories(), "writingPanel"),
        (projects.echo(), "stepsPanel"),
        (projects.table_autoencoder(), "predictionGallery"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_that_each_project_has_its_view_before_it_is_trained(
    window: MainWindow, until: Wait, project: Project, name: str
) -> None:
    begin(window, until, project)
    panel = window.findChild(QWidget, name)
    assert panel is not None
    assert panel.isVisible()
    assert not window.document.trace.problems
    assert "not" in panel.accessibleDescription()


def test_that_forecasts_follow_the_training(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.forecast(epochs=3))
    panel = window.watching.forecast
    assert "network" not in panel.verdict.accessibleName()
    train(window, until)
    until(lambda: ": network " in panel.verdict.accessibleName())
    history = window.controller.history
    assert history is not None
    until(lambda: panel._given is not None and panel._given.step == len(history.step_loss))


def test_that_a_typed_sentence_is_answered_when_the_training_is_over(
    window: MainWindow, until: Wait, qtbot: QtBot
) -> None:
    begin(window, until, projects.opinions(epochs=4))
    train(window, until)
    line = window.watching.gallery.try_line
    qtbot.keyClicks(line.edit, "a zorble and terrible film")
    until(lambda: line.answer.text().startswith(("positive", "negative")))
    assert "zorble" in line.note.text()
    assert window.state == "idle"  # the space key wrote a space


def test_that_a_sentence_is_answered_anew_while_the_network_learns(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.opinions(epochs=500))
    line = window.watching.gallery.try_line
    line.edit.setText("a lovely film")
    window.actions_by_name["trainAction"].trigger()
    until(lambda: line._given is not None)
    first = line._given
    assert first is not None
    until(lambda: line._given is not None and line._given.step > first.step)
    window.actions_by_name["pauseAction"].trigger()
    until(lambda: window.state == "paused")
    line.edit.setText("a terrible film")
    until(lambda: line._given is not None and line._given.text == "a terrible film")
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


def test_that_looking_and_writing_change_nothing_in_what_is_learned(window: MainWindow, until: Wait) -> None:
    project = projects.stories(epochs=3, units=8)
    begin(window, until, project)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.controller.snapshot is not None)
    window.watching.writing.controls.button.click()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    looked = weights(window).copy()
    begin(window, until, project)
    window.watching.hide()
    train(window, until)
    np.testing.assert_array_equal(weights(window), looked)


def test_that_the_network_writes_after_epochs_and_is_compared(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.stories(epochs=2, units=8))
    panel = window.watching.writing
    assert panel.score.accessibleName() == "bigram model 2.24 nats per character · not trained yet"
    train(window, until)
    until(lambda: bool(panel.texts) and panel.texts[-1].done and panel.texts[-1].epoch == 2)
    assert panel.texts[-1].text
    assert not panel.texts[-1].asked
    assert "nats per character, validation · bigram model 2.24 · ✗ not yet better" in panel.score.accessibleName()


def test_that_a_text_appears_piece_by_piece_and_the_window_stays_alive(
    window: MainWindow, until: Wait, qtbot: QtBot
) -> None:
    begin(window, until, projects.stories(epochs=1, units=256))  # a small network writes it in hardly more than one go
    train(window, until)
    panel = window.watching.writing
    until(lambda: bool(panel.texts) and panel.texts[-1].done)
    lengths: list[int] = []
    heart = QTimer()
    heart.setInterval(5)
    heart.timeout.connect(lambda: lengths.append(len(panel.texts[-1].text) if panel.texts[-1].asked else 0))
    heart.start()
    qtbot.mouseClick(panel.controls.button, Qt.MouseButton.LeftButton)
    until(lambda: panel.texts[-1].asked and panel.texts[-1].done)
    heart.stop()
    assert len(panel.texts[-1].text) == 300
    assert len(set(lengths)) > 3  # the window's own timer saw it grow


def test_that_a_text_can_be_stopped_and_another_one_begun(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.stories(epochs=1, units=64))
    train(window, until)
    panel = window.watching.writing
    panel.controls.length.setCurrentIndex(3)
    panel.controls.button.click()
    until(lambda: bool(panel.texts) and panel.texts[-1].asked and len(panel.texts[-1].text) > 0)
    panel.controls.button.click()
    until(lambda: not window.monitor.inspector.busy)
    assert panel.controls.button.text() == "Write"
    stopped = panel.texts[-1]
    assert not stopped.done
    panel.controls.length.setCurrentIndex(0)
    panel.controls.button.click()
    until(lambda: panel.texts[-1].number > stopped.number and panel.texts[-1].done)
    assert len(panel.texts[-1].text) == 100


def test_that_a_hidden_panel_has_nothing_written(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.stories(epochs=2, units=8))
    window.watching.hide()
    train(window, until)
    assert not window.watching.writing.texts
    window.watching.show()
    until(lambda: bool(window.watching.writing.texts))


def test_that_texts_of_a_training_that_goes_on_stay_and_those_of_another_one_go(
    window: MainWindow, until: Wait
) -> None:
    begin(window, until, projects.stories(epochs=1, units=8))
    train(window, until)
    panel = window.watching.writing
    until(lambda: bool(panel.texts) and panel.texts[-1].done)
    count = len(panel.texts)
    train(window, until)
    until(lambda: len(panel.texts) > count)
    assert panel.texts[0].number == 1
    window.actions_by_name["resetAction"].trigger()
    assert not panel.texts
    assert not panel.controls.button.isEnabled()


def test_that_steps_follow_the_training(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.echo(epochs=2))
    train(window, until)
    until(lambda: "of places right" in window.watching.steps.summary.text())


def test_that_reconstructions_follow_the_training(window: MainWindow, until: Wait) -> None:
    begin(window, until, projects.table_autoencoder(epochs=3))
    train(window, until)
    gallery = window.watching.gallery
    until(lambda: isinstance(gallery._given, Reconstructions) and gallery._given.rebuilt is not None)
    until(lambda: "MSE" in gallery.summary.text())


@pytest.mark.parametrize("name", ["lstm-forecast", "autoencoder", "mlp-regression"])
def test_that_data_are_let_go_of_when_another_project_is_opened(window: MainWindow, until: Wait, name: str) -> None:
    open_preset(window, until, name)
    for number in (1, 2):
        window.actions_by_name["stepAction"].trigger()
        until(lambda number=number: steps(window) == number and window.state == "paused")
    until(lambda: not window.monitor.inspector.busy)
    data = weakref.ref(window.controller.data)
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    window.document.stack.setClean()
    open_preset(window, until, "xor")
    until(lambda: gc.collect() >= 0 and data() is None)


def test_that_the_gallery_is_empty_when_another_panel_shows_the_data(window: MainWindow, until: Wait) -> None:
    open_preset(window, until, "mnist-mlp")
    gallery = window.watching.gallery
    assert len(gallery._class_menu.actions()) == 11
    assert gallery.model.thumbnails is not None
    open_preset(window, until, "xor")
    assert len(gallery._class_menu.actions()) == 1
    assert gallery.model.rowCount() == 0
    assert gallery.model.thumbnails is None
    open_preset(window, until, "mnist-mlp")
    assert len(gallery._class_menu.actions()) == 11
    assert gallery.model.rowCount() > 0


def test_that_a_network_is_not_asked_what_it_was_not_made_for_when_the_task_of_the_same_data_changes(
    window: MainWindow, until: Wait
) -> None:
    open_preset(window, until, "mlp-regression")
    data = window.document.project.data.replace(scaling="none")  # which the targets of each task have of their own
    window.document.set_data(data.replace(task="classification"))
    until(lambda: window.controller.data is not None and window.controller.data.target.classes > 0)
    classes = window.controller.data.target.classes  # type: ignore[union-attr]
    window.document.open(
        window.document.project.replace(
            network=Network((10,), (Dense(classes, "softmax"),)),
            training=window.document.project.training.replace(loss=SparseCategoricalCrossentropy()),
        )
    )
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused" and not window.monitor.inspector.busy)
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    assert window.watching.gallery.isVisible()
    window.document.set_data(data.replace(task="regression"))
    until(lambda: window.controller.data is not None and window.controller.data.target.classes == 0)
    assert window.watching.regression.isVisible()
    assert not window.controller.learned_from_data
    assert not window.monitor.inspector.busy
    window.document.set_data(data.replace(task="classification"))
    until(lambda: window.controller.data is not None and window.controller.data.target.classes > 0)
    assert window.controller.learned_from_data
