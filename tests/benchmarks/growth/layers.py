"""How long a network of 200 layers takes to be traced, and from an edit in the window to the painted list."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from nncore.layers import LSTM, Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D, Reshape
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.trace import trace
from workbench.app import build
from workbench.main_window import MainWindow

LAYERS = 200
TRACE_ALLOWED, EDIT_ALLOWED = 5, 16  # milliseconds
Rows = list[dict[str, Any]]


def dense(count: int) -> Network:
    """Return so many layers: Dense below Dense."""
    stack = [Dense(units=64, activation="relu")] * (count - 2)
    return Network((28, 28), (Flatten(), *stack, Dense(units=10, activation="softmax")))


def mixed(count: int) -> Network:
    """Return so many layers: convolutions and pooling, then recurrent ones with dropout between."""
    conv = Conv2D(filters=8, kernel_size=(3, 3), padding="same", activation="relu")
    pool = MaxPooling2D(pool_size=(2, 2), strides=(1, 1), padding="same")
    pictures, sequences = (count - 4) // 2, count - 4 - (count - 4) // 2
    layers: list[Layer] = [Reshape((28, 28, 1)), *([conv, pool] * pictures)[:pictures], Reshape((28, -1))]
    layers += ([LSTM(units=16, return_sequences=True), Dropout(rate=0.1)] * sequences)[:sequences]
    return Network((28, 28), (*layers, Flatten(), Dense(units=10, activation="softmax")))


NETWORKS = {"Dense": dense, "mixed": mixed}


class Painted(QObject):
    """Notices when a widget is painted."""

    def __init__(self, watched: QObject) -> None:
        super().__init__()
        self.seen = False
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


def measure(quick: bool) -> Rows:
    """Return rows for the trace and for each edit."""
    return [*_traces(5 if quick else 50), *_edits(20 if quick else LAYERS, 1 if quick else 15)]


def _traces(times: int) -> Rows:
    rows = []
    loss, target = SparseCategoricalCrossentropy(), Target(classes=10)
    for name, make in NETWORKS.items():
        network, took = make(LAYERS), []
        for _ in range(times):
            began = time.perf_counter()
            traced = trace(network, loss, target, network.input_shape)
            took.append(1000 * (time.perf_counter() - began))
        assert not traced.problems
        rows.append(_row(f"trace, {name}", len(network), took, TRACE_ALLOWED))
    return rows


def _edits(count: int, times: int) -> Rows:
    _, window = build(["workbench", "mnist-mlp"])
    window.resize(1440, 900)
    window.show()
    while window.controller.data is None or window.controller.loading:
        _wait(20)
    rows = [row for name, make in NETWORKS.items() for row in _edits_of(window, name, make(count), times)]
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
    _wait(0)
    return rows


def _edits_of(window: MainWindow, name: str, network: Network, times: int) -> Rows:
    document, view = window.document, window.network.layers
    document.open(document.project.replace(network=network))
    painted = Painted(view.viewport())
    place = len(network) * 2 // 3
    view.select_position(place)
    edits: dict[str, Callable[[], object]] = {
        "insert": lambda: view.add(Dropout(rate=0.25)),
        "set a field": lambda: document.replace_layer(place + 1, Dropout(rate=0.75)),
        "move": view.move_up,
        "undo": document.stack.undo,
        "remove": view.remove_selected,
    }
    took: dict[str, list[float]] = {word: [] for word in edits}
    for _ in range(times):
        for word, edit in edits.items():
            _wait(60)
            painted.seen = False
            began = time.perf_counter()
            edit()
            while not painted.seen:
                QApplication.processEvents()
            took[word].append(1000 * (time.perf_counter() - began))
        view.select_position(place)
    return [_row(f"{word}, {name}", len(network), times, EDIT_ALLOWED) for word, times in took.items()]


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _row(words: str, layers: int, times: list[float], allowed: float) -> dict[str, Any]:
    return {
        "a long network": words,
        "layers": layers,
        "ms at most": round(max(times), 1),
        "measured": round(statistics.median(times), 2),
        "allowed": allowed,
    }
