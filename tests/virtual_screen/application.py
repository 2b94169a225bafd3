"""The application under test, in a process of its own: it prints where things are, and every change of the network."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QListWidget, QWidget

from workbench.app import build
from workbench.main_window import MainWindow


class Reporter(QObject):
    """Prints one JSON object a line."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.document.project_changed.connect(self.report_network)
        window.controller.state_changed.connect(self.report_state)

    def report_places(self) -> None:
        """Print where the palette's entries and the list's rows are on the screen."""
        palette = self._window.palette_panel.findChild(QListWidget)
        assert palette is not None
        # In the full list it lies below the edge.
        self._window.palette_panel.search.setText("dropout")
        entries = {}
        for row in range(palette.count()):
            item = palette.item(row)
            entries[item.text()] = _on_screen(palette.viewport(), palette.visualItemRect(item).center())
        view = self._window.network.layers
        rows = []
        for row in range(view.rows.rowCount()):
            rect = view.visualRect(view.rows.index(row))
            rows.append([*_on_screen(view.viewport(), rect.topLeft()), rect.width(), rect.height()])
        self._print(places={"palette": entries, "rows": rows})

    def report_network(self, _: object) -> None:
        """Print the types of the layers."""
        self._print(layers=[layer.type_name for layer in self._window.document.network.layers])
        QTimer.singleShot(200, self.report_places)

    def report_state(self, state: str) -> None:
        """Print the state of the training."""
        self._print(state=state)

    def _print(self, **values: object) -> None:
        print(json.dumps(values), flush=True)


def _on_screen(widget: QWidget, point: QPoint) -> list[int]:
    place = widget.mapToGlobal(point)
    return [place.x(), place.y()]


def main() -> int:
    """Show the window with the preset that is named, and report."""
    application, window = build(["workbench", sys.argv[1]])
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.move(0, 0)
    window.resize(1440, 900)
    reporter = Reporter(window)
    window.show()
    QTimer.singleShot(1000, reporter.report_places)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
