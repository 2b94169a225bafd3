"""The end that the system asks for: the computer shuts down, the session or the terminal is closed, ``kill``.

Invariant: nobody is asked anything then. What is saved closes as ever; edits that are not are kept for recovery, and
offered when the program starts next. A second signal ends the program at once.

Python runs a handler of a signal only between two of its own instructions, and the event loop is none of them; a byte
in a socket wakes it.
"""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from workbench.main_window import MainWindow

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP")


class Ending(QObject):
    """Ends one window in good order.

    Attributes:
        ended: the window is closed after a signal; carries the exit status, which is 128 and its number.
    """

    ended = Signal(int)

    def __init__(self, window: MainWindow, application: QApplication) -> None:
        super().__init__(window)
        self._window = window
        self._sockets: tuple[socket.socket, socket.socket] | None = None
        # The session may yet go on, so that nothing is closed; where it does not, the window is told to close, too.
        application.commitDataRequest.connect(self.keep)

    @Slot()
    def keep(self) -> None:
        """Keep everything now: the session may be over in a moment."""
        self._window.life.autosave.keep_now()

    def listen(self) -> None:
        """Take the signals from now on; on Windows, where a program gets none, nothing happens."""
        if sys.platform == "win32":
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            return
        self._sockets = socket.socketpair()
        for end in self._sockets:
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._sockets[0].fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        signal.set_wakeup_fd(self._sockets[1].fileno(), warn_on_full_buffer=False)
        for name in _NAMES:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # as ``nohup`` wants it
                signal.signal(number, _note)

    def ignore(self) -> None:
        """Leave the signals to the system again."""
        if self._sockets is None:
            return
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for name in _NAMES:
            number = getattr(signal, name)
            if signal.getsignal(number) is _note:
                signal.signal(number, signal.SIG_DFL)
        for end in self._sockets:
            end.close()
        self._sockets = None

    @Slot()
    def _take(self) -> None:
        if self._sockets is None:
            return
        number = self._sockets[0].recv(1)[0]
        self.ignore()
        self._window.files.closing.urgent = True
        self._window.close()
        self.ended.emit(128 + number)


def _note(number: int, frame: FrameType | None) -> None:
    """Do nothing: the byte in the socket tells of the signal."""
