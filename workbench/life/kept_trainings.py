"""The files in which trainings are kept that nobody saved: the newest few, by name and time.

What was discarded lies in files of the same kind, in a folder of its own.

Invariant: in neither folder are there more than ``MOST``, and all but the newest take at most ``MOST_BYTES`` together.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from nncore.storage.files import make_folder

MOST = 5
MOST_BYTES = 2**30
_LONGEST = 60  # letters of a name


@dataclass(frozen=True)
class KeptTraining:
    """One training, or what else was not saved.

    Attributes:
        name: of the project.
        time: when it was kept, in seconds since 1970.
        path: of the file; size: its bytes.
    """

    name: str
    time: float
    path: Path
    size: int = 0


def trainings_folder() -> Path:
    """Return the folder of the files."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "trainings"


def kept_trainings(folder: Path | None = None) -> list[KeptTraining]:
    """Return what is kept in a folder, that of the trainings if None, the newest first; what is unreadable is not."""
    found: list[tuple[int, KeptTraining]] = []
    with suppress(OSError):
        for path in (folder or trainings_folder()).glob("*.nnw"):
            with suppress(OSError):
                known = path.stat()
                name = path.stem.split(" ", 1)[-1]
                found.append((known.st_mtime_ns, KeptTraining(name, known.st_mtime, path, known.st_size)))
    return [kept for _, kept in sorted(found, key=_age, reverse=True)]


def _age(found: tuple[int, KeptTraining]) -> tuple[int, str]:
    return found[0], found[1].path.name


def place_for(name: str, folder: Path | None = None) -> Path:
    """Return where the training of a project of this name is to be written; the folder is made."""
    folder = folder or trainings_folder()
    make_folder(folder)
    plain = re.sub(r"[^\w .+-]+", "_", name).strip(" .")[:_LONGEST] or "untitled"
    return folder / f"{time.time_ns()} {plain}.nnw"


def beside(path: Path) -> Path:
    """Return where it may be told what else is known of a file; it goes with the file."""
    return path.with_suffix(".json")


def prune(folder: Path | None = None) -> None:
    """Remove the oldest, until few enough are left, and small enough."""
    total = 0
    for number, kept in enumerate(kept_trainings(folder)):
        total += kept.size
        if number >= MOST or (number and total > MOST_BYTES):
            with suppress(OSError):
                kept.path.unlink()
                beside(kept.path).unlink(missing_ok=True)


def last_training() -> Path:
    """Return the newest file; where there is none, a place at which nothing lies."""
    kept = kept_trainings()
    return kept[0].path if kept else trainings_folder() / "none.nnw"
