"""What an exporter is: a name, a file ending, and two functions that must agree.

``export`` writes a file, loads it back, compares it with the snapshot, and only then says that it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncore.errors import InputError
from nncore.plan import tensors
from nncore.registry import Registry
from nncore.snapshot import Snapshot
from nncore.types import Array


@dataclass(frozen=True)
class Exporter:
    """One file format.

    Attributes:
        name: what the command line calls it.
        label: what the dialog calls it.
        suffix: ending of the file's name.
        help: who reads the format, in one sentence.
        write: ``write(path, tensors, network description as JSON text)``.
        read: returns the tensors of a written file.
    """

    name: str
    label: str
    suffix: str
    help: str
    write: Callable[[Path, dict[str, Array], str], None]
    read: Callable[[Path], dict[str, Array]]


EXPORTERS: Registry[Exporter] = Registry("export format")


def export(snapshot: Snapshot, name: str, path: Path) -> None:
    """Write the snapshot in the format called ``name``.

    The file holds the network without its disabled layers; the others are numbered as they then stand.

    Raises:
        InputError: unknown format, or the file cannot be written.
        RuntimeError: what was loaded back differs; a defect of ours, or of the disk.
    """
    import json

    exporter = EXPORTERS.get(name)
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "Give the name of a file in it.")
    network = snapshot.network.without_disabled()
    named = {key: np.ascontiguousarray(array) for key, array in tensors(network, snapshot.parameters).items()}
    exporter.write(path, named, json.dumps(network.to_json()))
    back = exporter.read(path)
    if list(back) != list(named) and sorted(back) != sorted(named):
        raise RuntimeError(f"{path} holds other tensors than were written")
    for key, array in named.items():
        if back[key].dtype != array.dtype or not np.array_equal(back[key], array, equal_nan=True):
            raise RuntimeError(f"{path} holds other numbers in {key} than were written")
