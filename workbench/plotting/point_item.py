"""Points whose outlines are as thick as everything else in the window; see ``line_item``."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg  # type: ignore[import-untyped]  # it ships no type hints
from pyqtgraph.graphicsItems.ScatterPlotItem import SymbolAtlas  # type: ignore[import-untyped]
from PySide6.QtGui import QPen

from workbench.plotting.marks import size_of


class PointItem(pg.ScatterPlotItem):  # type: ignore[misc]  # its base has no type hints
    """Points as heavy as discs of so many pixels of the design, whose outlines have their width on every screen."""

    def __init__(self, size: int, symbol: str = "o") -> None:
        super().__init__(size=size_of(symbol, size), symbol=symbol, pxMode=True)
        # A plot sets the pixels of its screen before it paints.
        self.fragmentAtlas = _Symbols()


class _Symbols(SymbolAtlas):  # type: ignore[misc]  # its base has no type hints
    """Ready pictures of the points: drawn once, then copied to each place."""

    def _extend(self, styles: dict[Any, tuple[Any, float, QPen, Any]]) -> None:
        ratio = self.devicePixelRatio()
        super()._extend(
            {key: (symbol, size, _times(pen, ratio), brush) for key, (symbol, size, pen, brush) in styles.items()}
        )


def _times(pen: QPen, ratio: float) -> QPen:
    """Return a pen that many times as wide."""
    wider = QPen(pen)
    wider.setWidthF(max(1.0, pen.widthF()) * ratio)
    return wider
