"""The program that is to be killed: its window learns, keeps and saves, and it prints how far it has come.

``python -m tests.crash.application FOLDER SHORTEST``: the window saves to ``FOLDER/saved.nnw`` again and again, and
keeps what is not saved at the end of an epoch, but not more often than every SHORTEST seconds. Each line that it prints
is ``epoch steps`` of the training.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from workbench.app import build
from workbench.main_window import MainWindow

TELL, SAVE = 20, 150  # milliseconds


class Busy(QObject):
    """Saves as soon as the last save is done, edits in between, and tells of the training."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self._edits = 0
        for milliseconds, slot in ((TELL, self._tell), (SAVE, self._save)):
            timer = QTimer(self)
            timer.timeout.connect(slot)
            timer.start(milliseconds)
        window.controller.data_changed.connect(self._train)

    def _train(self) -> None:
        if self._window.state == "idle" and self._window.controller.data is not None:
            self._window.controller.train()

    def _tell(self) -> None:
        history = self._window.controller.history
        if history is not None:
            print(history.epoch_count(), len(history.step_loss), flush=True)

    def _save(self) -> None:
        self._window.files.save_to(self._path)
        # Something is unsaved at once: the window keeps it besides.
        self._edits += 1
        training = self._window.document.project.training
        self._window.document.set_training(training.replace(epochs=1_000_000 - self._edits % 2))


def main() -> int:
    """Show the window and be busy until the end."""
    folder, shortest = Path(sys.argv[1]), float(sys.argv[2])
    application, window = build(["workbench", "mlp-classifier"])
    window.life.autosave.shortest = shortest
    training = window.document.project.training
    window.document.set_training(training.replace(epochs=1_000_000))
    window.show()
    busy = Busy(window, folder / "saved.nnw")
    busy.setObjectName("busy")
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
