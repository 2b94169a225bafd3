"""File formats in which what was learned leaves the program, one file each."""

from __future__ import annotations

from nncore.export import npz, safetensors
from nncore.export.base import EXPORTERS, Exporter, export

__all__ = ["EXPORTERS", "Exporter", "export", "npz", "safetensors"]
