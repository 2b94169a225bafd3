"""The network as a drawing, in the colours of its weights while it learns."""

from __future__ import annotations

from workbench.panels.picture.panel import PicturePanel

__all__ = ["PicturePanel"]
