"""Start-up: application, theme, window."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from nncore.errors import InputError
from nncore.project import DEFAULT_PRESET
from workbench.cli.failures import LogHandler
from workbench.main_window import MainWindow
from workbench.theme import install

SWITCH_INTERVAL = 0.00001
"""Seconds after which Python gives a waiting thread its turn. Painting gives the turn away hundreds of times, and each
time waits this long for it while tiny arrays are learned, which never give it away themselves."""


def build(argv: Sequence[str]) -> tuple[QApplication, MainWindow]:
    """Build application and window without showing it or entering the event loop.

    Args:
        argv: as ``sys.argv``; a second entry names the preset or file to open.

    Raises:
        InputError: there is no such preset or file.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(list(argv[:1]) or ["workbench"])
        application.setApplicationName("workbench")
        application.setApplicationDisplayName("Neural Network Workbench")
        application.setDesktopFileName("workbench")
        application.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, False)
    install(application)
    sys.setswitchinterval(SWITCH_INTERVAL)
    window = MainWindow(DEFAULT_PRESET)
    try:
        # Only now are data loaded: those of the project that was asked for, and no others.
        window.open_project(argv[1] if len(argv) > 1 else DEFAULT_PRESET)
    except InputError:
        window.close()  # its inspecting thread runs already
        window.deleteLater()
        raise
    return application, window


def run(argv: Sequence[str]) -> int:
    """Open the window and return the exit status when it is closed."""
    logging.captureWarnings(True)
    logging.getLogger().addHandler(LogHandler())
    application, window = build(argv)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window.show()
    # What lives until the end need not be looked through in each collection.
    gc.collect()
    gc.freeze()
    return application.exec()
