"""Layers that make pictures and sequences smaller."""

from __future__ import annotations

__all__: list[str] = []
