"""The application under test, in a process of its own. It is asked by lines on its input, and tells what a person sees.

Each line that comes in, whatever it says, is answered by one line: a JSON object with what the window shows now and
where. Nothing is told by the clock, so a slow machine only makes the answers late.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSocketNotifier, Qt
from PySide6.QtWidgets import QApplication, QWidget

from workbench.app import build
from workbench.main_window import MainWindow

MOUSE = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
)


class Witness(QObject):
    """Answers questions about one window, and counts what the mouse does in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._mouse_events = 0
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.activated.connect(self._answer)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._mouse_events += event.type() in MOUSE and event.spontaneous()
        return False

    def _answer(self) -> None:
        if not sys.stdin.readline():
            self._input.setEnabled(False)  # the test is gone, and ends this process
            return
        print(json.dumps(self._seen()), flush=True)

    def _seen(self) -> dict[str, object]:
        window, project = self._window, self._window.document.project
        history = window.controller.history
        focused = QApplication.focusWidget()
        return {
            "active": window.isActiveWindow(),
            "project": {name: project.to_json()[name] for name in ("network", "data", "training")},
            "layers": [layer.type_name for layer in project.network.layers],
            "problems": [problem.sentence for problem in window.document.trace.problems],
            "state": window.state,
            "steps": 0 if history is None else len(history.step_loss),
            "ready": window.controller.data is not None and not window.controller.loading,
            "focus": "" if focused is None else focused.objectName(),
            "gap": window.network.layers._gap,
            "mouse_events": self._mouse_events,
            "places": self._places(),
        }

    def _places(self) -> dict[str, list[int]]:
        """Return the rectangles on the screen of what can be seen whole, or at least in its middle, by its name."""
        found = {}
        for widget in self._window.findChildren(QWidget):
            if widget.objectName() and widget.isVisible() and not widget.visibleRegion().isEmpty():
                found[widget.objectName()] = _on_screen(widget, widget.rect())
        entries = self._window.palette_panel.entries
        for row in range(entries.count()):
            item = entries.item(row)
            if not item.isHidden():
                found[f"palette {item.text()}"] = _on_screen(entries.viewport(), entries.visualItemRect(item))
        layers = self._window.network.layers
        for row in range(layers.rows.rowCount()):
            index = layers.rows.index(row)
            found[f"row {row}"] = _on_screen(layers.viewport(), layers.visualRect(index))
            parts = layers.painter_of_rows.layout(index)
            for button, mend in parts.buttons if parts is not None else ():
                found[f"mend {mend.label}"] = _on_screen(layers.viewport(), button.toRect())
        return {name: place for name, place in found.items() if place}


def _on_screen(widget: QWidget, rect: QRect) -> list[int]:
    """Return left, top, width and height on the screen; nothing where the middle is out of sight."""
    if not widget.visibleRegion().contains(rect.center()):
        return []
    place: QPoint = widget.mapToGlobal(rect.topLeft())
    return [place.x(), place.y(), rect.width(), rect.height()]


def main() -> int:
    """Show the window, with the preset if one is named, and answer."""
    application, window = build(["workbench", *sys.argv[1:]])
    # The two clicks of a double click may come slowly from a loaded machine.
    application.setDoubleClickInterval(5000)
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.move(0, 0)
    window.resize(1440, 900)
    Witness(window)
    window.show()
    window.activateWindow()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
