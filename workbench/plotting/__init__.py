"""What several panels need for drawing: decimated series, plots in the window's look, legends, pictures as files."""

from __future__ import annotations

from workbench.plotting.empty import EmptyState
from workbench.plotting.legend import Entry, Legend
from workbench.plotting.panel import Panel, Table, TitleLabel
from workbench.plotting.plot_panel import PlotPanel

__all__ = ["EmptyState", "Entry", "Legend", "Panel", "PlotPanel", "Table", "TitleLabel"]
