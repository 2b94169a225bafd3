"""What every reader checks first: that there is a file, and that it does not ask for more memory than is sensible."""

from __future__ import annotations

import os
from pathlib import Path

from nncore.errors import DataError
from nncore.storage.files import reason

LARGEST = 2 * 2**30
"""Bytes that one array or one file may take."""

LARGEST_DEFLATE_RATIO = 1032
"""No deflate stream, in .gz or .zip, unpacks to more than this many times its own size."""


def existing_file(path: Path) -> Path:
    """Return ``path`` if it is a readable size of file; raise ``DataError`` if it is missing, a folder or empty."""
    try:
        if not path.exists():
            raise DataError(f'There is no file "{path}".', "Check the name and the folder.")
        if path.is_dir():
            raise DataError(f'"{path}" is a folder, but a file is needed.', "Choose a file inside it.")
        size = path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error
    if size == 0:
        raise DataError(f'The file "{path.name}" is empty.', "Choose a file with data in it.")
    within_limit(f'The file "{path.name}"', size)
    return path


def within_limit(what: str, size: int) -> None:
    """Raise ``DataError`` when ``what`` takes more than ``LARGEST`` bytes."""
    if size > LARGEST:
        raise DataError(
            f"{what} takes {size / 2**30:,.1f} GB, but at most {LARGEST / 2**30:g} GB can be loaded.",
            "Use fewer samples.",
        )


def unreadable(path: Path, error: Exception) -> DataError:
    """Return the error to raise when the system does not let us read ``path``."""
    words = reason(error) if isinstance(error, OSError) else "it cannot be read"
    what = "folder" if os.path.isdir(path) else "file"  # noqa: PTH112  # unlike Path's, it never raises
    return DataError(f'The {what} "{path.name}" cannot be opened: {words}.', f"Check the {what} and its permissions.")


def shown(value: object) -> str:
    """Return a value from a file as messages show it: in quotes, and not longer than a line."""
    text = str(value)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'
