"""Models, under Keras's name."""

from __future__ import annotations

from nncore.sequential import Sequential

__all__ = ["Sequential"]
