"""What the window says of a training: how long it takes at the chosen speed, and where its axis ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from tests.workbench.driving import train
from workbench.main_window import MainWindow
from workbench.panels.curves.panel import right_end
from workbench.theme import numbers
from workbench.window.training_bar import SPEEDS

Wait = Callable[..., None]


def test_that_a_training_that_was_stopped_has_its_curves_over_the_whole_axis(window: MainWindow, until: Wait) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=10_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 3)
    until(lambda: window.watching.loss_curve.plot.box.viewRange()[0][1] >= 100)  # there is room for what is to come
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    history = window.controller.history
    assert history is not None
    learned = history.pace.epoch(len(history.step_loss))
    assert window.watching.loss_curve.plot.box.viewRange()[0][1] == pytest.approx(learned, rel=0.03)


def test_that_the_time_left_is_that_of_the_chosen_speed(window: MainWindow, until: Wait) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=1_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 1)
    window.bar.speed.setValue(SPEEDS.index(1))
    until(lambda: window.bar.time_label.text().count(":") == 2)  # hours, where it would be over within seconds
    most = window.document.project.training.batch_size
    until(lambda: numbers.rate(most) in window.bar.rate_label.text())
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


@pytest.mark.parametrize(
    ("total", "epoch", "end"),
    [
        *[(8, 1, 8), (20, 0, 20), (20, 1, 10), (60, 10, 20), (60, 21, 50), (60, 34, 60), (500, 0, 500), (500, 3, 10)],
        *[(500, 30, 50), (500, 200, 300), (500, 340, 500)],
        *[(40, 1 / 32, 0.05), (40, 4 / 32, 0.2), (40, 0.7, 2), (0.5, 0.4, 0.5)],
    ],
)
def test_that_the_axis_grows_with_its_curve_until_it_shows_the_whole_training(
    total: float, epoch: float, end: float
) -> None:
    assert right_end(total, epoch) == end


def test_that_the_samples_are_asked_about_weights_of_the_last_moment(
    window: MainWindow, until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(window.controller, "ask_for_snapshot", lambda: calls.append("copy the weights"))
    monkeypatch.setattr(window.monitor.asker, "ask", lambda: calls.append("ask"))
    window.document.set_training(window.document.project.training.replace(epochs=1_000_000))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "running")
    calls.clear()
    until(lambda: calls.count("ask") >= 3)
    assert calls[calls.index("ask") + 1 :][:4] == ["copy the weights", "ask"] * 2
    monkeypatch.undo()
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


def test_that_an_untrained_axis_shows_the_epochs_that_are_planned(window: MainWindow, until: Wait) -> None:
    def ends() -> list[float]:
        QApplication.processEvents()
        curves = (window.watching.loss_curve, window.watching.metric_curve)
        return [curve.plot.box.viewRange()[0][1] for curve in curves]

    for epochs in (600, 7):
        window.document.set_training(window.document.project.training.replace(epochs=epochs))
        assert ends() == pytest.approx([epochs] * 2, rel=0.03)
    train(window, until)
    window.actions_by_name["resetAction"].trigger()
    window.document.set_training(window.document.project.training.replace(epochs=40))
    assert ends() == pytest.approx([40] * 2, rel=0.03)
