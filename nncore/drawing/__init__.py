"""A drawing of a network as plain shapes with coordinates: who paints them chooses colours, fonts and the surface.

Distances are pixels of the design; x grows from input to output, y downwards from the axis on which every layer is
centred. A *glyph* is what stands for one layer, a *joint* what is drawn between two of them.
"""

from __future__ import annotations

from nncore.drawing.arrangement import Drawing, Node, Words
from nncore.drawing.draft import Draft, arrange, draft
from nncore.drawing.joints import FLOW, STRAIGHT, WEIGHTS, WINDOW, Joint
from nncore.drawing.legend import Legend, legend, legend_of_parts
from nncore.drawing.lettering import Letters
from nncore.drawing.marks import Box, Cells, Disc, Glyph, Mark, Stroke
from nncore.drawing.strengths import NOT_A_NUMBER, STRONGEST, WeightReader, levels

__all__ = [
    "FLOW",
    "NOT_A_NUMBER",
    "STRAIGHT",
    "STRONGEST",
    "WEIGHTS",
    "WINDOW",
    "Box",
    "Cells",
    "Disc",
    "Draft",
    "Drawing",
    "Glyph",
    "Joint",
    "Legend",
    "Letters",
    "Mark",
    "Node",
    "Stroke",
    "WeightReader",
    "Words",
    "arrange",
    "draft",
    "legend",
    "legend_of_parts",
    "levels",
]
