"""Layers that look at neighbours: convolutions."""

from __future__ import annotations

__all__: list[str] = []
