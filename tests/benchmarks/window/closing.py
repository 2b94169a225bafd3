"""From closing the window to the end of its last thread: while it learns, and with much that was learned unsaved."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from nncore.layers import Dense
from tests.benchmarks.window.training import opened, settle
from workbench.main_window import MainWindow

NEURONS = 6_000  # 4.8 million weights: nearly as many as a window that closes waits for
PROMISED = 1.0  # seconds


def measure(rounds: int) -> dict[str, object]:
    """Return the medians, in seconds, and the longest as a share of what a person is promised."""
    times = {
        name: [_seconds_to_close(prepare) for _ in range(rounds)]
        for name, prepare in (("while_training", _train), ("with_much_unsaved", _learn_much))
    }
    row: dict[str, object] = {f"closing_{name}": round(statistics.median(took), 3) for name, took in times.items()}
    return row | {"longest_by_promised": round(max(max(took) for took in times.values()) / PROMISED, 3)}


def _seconds_to_close(prepare: Callable[[MainWindow], None]) -> float:
    window = opened("mnist-mlp")
    prepare(window)
    window.document.stack.setClean()
    began = time.perf_counter()
    window.close()
    took = time.perf_counter() - began
    assert not window.isVisible()
    window.deleteLater()
    settle(0)
    return took


def _train(window: MainWindow) -> None:
    window.actions_by_name["trainAction"].trigger()
    while not (window.controller.session and window.controller.session.step):
        settle(20)


def _learn_much(window: MainWindow) -> None:
    window.document.replace_layer(1, Dense(NEURONS, "relu"))
    window.actions_by_name["stepAction"].trigger()
    while window.state != "paused":
        settle(20)
