"""Where the dialogs that choose a file begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


class LastFolder:
    """The folder that was used last for files of one kind; at first the one for documents."""

    def __init__(self) -> None:
        self._used: Path | None = None

    def note(self, path: str | Path) -> None:
        """A file was read or written here, or a folder chosen."""
        self._used = Path(path).parent

    @property
    def path(self) -> Path:
        """The folder, or the person's own where it is no longer there."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        places = (self._used, Path(documents) if documents else None)
        return next((place for place in places if place is not None and place.is_dir()), Path.home())


PROJECTS = LastFolder()
"""Of projects, and of what is written of them, such as pictures."""
DATA = LastFolder()
"""Of data: people keep them together."""
