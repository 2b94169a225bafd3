"""NumPy's archive: ``numpy.load(file)["layers.1.kernel"]``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nncore.export.base import EXPORTERS, Exporter
from nncore.storage.files import atomic_write
from nncore.types import Array


def write(path: Path, tensors: dict[str, Array], network: str) -> None:
    """Write one array for each weight."""
    with atomic_write(path) as stream:
        np.savez(stream, allow_pickle=False, **tensors)


def read(path: Path) -> dict[str, Array]:
    """Return the arrays by name."""
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


EXPORTERS.add(
    "npz", Exporter("npz", "NumPy archive (.npz)", ".npz", "The weights as arrays, for Python with NumPy.", write, read)
)
