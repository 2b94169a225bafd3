"""What the window says of a training: how long it takes at the chosen speed, and where its axis ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbench.main_window import MainWindow
from workbench.panels.curves.panel import right_end
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
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


@pytest.mark.parametrize(
    ("total", "epoch", "end"), [(20, 1, 20), (100, 1, 100), (500, 3, 100), (500, 30, 200), (500, 200, 500)]
)
def test_that_the_axis_of_a_long_training_grows_with_its_curve(total: float, epoch: float, end: float) -> None:
    assert right_end(total, epoch) == end
