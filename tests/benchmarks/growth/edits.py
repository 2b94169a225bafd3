"""How long each kind of edit of a long list takes, with its undo and its redo, from the call to the finished repaint.

Times are processor time of the window's thread, so that other programs count for little. ``then`` is what the window
does after the list is painted: it says beside the list what can be done now, and what it will cost, and puts the fields
of another type of layer into the properties.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from nncore.editing.clipboard import layers_text
from nncore.layers import Conv2D, Dropout, Layer, Reshape
from nncore.network import Network
from tests.benchmarks.growth.layers import LAYERS, NETWORKS
from workbench.app import build
from workbench.main_window import MainWindow

ALLOWED = 16  # milliseconds
IN_ROW = "set it in the row"
REST = 40  # milliseconds in which what the window puts off is done
Rows = list[dict[str, Any]]
Act = Callable[[], object]


class Painted(QObject):
    """Notices when a widget is painted."""

    def __init__(self, watched: QObject) -> None:
        super().__init__()
        self.seen = False
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False


class Hand:
    """Edits the list of a window as a person does."""

    def __init__(self, window: MainWindow, network: Network) -> None:
        self.window, self.document, self.view = window, window.document, window.network.layers
        self.document.open(self.document.project.replace(network=network))
        self._held: QDropEvent | None = None
        self._painted = Painted(self.view.viewport())

    def edits(self) -> dict[str, tuple[Sequence[int], Act]]:
        """Return for each kind of edit the layers that it begins with, and how it is made."""
        count = len(self.document.network)
        here, some, every = count * 2 // 3, self._some(), range(count)
        document, view = self.document, self.view
        return {
            "insert": ([here], lambda: view.add(Dropout(rate=0.25))),
            "remove": ([here], view.remove_selected),
            "move": ([here], view.move_up),
            "drag": ([here], self.drop),
            "duplicate": ([here], view.duplicate_selected),
            "paste 5": ([here], view.paste),
            "set a field": ([here], self.set_field),
            IN_ROW: ([here], self.set_in_row),
            "make an error": ([here], lambda: self.make_error(here)),
            "rename": ([here], lambda: document.rename_layer(here, "my own")),
            "disable": ([here], view.toggle_disabled),
            f"remove {len(some)}": (some, view.remove_selected),
            f"move {len(some)}": (some, view.move_up),
            f"drag {len(some)}": (some, self.drop),
            f"duplicate {len(some)}": (some, view.duplicate_selected),
            f"paste {len(some)}": ([here], view.paste),
            f"disable {len(some)}": (some, view.toggle_disabled),
            f"remove {count}": (every, view.remove_selected),
            f"move {count - 1}": (every[1:], view.move_up),
            f"duplicate {count}": (every, view.duplicate_selected),
            f"paste {count}": ([here], view.paste),
            f"disable {count}": (every, view.toggle_disabled),
        }

    def _some(self) -> Sequence[int]:
        """A tenth of the layers, with gaps between them."""
        count = len(self.document.network)
        return range(count // 2, count // 2 + 2 * (count // 10), 2)

    def drop(self) -> None:
        """Let go what is dragged, as Qt does."""
        assert self._held is not None
        self.view.dropEvent(self._held)

    def prepare(self, words: str, positions: Sequence[int]) -> None:
        """Select layers, and put into the clipboard what is to be pasted."""
        verb, _, number = words.partition(" ")
        if verb == "paste":
            first = min(positions[0], len(self.document.network) - int(number))
            QApplication.clipboard().setText(layers_text(self.document.network.layers[first : first + int(number)]))
        self.view.select_positions(positions)
        self.view.scrollTo(self.view.currentIndex())
        if verb == "drag":
            rows, view = self.view.rows, self.view
            data = rows.mimeData([rows.index(position + 1) for position in positions])
            place = view.visualRect(rows.index(positions[-1] - len(positions) * 2)).center()
            held = place, Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            view.dragEnterEvent(QDragEnterEvent(*held))
            self._data, self._held = data, QDropEvent(QPointF(place), *held[1:])
        if words == IN_ROW:
            self.view.open_editor(self.view.currentIndex(), (self._field(),))
            assert self.view._editor is not None
            self.view._editor._editor.propose(self._other())

    def set_field(self) -> None:
        """Change the first number or choice of the layer in the properties."""
        form = self.window.properties.layer_form.form
        assert form is not None
        form.editor(self._field()).propose(self._other())

    def make_error(self, position: int) -> None:
        """Put a layer that asks for pictures where there are none, or the other way round."""
        shape = self.document.trace.rows[position].input_shape or ()
        self.document.insert(position, Reshape((7,)) if len(shape) == 3 else Conv2D(8, (3, 3)))

    def set_in_row(self) -> None:
        """Take what was typed in the row."""
        editor = self.view._editor
        assert editor is not None
        editor.take()

    def _field(self) -> str:
        names = [field.name for field in self._layer().fields()]
        return next(name for name in ("units", "filters", "rate", "pool_size") if name in names)

    def _other(self) -> object:
        return {"units": 48, "filters": 12, "rate": 0.3, "pool_size": (3, 3)}[self._field()]

    def _layer(self) -> Layer:
        return self.document.network.layers[self.view.selected_position()]

    def timed(self, act: Act) -> tuple[float, float]:
        """Return the milliseconds from an edit until the list is painted, and those of what was put off until then."""
        rest()
        self._painted.seen = False
        began = time.thread_time()
        act()
        while not self._painted.seen:
            QApplication.sendPostedEvents()  # layout and painting, but not what a timer put off until after them
            if not self._painted.seen:
                QApplication.processEvents()
        painted = time.thread_time()
        rest(1)
        return 1000 * (painted - began), 1000 * (time.thread_time() - painted)


def measure(quick: bool) -> Rows:
    """Return a row for each kind of edit of each network."""
    layers, times = (20, 1) if quick else (LAYERS, 7)
    networks = {name: make(layers) for name, make in NETWORKS.items()}
    _, window = build(["workbench", "mnist-mlp"])
    window.resize(1440, 900)
    window.show()
    while window.controller.data is None or window.controller.loading:
        rest()
    rows = [row for name, network in networks.items() for row in _of(window, name, network, times)]
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
    rest(0)
    return rows


def _of(window: MainWindow, name: str, network: Network, times: int) -> Rows:
    hand = Hand(window, network)
    rows = []
    for words, (positions, act) in hand.edits().items():
        took: list[tuple[tuple[float, float], ...]] = []
        for _ in range(times):
            before, stack = hand.document.network, hand.document.stack
            hand.prepare(words, positions)
            took.append((hand.timed(act), hand.timed(stack.undo), hand.timed(stack.redo)))
            assert hand.document.network != before, words
            stack.undo()
            assert hand.document.network == before, words
            stack.clear()
        rows.append(_row(f"{words}, {name}", len(network), took))
    return rows


def _row(words: str, layers: int, took: list[tuple[tuple[float, float], ...]]) -> dict[str, Any]:
    edit, undo, redo = (statistics.median(time for time, _ in times) for times in zip(*took, strict=True))
    after = statistics.median(max(after for _, after in times) for times in took)
    return {
        "edits of a long network": words,
        "layers": layers,
        "edit": round(edit, 1),
        "undo": round(undo, 1),
        "redo": round(redo, 1),
        "then": round(after, 1),
        "ms at most": round(max(time for times in took for time, _ in times), 1),
        "measured": round(max(edit, undo, redo), 1),
        "allowed": ALLOWED,
    }


def rest(milliseconds: int = REST) -> None:
    """Let the window work for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
