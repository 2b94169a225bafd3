"""Keeping the result of a training: ``project.nnw`` and ``history.csv`` in one folder.

Invariant: a finished training is written somewhere, even if the folder it was meant for has become impossible.
"""

from __future__ import annotations

import csv
import io
import itertools
import tempfile
from contextlib import suppress
from pathlib import Path

from nncore.errors import InputError
from nncore.history import History
from nncore.project_file import save_project
from nncore.storage.files import atomic_write, make_folder, reason
from workbench.cli.learning import Job
from workbench.cli.text import complain


def save(folder: Path, job: Job) -> None:
    """Write ``project.nnw`` and ``history.csv``; raise ``InputError`` when the folder does not allow it."""
    save_project(folder / "project.nnw", job.project, job.session.checkpoint())
    with atomic_write(folder / "history.csv") as stream:
        stream.write(history_csv(job.session.history).encode())


def save_somewhere(folder: Path, job: Job) -> Path:
    """Save in ``folder`` or, if that has become impossible, in the home folder or the one for temporary files.

    Returns:
        The folder that was used, after a complaint if it is another one.

    Raises:
        InputError: none of the folders can be written to.
    """
    try:
        save(folder, job)
        return folder
    except InputError as error:
        complain(error.sentence)
        for other in spare_folders(folder.name or "trained"):
            with suppress(InputError):
                require_writable(other)
                save(other, job)
                return other
        raise


def spare_folders(name: str, *first: Path) -> list[Path]:
    """Return new folders called ``name``, or ``name-2`` and so on, where a result can go: in the folders ``first``, at
    home, and among the temporary files."""
    found = []
    for parent in (*first, Path("~"), Path(tempfile.gettempdir())):
        names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
        with suppress(OSError, RuntimeError):  # a folder that may not be looked into, or no home at all
            found.append(next(path for path in (parent.expanduser() / free for free in names) if not path.exists()))
    return found


def history_csv(history: History) -> str:
    """Return one row for each finished epoch, with an empty cell where nothing was measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(history.epochs)
    writer.writerow(["epoch", *names])
    columns = [history.epoch_values(name) for name in names]
    for index in range(history.epoch_count()):
        values = [float(column[index]) for column in columns]
        writer.writerow([index + 1, *("" if value != value else repr(value) for value in values)])
    return text.getvalue()


def require_writable(folder: Path) -> None:
    """Make the folder if it is missing; raise ``InputError`` now if a result could not be written there later."""
    make_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be written to: {reason(error)}.",
            "Choose another folder, or ask for the right to write there.",
        ) from error
