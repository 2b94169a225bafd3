"""Models with the names and habits of Keras."""

from __future__ import annotations

from nncore.models.file import load_model
from nncore.models.sequential import History, Sequential

__all__ = ["History", "Sequential", "load_model"]
