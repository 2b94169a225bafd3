"""Start-up: application, theme, window."""

from __future__ import annotations

import functools
import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from nncore.errors import InputError
from nncore.project import DEFAULT_PRESET
from workbench.cli.failures import LogHandler
from workbench.life.ending import Ending
from workbench.life.opening import is_large
from workbench.life.project_life import preferences_path
from workbench.main_window import MainWindow
from workbench.preferences import PreferencesFile
from workbench.theme import install

SWITCH_INTERVAL = 0.0005
"""Seconds after which Python gives a waiting thread its turn. Painting gives the turn away many times, and each time
waits this long at most while tiny arrays are learned. Both threads pay for each change of turns: with a fiftieth of
this, learning is up to a tenth slower, and the window no faster."""


class _Opening(QObject):
    """Has the data loaded when the window has been painted for the first time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.controller.loader.hold()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._load)  # all that is in the window is painted in the same go
        return False

    @Slot()
    def _load(self) -> None:
        self._window.controller.loader.release()
        # What lives until the end need not be looked through in each collection.
        gc.collect()
        gc.freeze()


def build(
    argv: Sequence[str], *, data_at_once: bool = True, window_anyway: bool = False
) -> tuple[QApplication, MainWindow]:
    """Build application and window without showing it or entering the event loop.

    Args:
        argv: as ``sys.argv``; a second entry names the preset or file to open.
        data_at_once: load the project's data and build every panel now, not only when the window has been painted; and
            read the file now, however large it is.
        window_anyway: where the preset or file cannot be opened, open the window as without it, and say why there.

    Raises:
        InputError: there is no such preset or file, and not ``window_anyway``.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(list(argv[:1]) or ["workbench"])
        application.setApplicationName("workbench")
        application.setApplicationDisplayName("Neural Network Workbench")
        application.setDesktopFileName("workbench")
        application.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, False)
    preferences = PreferencesFile(preferences_path())
    theme = install(application, preferences.values.theme, dressed=False)
    theme.set_colours(preferences.values.colours)
    theme.set_text_size(preferences.values.text_size)
    sys.setswitchinterval(SWITCH_INTERVAL)
    window = MainWindow(DEFAULT_PRESET, preferences)
    if not data_at_once:
        _Opening(window)
    refused: InputError | None = None
    try:
        # Only now are data loaded: those of the project that was asked for, and no others.
        name = argv[1] if len(argv) > 1 else DEFAULT_PRESET
        if data_at_once or not is_large(Path(name)):
            window.open_project(name)
        else:
            window.files.open(name)  # the window is there while the file is read
    except InputError as error:
        if not window_anyway:
            window.close()  # its inspecting thread runs already
            window.deleteLater()
            raise
        refused = error
        window.open_project(DEFAULT_PRESET)
    finally:
        theme.dress()
    window.life.begin(named=len(argv) > 1 and refused is None)
    if refused is not None:
        # In a window that cannot be seen yet, the status bar would have it a second time.
        QTimer.singleShot(0, window, functools.partial(window.files.tell, refused))
    if data_at_once:
        window.watching.complete()
    return application, window


def run(argv: Sequence[str], *, window_anyway: bool = False) -> int:
    """Open the window and return the exit status when it is closed; the arguments are those of ``build``."""
    logging.captureWarnings(True)
    logging.getLogger().addHandler(LogHandler())
    application, window = build(argv, data_at_once=False, window_anyway=window_anyway)
    ending = Ending(window, application)
    ending.ended.connect(application.exit)
    ending.listen()
    window.life.put_window()
    window.show()
    # Only now, or the panels in windows of their own would be behind this one.
    window.put_layout(window.life.preferences.values.window_layout)
    return application.exec()
