"""One function in a thread of its own, for work that would freeze the window: loading data, writing files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread

from nncore.errors import InputError

log = logging.getLogger(__name__)


class Background(QThread):
    """Runs ``function`` once; when ``finished`` is emitted, ``result`` or ``error`` is there.

    Attributes:
        result: what the function returned.
        error: what is wrong with the input, or a sentence about a defect; None when all went well.
    """

    def __init__(self, function: Callable[[], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._function = function
        self.result: Any = None
        self.error: InputError | None = None

    def run(self) -> None:
        try:
            self.result = self._function()
        except InputError as error:
            self.error = error
        except Exception as error:  # a defect must not die unseen with the thread: it is logged, and told in the window
            log.exception("background work failed")
            self.error = defect(error)

    def end(self) -> None:
        """Wait for the thread, and let go of it; ``result`` and ``error`` can still be read."""
        self.wait()
        self.deleteLater()


def begin(function: Callable[[], Any], name: str, then: Callable[[], None], parent: QObject) -> Background:
    """Start a function in a thread of this name, and have a slot of ``parent`` called when it has ended."""
    work = Background(function, parent)
    work.setObjectName(name)
    work.finished.connect(then)
    work.start()
    return work


def defect(error: Exception) -> InputError:
    """Return the sentence that a user gets for a defect of ours; the log has the rest."""
    return InputError(
        f"Something went wrong inside the program ({type(error).__name__}: {error}).",
        "Save your work under another name and start again; the log file has the details.",
    )
