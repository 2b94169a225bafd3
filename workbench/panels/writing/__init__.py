"""Texts that the network writes, and how surely it knows the next character."""

from __future__ import annotations

from workbench.panels.writing.panel import WritingPanel

__all__ = ["WritingPanel"]
