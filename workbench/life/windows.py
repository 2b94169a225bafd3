"""More windows: each is a program of its own.

Training computes in a thread, and Python's threads share one lock: two windows of one program would slow each other
down, and a fault in one would end both. Two programs share nothing but the files, which are written whole.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess

import workbench
from nncore.errors import InputError


def open_window() -> None:
    """Start the program once more; raise ``InputError`` when the system does not allow it."""
    # Started where the package lies, so that no file in the present folder is taken for a part of the program.
    folder = Path(workbench.__file__).parent.parent
    started, _ = QProcess.startDetached(sys.executable, ["-m", "workbench"], str(folder))
    if not started:
        raise InputError("Another window cannot be opened.", "Start the workbench once more in the usual way.")
