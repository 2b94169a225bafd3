"""Training in the visible window, with plots and samples, against training alone.

While the window trains, a timer that should fire every 10 ms measures how late the event loop is. A training is
timed from the making of its session to its end, on the wall clock and on that of the processor.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from nncore import datasets
from nncore.datasets.base import TrainingData
from nncore.project import Project
from nncore.session import Session
from tests.benchmarks.window import networks
from workbench.app import build
from workbench.main_window import MainWindow

TICK = 10  # milliseconds
SETTLE = 700  # milliseconds after which nothing is painted any more that an edit or a reset has changed


class Lateness(QObject):
    """Measures by how many milliseconds a regular timer comes late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fire)

    def start(self) -> None:
        """Begin to measure."""
        self._due = time.perf_counter() + TICK / 1000
        self._timer.start(TICK)

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def _fire(self) -> None:
        self.late.append(max(0.0, 1000 * (time.perf_counter() - self._due)))
        self.start()


def measure(name: str, seconds: float, rounds: int) -> dict[str, object]:
    """Return one row of the table.

    Args:
        name: of the network.
        seconds: that one training takes, about.
        rounds: how many pairs of trainings.
    """
    project = networks.project(name)
    data = datasets.load_training_data(project.data.source, validation_split=project.training.validation_split)
    project = _with_epochs(project, _epochs(project, data, seconds))
    window = opened("xor")
    window.document.open(project)
    _await_data(window)
    lateness = Lateness()
    alone, shown = [], []
    for _ in range(rounds):
        settle()
        alone.append(_timed(lambda: without_window(project, data)))
        _prepare(window)
        shown.append(_timed(lambda: in_window(window, lateness)))
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
    samples = project.training.epochs * len(data.train)
    late = np.array(lateness.late or [0.0])  # a training may be over before the timer fires
    return {
        "network": name,
        "epochs": project.training.epochs,
        "samples_per_second": round(samples / statistics.median(wall for wall, _ in alone)),
        "in_window": round(samples / statistics.median(wall for wall, _ in shown)),
        "ratio": round(statistics.median(a[0] / b[0] for a, b in zip(alone, shown, strict=True)), 3),
        "processor_time": round(statistics.median(b[1] / a[1] for a, b in zip(alone, shown, strict=True)), 3),
        "late_ms_median": round(float(np.median(late)), 2),
        "late_ms_99": round(float(np.quantile(late, 0.99)), 2),
        "late_ms_max": round(float(late.max()), 2),
    }


def without_window(project: Project, data: TrainingData) -> None:
    """Train as the command line does."""
    for _ in Session(project.network, project.training, data).run():
        pass


def in_window(window: MainWindow, lateness: Lateness) -> None:
    """Train in the window, which must show the project with its data loaded."""
    loop = QEventLoop()
    window.controller.state_changed.connect(loop.quit)
    window.actions_by_name["trainAction"].trigger()
    lateness.start()
    while window.state != "idle":
        loop.exec()
    lateness.stop()
    window.controller.state_changed.disconnect(loop.quit)


def _timed(run: Callable[[], None]) -> tuple[float, float]:
    """Return how many seconds it took: on the clock, and on all processors together."""
    began, used = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - began, time.process_time() - used


def _epochs(project: Project, data: TrainingData, seconds: float) -> int:
    """Return how many epochs take so many seconds, at least one."""
    epochs = 1
    while True:
        took, _ = _timed(functools.partial(without_window, _with_epochs(project, epochs), data))
        if took > min(0.5, seconds):
            return max(1, round(epochs * seconds / took))
        epochs *= 4


def _with_epochs(project: Project, epochs: int) -> Project:
    return project.replace(training=project.training.replace(epochs=epochs))


def opened(name: str) -> MainWindow:
    """Return a visible window with a project, its data loaded."""
    _, window = build(["workbench", name])
    window.resize(1440, 900)
    window.show()
    _await_data(window)
    return window


def _await_data(window: MainWindow) -> None:
    while not window.controller.data or window.controller.loading:
        settle(20)


def _prepare(window: MainWindow) -> None:
    """Forget what was learned, and let the window paint that before the clock runs."""
    window.actions_by_name["resetAction"].trigger()
    window.document.stack.setClean()
    settle()


def settle(milliseconds: int = SETTLE) -> None:
    """Let the window do what waits."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
