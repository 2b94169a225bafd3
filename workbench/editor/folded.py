"""Which families of the palette are folded, kept from one start of the program to the next.

Invariant: a file that cannot be read or written costs the memory, never the palette.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from nncore.errors import InputError
from nncore.storage.files import atomic_write, make_folder

_LOG = logging.getLogger(__name__)


def folded_file() -> Path:
    """Return where the folded families are kept."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "folded-families.json"


def load_folded() -> set[str]:
    """Return the folded families; none where nothing was kept."""
    try:
        kept = json.loads(folded_file().read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return {name for name in kept if isinstance(name, str)} if isinstance(kept, list) else set()


def save_folded(families: set[str]) -> None:
    """Keep the folded families."""
    try:
        make_folder(folded_file().parent)
        with atomic_write(folded_file()) as stream:
            stream.write(json.dumps(sorted(families)).encode())
    except InputError as error:
        _LOG.info("The folded families are not kept: %s", error)
