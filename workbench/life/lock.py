"""A file that one program holds: the system lets go of it when the program ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path


class HeldFile:
    """A lock on a file, held until ``release`` or the end of the program.

    A lock of the operating system, and not a number of a process in a file: it cannot outlive its program, and no other
    program that happens to get the same number is mistaken for it.

    Args:
        path: of the file, which is made where it is missing.

    Raises:
        BlockingIOError: another program, or another part of this one, holds it.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError as error:
            self.release()
            raise BlockingIOError(*error.args) from error

    def release(self) -> None:
        """Let go of the file."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
