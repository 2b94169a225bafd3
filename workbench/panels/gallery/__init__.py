"""Samples, what the network says of them, and how sure it is."""

from __future__ import annotations

from workbench.panels.gallery.panel import GalleryPanel

__all__ = ["GalleryPanel"]
