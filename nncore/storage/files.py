"""Writing files so that nothing is ever half written."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from nncore.errors import InputError

_ABANDONED = 3600  # seconds after which a temporary file belongs to a program that was ended in the middle


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Open ``path`` for writing; it appears, or changes, only when the block ends well.

    The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is renamed. When the
    program is ended by force in between, the temporary file stays; a later call for the same file removes it.

    Raises:
        InputError: the folder is missing or may not be written to, or the disk is full.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
        _flush_folder(path.parent)
        _sweep(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {reason(error)}.", _remedy(error)) from error
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()


def _flush_folder(folder: Path) -> None:
    """Have the new name reach the disk, too, so that it is there after a power cut."""
    with suppress(OSError):  # not every system opens folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sweep(path: Path) -> None:
    """Remove what is left of attempts to write this file that were cut short."""
    before, end = f".{path.name}.", time.time() - _ABANDONED
    with suppress(OSError):
        for entry in os.scandir(path.parent):
            if entry.name.startswith(before) and entry.name.endswith(".tmp") and entry.stat().st_mtime < end:
                Path(entry.path).unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raise ``InputError`` when that is not allowed."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {path} cannot be made: {reason(error)}.", _remedy(error)) from error


def reason(error: OSError) -> str:
    """Return what the system says of an error, as the end of a sentence."""
    return (error.strerror or str(error)).lower()


def _remedy(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "Make the folder first, or choose another one."
    if isinstance(error, IsADirectoryError):
        return "Give the name of a file in that folder."
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "A file is in the way; choose another name."
    if error.errno == errno.ENOSPC:
        return "Make room on the disk, or choose another one."
    return "Choose another folder, or ask for the right to write there."


def _umask() -> int:
    """Return the permissions that new files do not get; reading them means setting them for a moment."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
