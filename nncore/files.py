"""Writing files so that nothing is ever half written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from nncore.errors import InputError


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """Open ``path`` for writing; it appears, or changes, only when the block ends well.

    The bytes go to a temporary file in the same folder, are flushed to the disk, and the file is renamed.

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
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}.",
            "Choose another folder, or ask for the right to write there.",
        ) from error
    finally:
        if temporary:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raise ``InputError`` when that is not allowed."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {path} cannot be made: {(error.strerror or str(error)).lower()}.",
            "Choose another folder, or ask for the right to write there.",
        ) from error


def _umask() -> int:
    """Return the permissions that new files do not get; reading them means setting them for a moment."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
