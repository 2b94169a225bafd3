"""What was learned is kept before a reset, or another training, takes its place."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.layers import Dense
from nncore.project_file import load_file
from tests.workbench.driving import Wait
from workbench.life.last_training import last_training
from workbench.main_window import MainWindow


def learn(window: MainWindow, until: Wait, epochs: int = 30) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=epochs))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)


def written(window: MainWindow, until: Wait) -> None:
    until(lambda: last_training().is_file() and window.actions_by_name["reopenAction"].isEnabled())


@pytest.mark.parametrize("running", [False, True])
def test_that_a_reset_by_mistake_costs_nothing(window: MainWindow, until: Wait, running: bool) -> None:
    learn(window, until)
    if running:
        window.document.set_training(window.document.project.training.replace(epochs=1_000_000))
        window.actions_by_name["trainAction"].trigger()
        until(lambda: window.controller.history is not None and len(window.controller.history.step_loss) > 100)
    assert window.controller.checkpoint is not None
    steps = window.controller.checkpoint.snapshot.step
    window.actions_by_name["resetAction"].trigger()
    until(lambda: window.controller.checkpoint is None and window.state == "idle")
    assert "Reopen last training brings it back" in window.status.text()
    written(window, until)
    window.document.stack.setClean()
    window.actions_by_name["reopenAction"].trigger()
    until(lambda: window.controller.checkpoint is not None)
    assert window.controller.checkpoint.snapshot.step >= steps
    until(lambda: window.controller.data is not None and not window.controller.loading)
    assert "Continue" in window.actions_by_name["trainAction"].text()


def test_that_a_reset_gives_the_first_weights_of_the_same_seed(window: MainWindow, until: Wait) -> None:
    learn(window, until)
    assert window.controller.snapshot is not None
    first = window.controller.snapshot.parameters.copy()
    window.actions_by_name["resetAction"].trigger()
    assert window.controller.snapshot is None
    learn(window, until)
    assert np.array_equal(window.controller.snapshot.parameters, first)


def test_that_a_training_that_starts_anew_keeps_the_one_before(window: MainWindow, until: Wait) -> None:
    learn(window, until)
    before = window.controller.checkpoint
    assert before is not None
    window.document.insert(0, Dense(7, "tanh"))
    learn(window, until, 5)
    written(window, until)
    kept = load_file(last_training())
    assert kept.checkpoint is not None
    assert np.array_equal(kept.checkpoint.snapshot.parameters, before.snapshot.parameters)
    assert kept.project.network == before.snapshot.network


def test_that_a_training_that_goes_on_is_not_written(window: MainWindow, until: Wait) -> None:
    learn(window, until)
    learn(window, until, 60)
    assert not last_training().exists()
