"""From the start of the process to a painted window: the program against a bare script with one plot.

The program opens in two ways: as it is started most, with the welcome page, and with the name of a project, when curves
are in view that pyqtgraph draws. All run as processes of their own, in turn, with their files compiled as an
installation leaves them, and end as soon as their window is painted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_PATIENCE = 60.0  # seconds for a window to open

_PROGRAM = """
from workbench import display
require = display.require_libraries
def require_and_watch():
    require()
    from tests.benchmarks.window import painted
    painted.ends_the_process()
display.require_libraries = require_and_watch  # the last thing before Qt is imported
from workbench.__main__ import main
main(%r)
"""

_BARE = """
from tests.benchmarks.window import painted
painted.ends_the_process()
import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication
application = QApplication([])
window = pg.plot(np.arange(100.0))
window.show()
application.exec()
"""

_SCRIPTS = {"bare": _BARE, "program": _PROGRAM % [], "project": _PROGRAM % ["mnist-mlp"]}


def measure(rounds: int) -> dict[str, object]:
    """Return medians in seconds and their ratios to the bare script, on the wall clock and on that of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        turns = [[_run(script, environment) for script in _SCRIPTS.values()] for _ in range(rounds + 1)]
    runs = dict(zip(_SCRIPTS, zip(*turns[1:], strict=True), strict=True))  # the first ones compiled the files
    row: dict[str, object] = {}
    for number, clock in enumerate(("wall", "processor")):
        medians = {name: statistics.median(times[number] for times in found) for name, found in runs.items()}
        row |= {f"{name}_{clock}": round(median, 3) for name, median in medians.items()}
        for name in ("program", "project"):
            row[f"{name}_{clock}_ratio"] = round(medians[name] / medians["bare"], 3)
    return row


def _run(script: str, environment: dict[str, str]) -> tuple[float, float]:
    """Return the seconds until the script's window was painted: on the wall clock, and of the processor."""
    began = time.time()
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        command, env=environment, cwd=root, check=True, capture_output=True, text=True, timeout=_PATIENCE
    )
    painted, used = (float(word) for word in ended.stdout.split()[-2:])
    return painted - began, used
