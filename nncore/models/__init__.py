"""Models with the names and habits of Keras."""

from __future__ import annotations

from nncore.models.sequential import History, Sequential, load_model

__all__ = ["History", "Sequential", "load_model"]
