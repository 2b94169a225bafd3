"""A project file with a checkpoint, and ways to write it with something changed."""

from __future__ import annotations

import functools
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nncore.callbacks import EarlyStopping
from nncore.errors import InputError
from nncore.events import StepDone, Stop
from nncore.optimizers import Adam, Optimizer
from nncore.project import DataSettings, Project
from nncore.project_file import load_file, save_project
from nncore.session import Session
from nncore.snapshot import Checkpoint
from nncore.training.changes import Changed
from tests.nncore.examples import class_data, class_network, class_settings

NAME = "Drei Kreise – 三"


def trained(optimizer: Optimizer | None = None, **changes: object) -> tuple[Project, Checkpoint]:
    """Return a project and its checkpoint in the middle of the second epoch."""
    training = class_settings(optimizer=optimizer or Adam(0.01), **changes)
    session = Session(class_network(), training, class_data())
    for event in session.run():
        if isinstance(event, StepDone) and event.step == 10:
            session.request(Stop())
    return Project(NAME, session.network, DataSettings("blobs"), training), session.checkpoint()


@functools.cache
def content() -> bytes:
    """Return the bytes of a project file with a checkpoint."""
    return _bytes(*trained())


@functools.cache
def stopping_content() -> bytes:
    """Return the same of a training that stops early, goes back to its best epoch, and was changed on the way."""
    project, checkpoint = trained(early_stopping=EarlyStopping(patience=2, restore_best_weights=True))
    checkpoint.history.changes = (
        Changed(3, 0.5, "learning rate", 0.02, 0.01),
        Changed(7, 1.0, "batch size", "full", 8),
        Changed(9, 1.25, "clipnorm", None, 1.0),
    )
    return _bytes(project, checkpoint)


def _bytes(project: Project, checkpoint: Checkpoint) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.nnw"
        save_project(path, project, checkpoint)
        return path.read_bytes()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(named: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in named.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refusal(path: Path) -> InputError:
    """Return the error that loading the file raises; both of its sentences must be there."""
    with pytest.raises(InputError) as caught:
        load_file(path)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy.endswith((".", "?"))
    return caught.value


def write(path: Path, **changes: bytes | None) -> Path:
    """Write the archive with some parts exchanged, or taken out; ``_`` in a name stands for a dot."""
    named = parts(content())
    for key, data in changes.items():
        name = key.replace("_", ".")
        if data is None:
            del named[name]
        else:
            named[name] = data
    path.write_bytes(packed(named))
    return path


def described(path: Path, change: Callable[[Any], object]) -> Path:
    """Write the archive with a changed description."""
    description = json.loads(parts(content())["project.json"])
    change(description)
    return write(path, project_json=json.dumps(description).encode())
