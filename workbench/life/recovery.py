"""Where the work of a window is kept until it is saved: one folder for each window, held by a lock while it is open.

A folder that nobody holds belongs to a window that ended without closing. Whoever finds it takes its lock, so that one
window alone offers what is in it.

Invariant: a kept project is replaced whole or not at all, and removed only when its window closed, or when a person has
decided.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nncore.errors import InputError
from nncore.project import Project
from nncore.project_file import Loaded, load_file, save_project
from nncore.snapshot import Checkpoint
from nncore.storage.archives import Heed
from nncore.storage.files import atomic_write, make_folder
from workbench.life.lock import HeldFile

_LOCK, _PROJECT, _ABOUT = "lock", "project.nnw", "about.json"
_PREFIX = "window-"


@dataclass(frozen=True)
class About:
    """What is known of a kept project without reading it.

    Attributes:
        name: what the window called it.
        path: the file it came from; empty if it never had one.
        time: when it was kept, in seconds since 1970.
    """

    name: str
    path: str
    time: float


class Kept:
    """One window's folder, held.

    Args:
        folder: of the window.

    Raises:
        BlockingIOError: another window holds it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = HeldFile(folder / _LOCK)

    @staticmethod
    def new(root: Path) -> Kept:
        """Return a folder for a window; raise ``InputError`` when none can be made."""
        make_folder(root)
        try:
            return Kept(Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root)))
        except OSError as error:
            raise InputError(f"Nothing can be kept in {root}: {error.strerror}.", "Save your work often.") from error

    def keep(self, project: Project, checkpoint: Checkpoint | None, path: Path | None) -> None:
        """Write what is not saved; raise ``InputError`` when that is impossible, and what was kept before stays."""
        about = {"name": project.name if path is None else path.stem, "path": "" if path is None else str(path)}
        with atomic_write(self.about_path) as stream:
            stream.write(json.dumps(about).encode("utf-8", "backslashreplace"))
        save_project(self._folder / _PROJECT, project, checkpoint)

    def about(self) -> About | None:
        """Return what is kept; None when nothing is."""
        try:
            kept = (self._folder / _PROJECT).stat().st_mtime
        except OSError:
            return None
        name, path = read_about(self.about_path)
        return About(name or "untitled", path, kept)

    @property
    def path(self) -> Path:
        """Where the project lies."""
        return self._folder / _PROJECT

    @property
    def about_path(self) -> Path:
        """Where it lies what the project is called and where it came from; see ``read_about``."""
        return self._folder / _ABOUT

    @property
    def is_gone(self) -> bool:
        """Whether somebody has removed the folder."""
        return not self._folder.is_dir()

    def load(self, heed: Heed | None = None) -> Loaded:
        """Return what is kept; raise ``InputError`` when it cannot be read."""
        return load_file(self.path, heed)

    def forget(self) -> None:
        """Remove what is kept, but stay ready to keep again."""
        for name in (_PROJECT, _ABOUT):
            with suppress(OSError):
                (self._folder / name).unlink()

    def release(self) -> None:
        """Let go of the folder; what is in it is offered again when the program starts next."""
        self._lock.release()

    def remove(self) -> None:
        """Remove the folder: nothing needs to be recovered from it."""
        self.forget()
        self._lock.release()
        shutil.rmtree(self._folder, ignore_errors=True)


def read_about(path: Path) -> tuple[str, str]:
    """Return name and file of a kept project; what cannot be read is empty."""
    with suppress(OSError, ValueError, AttributeError, RecursionError):
        data = json.loads(path.read_bytes()[:100_000])
        return str(data.get("name", "")), str(data.get("path", ""))
    return "", ""


def abandoned(root: Path) -> list[Kept]:
    """Take and return the folders of windows that ended without closing, the newest first; empty ones are removed."""
    found: list[tuple[float, Kept]] = []
    with suppress(OSError):
        for entry in os.scandir(root):
            if not entry.name.startswith(_PREFIX) or not entry.is_dir(follow_symlinks=False):
                continue
            if not (Path(entry.path) / _LOCK).exists() and time.time() - entry.stat().st_mtime < 60:
                continue  # a window is just making it
            try:
                kept = Kept(Path(entry.path))
            except OSError:
                continue  # its window is open
            about = kept.about()
            if about is None:
                kept.remove()
            else:
                found.append((about.time, kept))
    return [kept for _, kept in sorted(found, key=_age, reverse=True)]


def _age(found: tuple[float, Kept]) -> float:
    return found[0]
