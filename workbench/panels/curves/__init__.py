"""Loss and metric over the epochs."""

from __future__ import annotations

from workbench.panels.curves.panel import CurvePanel

__all__ = ["CurvePanel"]
