"""What a person did not want to have restored after all: the newest few are kept for a while, in case it was a slip.

Beside each file of a project, one of the same name that ends in .json tells which file of the person's it came from.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from nncore.errors import InputError
from nncore.storage.files import reason
from workbench.life.kept_trainings import KeptTraining, beside, kept_trainings, place_for, prune
from workbench.life.recovery import Kept, read_about


def discarded_folder() -> Path:
    """Return the folder of the files; it lies beside that of recovery, so that a file only gets another name."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "discarded"


def discarded() -> list[KeptTraining]:
    """Return what was discarded last, the newest first, with the times at which it was."""
    return kept_trainings(discarded_folder())


def put_away(kept: Kept) -> None:
    """Move what a window's folder holds among the discarded, and remove the folder.

    Raises:
        InputError: the system does not allow it; everything stays as it was.
    """
    about = kept.about()
    if about is not None:
        place = place_for(about.name, discarded_folder())
        try:
            kept.path.replace(place)
        except OSError as error:
            words = f'"{about.name}" cannot be discarded: {reason(error)}.'
            raise InputError(words, f"Allow writing in {place.parent}, or leave it as it is.") from error
        with suppress(OSError):
            kept.about_path.replace(beside(place))
        with suppress(OSError):
            os.utime(place)
        prune(discarded_folder())
    kept.remove()


def origin(path: Path) -> Path | None:
    """Return the file that what was put away at ``path`` came from; None where it had none, or that is not known."""
    _, came_from = read_about(beside(path))
    return Path(came_from) if came_from else None
