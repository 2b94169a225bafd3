"""What several panels need for drawing: decimated series, plots in the window's look, legends, pictures as files.

Panels with a plot import ``plot_panel`` and what else uses pyqtgraph by themselves: the others open without it.
"""

from __future__ import annotations

from workbench.plotting.empty import EmptyState
from workbench.plotting.legend import Entry, Legend
from workbench.plotting.panel import Panel, Table, TitleLabel

__all__ = ["EmptyState", "Entry", "Legend", "Panel", "Table", "TitleLabel"]
