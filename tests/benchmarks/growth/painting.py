"""How long the panels take to show what is large: curves a long history, the picture a deep network.

It is measured from the call to the last paint event.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nncore.drawing import arrange
from nncore.history import Series
from nncore.layers import Dense
from nncore.network import Network
from nncore.plan import initial_parameters
from nncore.snapshot import Snapshot
from nncore.trace import trace
from workbench.panels.curves import CurvePanel
from workbench.panels.picture import PicturePanel
from workbench.theme import install

ALLOWED = 16  # milliseconds
STEPS, EPOCHS = 10_000_000, 1_000
NEW = 500
"""Steps that come between two looks: a small network makes some 5,000 in a second."""

Rows = list[dict[str, Any]]


class Shown:
    """A panel with a made up history of so many steps, which comes in parts."""

    def __init__(self, steps: int) -> None:
        place = np.arange(steps)
        values = 2 * np.exp(-5 * place / steps) + 0.1 + 0.2 * np.random.default_rng(0).random(steps)
        self.series, self.per_epoch, self.done = Series(values), steps / EPOCHS, 0
        self.panel = CurvePanel("Loss", False)
        self.panel.resize(600, 400)
        self.panel.show()
        self.settle()

    def add(self, steps: int) -> float:
        """Show so many more steps; return the milliseconds until they are painted."""
        self.done += steps
        epochs = np.arange(1.0, int(self.done / self.per_epoch) + 1)
        means = 2.1 - epochs / EPOCHS
        values = self.series.values()[: self.done]
        return timed(lambda: self.panel.show_history(values, self.per_epoch, epochs, means, means, EPOCHS))

    def settle(self) -> list[float]:
        """Let the panel's own timer do all that is left; return the milliseconds of each turn."""
        turns = []
        quiet = time.perf_counter() + 0.15  # longer than the panel's pause
        while time.perf_counter() < quiet:
            took = timed(lambda: None)
            if took > 0.5:
                turns.append(took)
                quiet = time.perf_counter() + 0.15
            time.sleep(0.002)
        return turns


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of ``act`` and of all that is then to be done and painted."""
    began = time.perf_counter()
    act()
    QApplication.processEvents()
    return 1000 * (time.perf_counter() - began)


def measure(quick: bool) -> Rows:
    """Return a row for each way to look at the history."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    install(application, "light")
    steps, looks = (20_000, 2) if quick else (STEPS, 20)
    shown = Shown(steps)
    shown.add(NEW)  # the first curve of all makes the pens and fonts
    shown.settle()
    began = time.perf_counter()
    opened = [shown.add(steps - 4 * looks * NEW), *shown.settle()]
    until = 1000 * (time.perf_counter() - began)
    rows = [_row(f"opened at once, all there after {until:.0f} ms", steps, opened)]
    panel = shown.panel
    for words, change in (
        ("while steps come in", lambda: None),
        ("without the smoothed line", lambda: panel._smoothing.setChecked(False)),
        ("on a logarithmic axis", lambda: (panel._smoothing.setChecked(True), panel._log.setChecked(True))),
        ("in a large panel", lambda: (panel._log.setChecked(False), panel.resize(1400, 800))),
    ):
        change()
        shown.settle()
        rows.append(_row(words, steps, [shown.add(NEW) for _ in range(looks)]))
    panel.close()
    panel.deleteLater()
    QApplication.processEvents()
    return [*rows, *_pictures(10 if quick else 200, looks)]


def _pictures(layers: int, looks: int) -> Rows:
    """Return rows for the picture of a network of so many layers: arranged after an edit, and painted again."""
    network = Network((30,), tuple(Dense(10 + number % 30) for number in range(layers)))
    found = trace(network)
    panel = PicturePanel()
    panel.resize(700, 450)
    panel.show()
    panel.show_network(network, found)
    panel.show_weights(Snapshot.of(network, initial_parameters(network, 0), 7, 1.0))
    panel.view.fit()
    picture = QImage(panel.view.size(), QImage.Format.Format_RGB32)
    timed(lambda: panel.view.render(picture))
    while panel.view.tiles.behind:
        timed(lambda: panel.view.render(picture))
    rows = [
        _row("the picture is arranged", layers, [timed(lambda: arrange(network, found)) for _ in range(looks)]),
        _row("the whole picture is painted", layers, [timed(lambda: panel.view.render(picture)) for _ in range(looks)]),
    ]
    panel.close()
    panel.deleteLater()
    QApplication.processEvents()
    return rows


def _row(words: str, size: int, times: list[float]) -> dict[str, Any]:
    return {
        "a history or a network is painted": words,
        "steps or layers": size,
        "ms at most": round(max(times), 1),
        "measured": round(statistics.median(times), 1),
        "allowed": ALLOWED,
    }
