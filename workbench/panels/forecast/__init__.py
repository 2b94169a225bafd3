"""A series over time, and its forecasts."""

from __future__ import annotations

from workbench.panels.forecast.panel import ForecastPanel

__all__ = ["ForecastPanel"]
