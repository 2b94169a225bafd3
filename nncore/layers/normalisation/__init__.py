"""Layers that keep numbers in a range that is good to learn from."""

from __future__ import annotations

__all__: list[str] = []
