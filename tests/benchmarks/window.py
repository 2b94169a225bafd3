"""What the window costs the training: ``python -m tests.benchmarks.window [--json]``.

The same project is trained without a window and in the visible window, in turn, several rounds, so that a change of the
machine's speed meets both. While the window trains, a timer that should fire every 10 ms measures how late the event
loop is.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from nncore import datasets
from nncore.project import Project, load_preset
from nncore.session import Session
from workbench.app import build
from workbench.main_window import MainWindow

TICK = 10  # milliseconds


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


def without_window(project: Project) -> float:
    """Return samples per second of the command line's loop."""
    data = datasets.load_training_data(project.data.source, validation_split=project.training.validation_split)
    session = Session(project.network, project.training, data)
    for _ in session.run():
        pass
    return session.history.samples / session.history.seconds


def in_window(window: MainWindow, lateness: Lateness) -> float:
    """Return samples per second in the window, which must show the project with its data loaded."""
    window.actions_by_name["resetAction"].trigger()
    window.document.stack.setClean()
    loop = QEventLoop()
    QTimer.singleShot(500, loop.quit)  # what the reset itself paints is not the training's
    loop.exec()
    window.controller.state_changed.connect(loop.quit)
    window.actions_by_name["trainAction"].trigger()
    lateness.start()
    while window.state != "idle":
        loop.exec()
    lateness.stop()
    history = window.controller.history
    assert history is not None
    return history.samples / history.seconds


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window", description=__doc__)
    parser.add_argument("--presets", nargs="+", default=["mnist-mlp"])
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    rows = []
    for preset in chosen.presets:
        project = load_preset(preset)
        project = project.replace(training=project.training.replace(epochs=chosen.epochs))
        _, window = build(["workbench", preset])
        window.document.set_training(project.training)
        window.resize(1440, 900)
        window.show()
        loop = QEventLoop()
        window.controller.data_changed.connect(loop.quit)
        if window.controller.data is None:
            loop.exec()
        lateness = Lateness()
        alone, shown = [], []
        for _ in range(chosen.rounds):
            alone.append(without_window(project))
            shown.append(in_window(window, lateness))
        late = np.array(lateness.late or [0.0])  # a training may be over before the timer fires
        rows.append(
            {
                "preset": preset,
                "samples_per_second": round(statistics.median(alone)),
                "in_window": round(statistics.median(shown)),
                "ratio": round(statistics.median(b / a for a, b in zip(alone, shown, strict=True)), 3),
                "late_ms_median": round(float(np.median(late)), 2),
                "late_ms_99": round(float(np.quantile(late, 0.99)), 2),
                "late_ms_max": round(float(late.max()), 2),
            }
        )
        window.document.stack.setClean()
        window.close()
        window.deleteLater()
    if chosen.json:
        print(json.dumps(rows))
    else:
        for row in rows:
            print("  ".join(f"{name} {value}" for name, value in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
