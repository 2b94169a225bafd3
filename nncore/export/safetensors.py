"""The safetensors format: read by PyTorch, JAX, TensorFlow, Rust and others, without running any code."""

from __future__ import annotations

from pathlib import Path

from nncore.export.base import EXPORTERS, Exporter
from nncore.storage.files import atomic_write
from nncore.types import Array


def write(path: Path, tensors: dict[str, Array], network: str) -> None:
    """Write one tensor for each weight, and the network's description in the metadata."""
    from safetensors.numpy import save

    with atomic_write(path) as stream:
        stream.write(save(tensors, metadata={"network": network}))


def read(path: Path) -> dict[str, Array]:
    """Return the tensors by name."""
    from safetensors.numpy import load_file

    loaded: dict[str, Array] = load_file(path)
    return loaded


EXPORTERS.add(
    "safetensors",
    Exporter(
        "safetensors",
        "safetensors (.safetensors)",
        ".safetensors",
        "The weights for PyTorch, JAX and other tools.",
        write,
        read,
    ),
)
