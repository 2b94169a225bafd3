"""All of a drawing in its own coordinates, with a legend below, as files have it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nncore.drawing import Drawing, Legend, Node, Words, legend
from workbench.panels.picture.brushes import paint_glyph, paint_joint, paint_labels, paint_legend
from workbench.theme import current

Levels = Mapping[tuple[int, str], bytes]
_BELOW = 18.0  # pixels from the drawing to its legend
_NARROWEST = 280.0  # pixels of a line of the legend, at least


class Whole:
    """A drawing at one moment.

    Args:
        drawing: None for an empty network.
        levels: strengths of links and cells; empty where nothing is learned.
        words: of the legend.

    Attributes:
        area: what is painted on.
    """

    def __init__(self, drawing: Drawing | None, levels: Levels, words: Words) -> None:
        self._drawing, self._levels = drawing, levels
        self._legend = Legend((), 0.0, 0.0)
        self.area = QRectF(0, 0, 320, 60)
        if drawing is not None:
            self._legend = legend(drawing, bool(levels), words, max(drawing.width, _NARROWEST))
            high = drawing.height + (_BELOW + self._legend.height if self._legend.entries else 0.0)
            self.area = QRectF(0, drawing.top, max(drawing.width, self._legend.width), high)

    def paint(self, painter: QPainter) -> None:
        """Paint nodes, joints and legend."""
        drawing = self._drawing
        if drawing is None:
            return
        for node in drawing.nodes:
            painter.save()
            painter.translate(node.x, 0)
            self._paint_node(painter, drawing, node)
            painter.restore()
        painter.save()
        painter.translate(0, drawing.bottom + _BELOW)
        paint_legend(painter, self._legend, current().tokens)
        painter.restore()

    def _paint_node(self, painter: QPainter, drawing: Drawing, node: Node) -> None:
        tokens, cells = current().tokens, node.glyph.cells
        levels = self._levels.get((node.row - 1, cells.weight)) if cells is not None else None
        paint_glyph(painter, node, tokens, levels)
        paint_labels(painter, node, drawing, tokens)
        if node.row:
            joint = drawing.joints[node.row - 1]
            weight = joint.weight or (joint.cells.weight if joint.cells is not None else "")
            paint_joint(painter, joint, tokens, self._levels.get((node.row - 1, weight)))
