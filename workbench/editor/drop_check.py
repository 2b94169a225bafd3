"""What would be wrong if dragged layers were dropped: plain values, without Qt's events.

Invariant: nothing is changed; the network with the layers in it is only traced.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from nncore.editing.edits import Several, insert_all, move_all
from nncore.editing.grey import with_fitting_input
from nncore.layers import Flatten
from nncore.losses import Problem
from nncore.network import Network
from nncore.trace import Trace, trace
from workbench.document import Document
from workbench.editor.mime import DraggedLayers


def drop_problem(document: Document, dragged: DraggedLayers, gap: int, moves: bool) -> Problem | None:
    """Return what would not fit with the layers at the position ``gap``, None where nothing new would be wrong.

    A problem of a dragged layer always counts. One of another layer, or of the loss, counts only where the network has
    more problems than before: while a network is built, its end is wrong most of the time.

    The remedy is where else the layers fit, and empty where that is not found: what mends a layer that is there already
    says nothing to somebody who still holds it.

    Args:
        document: whose network it is about.
        dragged: the layers.
        gap: the position before which they would land.
        moves: they are taken away from their positions in the same network.
    """
    found = _problem(document, dragged, gap, moves)
    return None if found is None else Problem(found.sentence, _elsewhere(document, dragged, gap, moves))


def _problem(document: Document, dragged: DraggedLayers, gap: int, moves: bool) -> Problem | None:
    edit = _edit(dragged, gap, moves)
    if not edit.edits:
        return None
    first = gap - sum(position < gap for position in dragged.positions) if moves else gap
    after = _traced(document, edit.apply(document.network))
    for row in after.rows[first : first + len(dragged.layers)]:
        if row.problem is not None:
            return row.problem
    before = document.trace.problems
    if len(after.problems) <= len(before):
        return None
    return next((problem for problem in after.problems if problem not in before), None)


def _edit(dragged: DraggedLayers, gap: int, moves: bool) -> Several:
    return move_all(dragged.positions, gap) if moves else insert_all(gap, dragged.layers)


def _elsewhere(document: Document, dragged: DraggedLayers, gap: int, moves: bool) -> str:
    """Return in words where the layers fit: above the nearest Flatten above, or at the top."""
    one, translate = len(dragged.layers) == 1, QCoreApplication.translate
    flatten, top = _above_flatten(document.network, gap, dragged.positions if moves else ()), 0
    if flatten is not None and _fits(document, dragged, flatten, moves):
        words = translate("LayerList", "Drop it above Flatten.")
        return words if one else translate("LayerList", "Drop them above Flatten.")
    if top < gap and _fits(document, dragged, top, moves):
        words = translate("LayerList", "Drop it at the top.")
        return words if one else translate("LayerList", "Drop them at the top.")
    return ""


def _above_flatten(network: Network, gap: int, taken: Sequence[int]) -> int | None:
    places = (place for place in reversed(range(gap)) if place not in taken)
    return next((place for place in places if isinstance(network.layers[place], Flatten)), None)


def _fits(document: Document, dragged: DraggedLayers, gap: int, moves: bool) -> bool:
    return bool(_edit(dragged, gap, moves).edits) and _problem(document, dragged, gap, moves) is None


def _traced(document: Document, network: Network) -> Trace:
    network = with_fitting_input(network, document.data_shape)
    return trace(network, document.project.training.loss, document.target, document.data_shape)
